/**
 * Variables in manifests, `postBuild.substitute`: the bash subset of drone/envsubst that Flux uses. `$name` without
 * braces stays as it is, `$${name}` becomes `${name}`, an unknown variable is empty.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
import { stringify } from 'yaml';
import { isRecord } from '../../api/json.ts';
import { valueIn } from '../yaml.ts';
import { BuildFault, decoded } from './kustomize-file.ts';
import type { Manifest } from './kustomize-transform.ts';

export type Variables = ReadonlyMap<string, string>;

const variableName = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const expression = /^(?<name>[_a-zA-Z][_a-zA-Z0-9]*)(?<rest>[^]*)$/;
const SUBSTITUTE = 'kustomize.toolkit.fluxcd.io/substitute';
/** Defaults inside defaults deeper than this are refused. */
const deepest = 20;

/**
 * Replaces the variables in the YAML of a manifest and reads it again, so a value can become a number or a list, as
 * with Flux. A manifest that is labelled or annotated `kustomize.toolkit.fluxcd.io/substitute: disabled` stays.
 * @throws BuildFault
 */
export function substituteManifest(manifest: Manifest, variables: Variables): Manifest {
  if (variables.size === 0 || isDisabled(manifest)) return manifest;
  for (const name of variables.keys()) {
    if (!variableName.test(name))
      throw new BuildFault(`'${name}' var name is invalid, must match '${variableName.source}'`);
  }
  const source = substitute(stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false }), variables);
  const value = decoded('variable substitution failed', () => valueIn(source));
  if (isRecord(value)) return value;
  throw new BuildFault('variable substitution failed: the result is no Kubernetes object');
}

function isDisabled({ metadata }: Manifest): boolean {
  const { labels, annotations } = isRecord(metadata) ? metadata : {};
  return [labels, annotations].some((map) => isRecord(map) && map[SUBSTITUTE] === 'disabled');
}

/** @throws BuildFault for an expression that is not of the subset. */
export function substitute(text: string, variables: Variables, depth = 0): string {
  if (depth > deepest) throw new BuildFault('variable substitution failed: defaults are nested too deeply');
  let result = '';
  let position = 0;
  while (position < text.length) {
    const dollar = text.indexOf('$', position);
    if (dollar === -1) return result + text.slice(position);
    result += text.slice(position, dollar);
    if (text[dollar + 1] === '$') {
      result += '$';
      position = dollar + 2;
    } else if (text[dollar + 1] === '{') {
      const end = closingBrace(text, dollar + 2);
      result += evaluate(text.slice(dollar + 2, end), variables, depth);
      position = end + 1;
    } else {
      result += '$';
      position = dollar + 1;
    }
  }
  return result;
}

function closingBrace(text: string, start: number): number {
  let open = 1;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '{' && text[index - 1] === '$') open += 1;
    if (text[index] === '}') open -= 1;
    if (open === 0) return index;
  }
  throw new BuildFault('variable substitution failed: missing closing brace');
}

function evaluate(body: string, variables: Variables, depth: number): string {
  const isLength = body.startsWith('#');
  const { name = '', rest = '' } = expression.exec(isLength ? body.slice(1) : body)?.groups ?? {};
  const value = variables.get(name) ?? '';
  if (name === '' || (isLength && rest !== '')) throw badSubstitution(body);
  if (isLength) return String(value.length);
  if (rest === '') return value;
  const argument = (operator: string) => substitute(rest.slice(operator.length), variables, depth + 1);
  const operator = /^(?::-|:=|-|=|\^\^?|,,?|##?|%%?|:|\/\/|\/#|\/%|\/)/.exec(rest)?.[0];
  switch (operator) {
    case ':-':
    case ':=':
    case '-':
    case '=':
      return value === '' ? argument(operator) : value;
    case '^':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case '^^':
      return value.toUpperCase();
    case ',':
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case ',,':
      return value.toLowerCase();
    case '#':
    case '##':
      return withoutStart(value, argument(operator), operator === '##');
    case '%':
    case '%%':
      return withoutEnd(value, argument(operator), operator === '%%');
    case ':':
      return substring(value, argument(operator), body);
    case '/':
    case '//':
    case '/#':
    case '/%':
      return replaced(value, operator, argument(operator));
    default:
      throw badSubstitution(body);
  }
}

/** Patterns are short; a long one with a long value would take as long as both together. */
const longestPattern = 1_000;

/**
 * How long the beginnings of a value are that a shell pattern of literals, `*` and `?` matches, the shortest first. All
 * ways through the pattern are gone at once: a regular expression would try them one after the other.
 */
function matchingLengths(value: string, pattern: string): readonly number[] {
  if (pattern.length > longestPattern) {
    throw new BuildFault(`variable substitution failed: a pattern is longer than ${longestPattern} characters`);
  }
  const lengths: number[] = [];
  let reached = new Set([0]);
  for (let length = 0; reached.size > 0; length++) {
    // A star may also stand for nothing. What is added on the way is visited as well.
    for (const at of reached) if (pattern[at] === '*') reached.add(at + 1);
    if (reached.has(pattern.length)) lengths.push(length);
    if (length === value.length) break;
    const next = new Set<number>();
    for (const at of reached) {
      if (pattern[at] === '*') next.add(at);
      else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === value[length])) next.add(at + 1);
    }
    reached = next;
  }
  return lengths;
}

/** Without the shortest or longest beginning that matches. */
function withoutStart(value: string, pattern: string, longest: boolean): string {
  const lengths = matchingLengths(value, pattern);
  return value.slice((longest ? lengths.at(-1) : lengths[0]) ?? 0);
}

/** The same at its end. */
function withoutEnd(value: string, pattern: string, longest: boolean): string {
  return reversed(withoutStart(reversed(value), reversed(pattern), longest));
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

function substring(value: string, range: string, body: string): string {
  const match = /^\s*(-?\d+)(?:\s*:\s*(\d+))?\s*$/.exec(range);
  if (match === null) throw badSubstitution(body);
  const from = Number(match[1]);
  const start = from < 0 ? Math.max(value.length + from, 0) : from;
  return match[2] === undefined ? value.slice(start) : value.slice(start, start + Number(match[2]));
}

function replaced(value: string, operator: '/' | '//' | '/#' | '/%', range: string): string {
  const slash = range.indexOf('/');
  const search = slash === -1 ? range : range.slice(0, slash);
  const by = slash === -1 ? '' : range.slice(slash + 1);
  if (search === '') return value;
  if (operator === '//') return value.replaceAll(search, () => by);
  if (operator === '/') return value.replace(search, () => by);
  if (operator === '/#') return value.startsWith(search) ? by + value.slice(search.length) : value;
  return value.endsWith(search) ? value.slice(0, -search.length) + by : value;
}

function badSubstitution(body: string): BuildFault {
  return new BuildFault(`variable substitution failed: bad substitution: \${${body.slice(0, 100)}}`);
}
