/** Duplicates in lists of type `set` and `map`. */
import { cause, type FieldCause } from '../field-cause.ts';
import { goJson, isArray, isObject } from '../json.ts';
import { childPath, nodeAt, type SchemaNode } from './node.ts';

/** One error for each item that repeats an earlier one, `spec.ports[1]: Duplicate value: {"port":80}`. */
export function duplicatesIn(schema: SchemaNode, value: unknown, path: string): FieldCause[] {
  if (isArray(value)) return [...repeated(schema, value, path), ...inItems(schema, value, path)];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const node = nodeAt(schema, key);
    return node === undefined ? [] : duplicatesIn(node, child, childPath(path, key));
  });
}

function inItems(schema: SchemaNode, list: readonly unknown[], path: string): FieldCause[] {
  const { items } = schema;
  return items === undefined ? [] : list.flatMap((item, index) => duplicatesIn(items, item, `${path}[${index}]`));
}

function repeated(schema: SchemaNode, list: readonly unknown[], path: string): FieldCause[] {
  if (schema.listType === 'atomic') return [];
  const odd = schema.listType === 'map' ? list.findIndex((item) => !isObject(item)) : -1;
  if (odd !== -1)
    return [cause.invalid(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')];
  const seen = new Map<string, number>();
  return list.flatMap((item, index) => {
    const identity = schema.listType === 'set' ? item : keysOf(schema, item);
    const text = goJson(identity);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return count === 2 ? [cause.duplicate(`${path}[${index}]`, identity)] : [];
  });
}

/** The keys of a list item, in alphabetical order, without those that it has not. */
export function keysOf(schema: SchemaNode, item: unknown): Record<string, unknown> {
  if (!isObject(item)) return {};
  const present = schema.listKeys.filter((key) => Object.hasOwn(item, key));
  return Object.fromEntries(present.toSorted().map((key) => [key, item[key]]));
}
