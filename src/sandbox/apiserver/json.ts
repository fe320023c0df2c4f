/**
 * Reading and comparing JSON whose shape is not known: guards instead of casts. Keys from outside are read as own
 * properties, so that `constructor` or `__proto__` never reach a prototype.
 */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** The own property `key`; undefined for anything that is not an object or has no such key. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The string, or the empty string. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A scalar as text; the empty string for everything else. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The array, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Strings in a list; anything else in it is left out. */
export function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string');
}

export function objects(value: unknown): Json[] {
  return list(value).filter(isObject);
}

/** The object, or an empty one that belongs to nobody. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** A shallow copy without some of its keys. */
export function without(object: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

export function remove(object: Json, key: string): void {
  Reflect.deleteProperty(object, key);
}

/** The object at `key`, put there first if nothing of the kind is. */
export function ensureObject(parent: Json, key: string): Json {
  const found = parent[key];
  if (isObject(found)) return found;
  const made: Json = {};
  parent[key] = made;
  return made;
}

/** Sets `key` when nothing is there. */
export function setDefault(parent: Json, key: string, value: unknown): void {
  if (parent[key] === undefined || parent[key] === null) parent[key] = value;
}

/** A deep copy of plain JSON. */
export function clone<T>(value: T): T;
export function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => clone(item));
  if (!isObject(value)) return value;
  const out: Json = {};
  for (const key of Object.keys(value)) put(out, key, clone(value[key]));
  return out;
}

/** Sets an own property, whatever it is called. */
export function put(target: Json, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Structural equality; 1 and 1.0 are the same number, -0 and 0 too. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, at) => equal(item, right[at]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
}

/** The value at a path of keys, `undefined` where it breaks off. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce(own, value);
}

/** Sets the value at a path, making the objects on the way. */
export function setAt(root: Json, path: readonly string[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let parent = root;
  for (const key of path.slice(0, -1)) parent = ensureObject(parent, key);
  parent[last] = value;
}

/** Any value as Go prints it: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : scalarText(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

/** JSON as Go's encoder prints it: `<`, `>`, `&` and the two line separators are escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
