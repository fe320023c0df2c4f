/**
 * `filterTags` of an ImagePolicy: a Go regular expression (RE2), and Go's template of what to take from a match.
 * https://pkg.go.dev/regexp/syntax, https://pkg.go.dev/regexp#Regexp.Expand
 */
import { RE2JS } from 're2js';
import { createRecentMap } from '../../oci/recent-map.ts';

/** RE2 matches in linear time, of a length that is bounded here. */
const longestPattern = 1_000;
const longestTag = 128;
const largestMemory = 50_000;

/** What a tag is ordered by: the extracted text, or the tag itself. A tag that does not match is left out. */
export type TagFilter = (tags: readonly string[]) => ReadonlyMap<string, string>;

/** Compiling takes longer than many matches, and the same few patterns come again with every look at a policy. */
const compiled = createRecentMap<TagFilter | string>(100);

/** @returns a text that says what is wrong when the pattern is none. */
export function compileTagFilter(pattern: string, extract: string): TagFilter | string {
  if (pattern.length > longestPattern) return `filterTags.pattern is longer than ${longestPattern} characters`;
  const key = JSON.stringify([pattern, extract]);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const filter = compile(pattern, extract);
  compiled.set(key, filter);
  return filter;
}

function compile(pattern: string, extract: string): TagFilter | string {
  const expression = parsePattern(pattern);
  if (typeof expression === 'string')
    return `filterTags.pattern "${pattern}" is not a regular expression: ${expression}`;
  const template = extract === '' ? undefined : parseTemplate(extract);
  const extracted = (tag: string): string | undefined => {
    if (template === undefined) return expression.test(tag) ? tag : undefined;
    const match = expression.matcher(tag);
    return match.find() ? expand(template, groupsOf(expression, match)) : undefined;
  };
  // A policy sees the same tags again and again: each is matched once.
  const known = new Map<string, string | undefined>();
  return (tags) => {
    if (known.size > largestMemory) known.clear();
    const found = new Map<string, string>();
    for (const tag of tags) {
      if (tag.length > longestTag) continue;
      if (!known.has(tag)) known.set(tag, extracted(tag));
      const text = known.get(tag);
      if (text !== undefined) found.set(tag, text);
    }
    return found;
  };
}

function parsePattern(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** By number and by name; a group that took no part is empty. */
function groupsOf(expression: RE2JS, match: ReturnType<RE2JS['matcher']>): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (let number = 0; number <= match.groupCount(); number++) groups.set(String(number), match.group(number) ?? '');
  for (const [name, number] of Object.entries(expression.namedGroups())) groups.set(name, match.group(number) ?? '');
  return groups;
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

function expand(template: readonly TemplatePart[], groups: ReadonlyMap<string, string>): string {
  return template.map((part) => ('text' in part ? part.text : (groups.get(part.group) ?? ''))).join('');
}
