/** How the items of a `set` or `map` list are told apart. */
import { isArray, isObject } from '../json.ts';
import type { ListNode } from './merge-node.ts';
import { keyElement, type PathElement, valueElement } from './path-element.ts';

/** The item's path element; a `map` item without any of its keys is known by the empty key. */
export function itemElement(list: ListNode, item: unknown): PathElement {
  if (list.relation === 'set') return valueElement(item);
  const keys = list.keys.flatMap((key): [string, unknown][] => {
    const value = isObject(item) && Object.hasOwn(item, key) ? item[key] : list.keyDefaults[key];
    return value === undefined ? [] : [[key, value]];
  });
  return keyElement(Object.fromEntries(keys));
}

/** Why an item has no path element, in the API server's words; undefined when it has one. */
export function itemFault(list: ListNode, item: unknown): string | undefined {
  if (list.relation === 'atomic') return undefined;
  if (list.relation === 'set') {
    if (isObject(item)) return "associative list without keys has an element that's a map type";
    if (isArray(item)) return 'not supported: associative list with lists as elements';
    return item === null ? "associative list without keys has an element that's an explicit null" : undefined;
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isObject(item)) return 'associative list with keys may not have non-map elements';
  if (list.keys.some((key) => Object.hasOwn(item, key) || list.keyDefaults[key] !== undefined)) return undefined;
  const keys = list.keys.map((key) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

/** Items by their element, the first of each. */
export function itemsByElement(list: ListNode, items: readonly unknown[]): Map<PathElement, unknown> {
  const result = new Map<PathElement, unknown>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (!result.has(element)) result.set(element, item);
  }
  return result;
}
