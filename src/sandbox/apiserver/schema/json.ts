/**
 * JSON values as the pure libraries of the sandbox's API server see them: what came from `JSON.parse`, not yet checked.
 * Keys are read with `Object.hasOwn` only, so that `constructor` or `__proto__` never reach a prototype.
 */
import { isDeepStrictEqual } from 'node:util';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** The own property `key`; undefined for anything that is not an object or has no such key. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Structural equality of two JSON values; 1 and 1.0 are the same number, -0 and 0 too. */
export function sameJson(a: unknown, b: unknown): boolean {
  return (a === 0 && b === 0) || isDeepStrictEqual(a, b);
}

/** A deep copy that keeps a JSON value's own keys, whatever they are called. */
export function cloneJson(value: unknown): unknown {
  if (isArray(value)) return value.map(cloneJson);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, cloneJson(child)]));
  return value;
}

/** Strings in an unknown list; anything else in it is left out. */
export function stringsOf(value: unknown): string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** JSON as Go's encoder prints it: `<`, `>`, `&` and the two line separators are escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
