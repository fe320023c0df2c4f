/** How the items of a `set` or `map` list are told apart. */
import { isObject } from '../schema/json.ts';
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

/** Items by their element, the first of each. */
export function itemsByElement(list: ListNode, items: readonly unknown[]): Map<PathElement, unknown> {
  const result = new Map<PathElement, unknown>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (!result.has(element)) result.set(element, item);
  }
  return result;
}
