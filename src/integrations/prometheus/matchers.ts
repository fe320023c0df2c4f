/**
 * `prometheus` reads the HTTP APIs of Prometheus and Alertmanager. This file: label matchers, as Alertmanager writes them.
 * https://prometheus.io/docs/alerting/latest/configuration/#matcher
 */
import { RE2JS } from 're2js';

export type Labels = Readonly<Record<string, string>>;

export interface LabelMatcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** An absent label has the empty text. A regular expression (RE2) is about the whole text. */
  readonly matches: (text: string) => boolean;
}

const operators = ['=~', '!~', '!=', '='] as const;
type MatchOperator = (typeof operators)[number];

const longestPattern = 1_000;
const example = 'write for example app=my-app,severity=~"critical|page"';
const labelExpression = /^[A-Za-z_:][\w:]*/;

/** Separated by commas; none in an empty text. A text: which one is wrong, why, and an example of a right one. */
export function parseMatchers(text: string): readonly LabelMatcher[] | string {
  const parts = separate(withoutBraces(text.trim()));
  if (typeof parts === 'string') return `${parts}: ${example}`;
  const matchers: LabelMatcher[] = [];
  for (const part of parts) {
    const matcher = parseMatcher(part);
    if (typeof matcher === 'string') return `"${part.slice(0, 200)}" is no matcher, ${matcher}: ${example}`;
    matchers.push(matcher);
  }
  return matchers;
}

/** Whether all of them match. */
export function matchesAll(matchers: readonly LabelMatcher[], labels: Labels): boolean {
  return matchers.every(({ label, matches }) => matches(Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''));
}

/** The same for matchers that mean the same, whatever their order and quotes. */
export function canonicalMatchers(matchers: readonly LabelMatcher[]): string {
  const texts = matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
  return [...new Set(texts)].toSorted().join(',');
}

/** Around all of them, as in PromQL. */
function withoutBraces(text: string): string {
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1).trim() : text;
}

/** At the commas that are not in quotes. A comma at the end is allowed, as in PromQL. */
function separate(text: string): readonly string[] | string {
  const parts: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let position = 0; position < text.length; position++) {
    const character = text[position];
    if (isQuoted && character === '\\') position++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      parts.push(text.slice(begin, position).trim());
      begin = position + 1;
    }
  }
  if (isQuoted) return `"${text.slice(begin).trim().slice(0, 200)}" is no matcher, its quote does not end`;
  const last = text.slice(begin).trim();
  return last === '' ? parts : [...parts, last];
}

function parseMatcher(part: string): LabelMatcher | string {
  const [label] = labelExpression.exec(part) ?? [];
  if (label === undefined) return part === '' ? 'there is nothing between two commas' : 'it has no name of a label';
  const rest = part.slice(label.length).trimStart();
  const operator = operators.find((one) => rest.startsWith(one));
  if (operator === undefined) return `the label ${label} is not followed by =, !=, =~ or !~`;
  const value = parseValue(rest.slice(operator.length).trim());
  if (typeof value === 'string') return value;
  const matches = compile(operator, value.text);
  return typeof matches === 'string' ? matches : { label, operator, value: value.text, matches };
}

/** In quotes, `\"`, `\\` and `\n` are what they say, and any other backslash is itself: it belongs to an expression. */
function parseValue(text: string): { readonly text: string } | string {
  if (!text.startsWith('"')) {
    if (/["'`]/.test(text)) return 'a value with quotes in it must be in double quotes';
    return /^[=~!]/.test(text) ? `a value that begins with ${text.charAt(0)} must be in double quotes` : { text };
  }
  const [quoted, inner] = /^"((?:[^"\\]|\\.)*)"/su.exec(text) ?? [];
  if (quoted === undefined || inner === undefined) return 'its quote does not end';
  if (quoted.length !== text.length) return 'there is something after its quote, where a comma is missing';
  return { text: inner.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)) };
}

function compile(operator: MatchOperator, value: string): LabelMatcher['matches'] | string {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  if (value.length > longestPattern) return `its regular expression is longer than ${longestPattern} characters`;
  const expression = parseExpression(value);
  if (typeof expression === 'string') return `its regular expression cannot be read (${expression})`;
  const isWanted = operator === '=~';
  // The same few texts come with many alerts: each is matched once.
  const known = new Map<string, boolean>();
  return (text) => {
    const result = known.get(text) ?? expression.matches(text);
    if (known.size < mostRemembered) known.set(text, result);
    return result === isWanted;
  };
}

const mostRemembered = 10_000;

function parseExpression(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
