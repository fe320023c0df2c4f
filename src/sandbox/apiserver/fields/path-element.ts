/**
 * One step of a field path in its wire form: `f:name` a field, `k:{"name":"x"}` a list item by key, `v:"x"` a set's
 * member, `i:0` an index. https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize-pe.go
 */
import { goJson, isObject, type Json } from '../json.ts';

/** A path element in its canonical wire form; two elements are equal when their texts are. */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** An item of a list by its keys; the keys are printed in alphabetical order. */
export function keyElement(keys: Json): PathElement {
  return `k:${goJson(sortedKeys(keys))}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${goJson(value)}`;
}

function sortedKeys(keys: Json): Json {
  return Object.fromEntries(Object.entries(keys).sort(([a], [b]) => compareText(a, b)));
}

/** Canonical form of an element from outside, or undefined when it is none. */
export function parseElement(text: string): PathElement | undefined {
  const body = text.slice(2);
  if (text.startsWith('f:')) return text;
  if (text.startsWith('i:')) return indexElement(body);
  const value = parseJson(body);
  if (text.startsWith('v:')) return value === undefined ? undefined : valueElement(value);
  if (text.startsWith('k:')) return isObject(value) ? keyElement(value) : undefined;
  return undefined;
}

/** An int64, as Go reads it: a number would lose digits. */
function indexElement(body: string): PathElement | undefined {
  if (!/^-?\d+$/.test(body)) return undefined;
  const index = BigInt(body);
  return BigInt.asIntN(64, index) === index ? `i:${index}` : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For people, as conflicts print it: `.name`, `[name="x"]`, `[="x"]`, `[0]`. */
export function elementText(element: PathElement): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  if (element.startsWith('i:')) return `[${body}]`;
  const value = parseJson(body);
  if (!isObject(value)) return `[=${JSON.stringify(value)}]`;
  const pairs = Object.entries(value).map(([name, key]) => `${name}=${JSON.stringify(key)}`);
  return `[${pairs.join(',')}]`;
}

const kinds = 'fkvi';

/** The order in which `fieldsV1` lists members: fields, then keys, values, indexes. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const byKind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  if (byKind !== 0) return byKind;
  if (a.startsWith('f:')) return compareText(a, b);
  if (a.startsWith('i:')) return BigInt(a.slice(2)) < BigInt(b.slice(2)) ? -1 : 1;
  return compareValues(parseJson(a.slice(2)), parseJson(b.slice(2)));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isObject(a) && isObject(b)) return compareKeys(Object.entries(a), Object.entries(b));
  const byType = typeRank(a) - typeRank(b);
  return byType === 0 ? compareText(JSON.stringify(a), JSON.stringify(b)) : byType;
}

function compareKeys(a: [string, unknown][], b: [string, unknown][]): number {
  for (const [index, [name, value]] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function typeRank(value: unknown): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return 1;
  if (typeof value === 'boolean') return 2;
  return value === null ? 5 : 3;
}
