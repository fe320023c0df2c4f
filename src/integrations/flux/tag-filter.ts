/**
 * `filterTags` of an ImagePolicy: a Go regular expression (RE2), and Go's template of what to take from a match.
 * https://pkg.go.dev/regexp/syntax, https://pkg.go.dev/regexp#Regexp.Expand
 */
import { createContext, Script } from 'node:vm';

/** RE2 matches in linear time, JavaScript may not: longer patterns and slower matches are refused. */
const longestPattern = 1_000;
const longestTag = 128;
const matchMilliseconds = 500;
const largestMemory = 200_000;

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** What a tag is ordered by: the extracted text, or the tag itself. A tag that does not match is left out. */
export type TagFilter = (tags: readonly string[]) => ReadonlyMap<string, string>;

/** @returns a text that says what is wrong when the pattern is none. */
export function compileTagFilter(pattern: string, extract: string): TagFilter | string {
  if (pattern.length > longestPattern) return `filterTags.pattern is longer than ${longestPattern} characters`;
  const translated = translatePattern(pattern);
  if (translated === undefined) return `filterTags.pattern "${pattern}" uses what Go's regular expressions do not have`;
  const { source, flags } = translated;
  try {
    new RegExp(source, flags);
  } catch (error) {
    return `filterTags.pattern "${pattern}" is not a regular expression: ${error instanceof Error ? error.message : ''}`;
  }
  const template = extract === '' ? undefined : parseTemplate(extract);
  // A policy sees the same tags again and again: each is matched once.
  const known = new Map<string, string | undefined>();
  return (tags) => {
    if (known.size > largestMemory) known.clear();
    const fresh = tags.filter((tag) => tag.length <= longestTag && !known.has(tag));
    if (fresh.length > 0) {
      const matches = runWithin(source, flags, fresh);
      for (const tag of fresh) known.set(tag, undefined);
      for (const [tag, groups, named] of matches) {
        known.set(tag, template === undefined ? tag : expand(template, groups, named));
      }
    }
    const found = new Map<string, string>();
    for (const tag of tags) {
      const text = known.get(tag);
      if (text !== undefined) found.set(tag, text);
    }
    return found;
  };
}

type Match = readonly [tag: string, groups: readonly string[], named: Readonly<Record<string, string>>];

/**
 * A pattern can take exponential time in JavaScript, so it runs where it can be interrupted.
 * @throws Error when the time is over.
 */
function runWithin(source: string, flags: string, tags: readonly string[]): readonly Match[] {
  const found: Match[] = [];
  const sandbox = createContext({
    tags,
    report: (tag: string, groups: readonly string[], named: Readonly<Record<string, string>>) => {
      found.push([tag, groups, named]);
    },
  });
  const program = `
    const expression = new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)});
    for (const tag of tags) {
      const match = expression.exec(tag);
      if (match !== null) report(tag, Array.from(match, (group) => group ?? ''), { ...match.groups });
    }`;
  new Script(program).runInContext(sandbox, { timeout: matchMilliseconds });
  return found;
}

/** Go's syntax in JavaScript's; undefined for what RE2 refuses but JavaScript has (look-around, back-references). */
function translatePattern(pattern: string): { source: string; flags: string } | undefined {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const body = leading === null ? pattern : pattern.slice(leading[0].length);
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</.test(body)) return undefined;
  const source = body
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole);
  return { source, flags: [...new Set(leading?.[1] ?? '')].join('') };
}

type TemplatePart = { readonly text: string } | { readonly group: string };

/** `$name` and `${name}`, the longest run of letters, digits and underscores; `$$` is a dollar sign. */
function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  for (const match of template.matchAll(/\$(?:\$|\{(\w+)\}|(\w+))/g)) {
    parts.push({ text: template.slice(position, match.index) });
    const group = match[1] ?? match[2];
    parts.push(group === undefined ? { text: '$' } : { group });
    position = match.index + match[0].length;
  }
  parts.push({ text: template.slice(position) });
  return parts;
}

function expand(
  template: readonly TemplatePart[],
  groups: readonly string[],
  named: Readonly<Record<string, string>>,
): string {
  return template
    .map((part) => {
      if ('text' in part) return part.text;
      return /^\d+$/.test(part.group) ? (groups[Number(part.group)] ?? '') : (named[part.group] ?? '');
    })
    .join('');
}
