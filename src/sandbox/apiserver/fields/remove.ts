/**
 * Takes fields out of an object.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/remove.go
 */
import { clone, isArray, isObject, type Json } from '../json.ts';
import type { FieldSet } from './field-set.ts';
import { itemElement } from './list-items.ts';
import { fieldSchema, type ListNode, type MapNode, type MergeSchema, resolveNode } from './merge-node.ts';
import { fieldElement } from './path-element.ts';

/**
 * A copy without the members of the set. A container that only held removed fields becomes null; an atomic one does
 * when anything in it is named. Undefined: nothing is left.
 */
export function removeFields(value: unknown, fields: FieldSet, schema: MergeSchema): unknown {
  if (fields.children.size === 0) return clone(value);
  const node = resolveNode(schema, value);
  if (node.type === 'map' && isObject(value))
    return node.relation === 'atomic' ? undefined : removeFromMap(value, fields, node);
  if (node.type === 'list' && isArray(value))
    return node.relation === 'atomic' ? undefined : removeFromList(value, fields, node);
  return value;
}

function removeFromMap(object: Json, fields: FieldSet, node: MapNode): Json | undefined {
  const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const at = fields.child(fieldElement(key));
    return at.member ? [] : [[key, removeFields(value, at, fieldSchema(node, key)) ?? null]];
  });
  return entries.length === 0 && Object.keys(object).length > 0 ? undefined : Object.fromEntries(entries);
}

function removeFromList(list: readonly unknown[], fields: FieldSet, node: ListNode): unknown[] | undefined {
  const items = list.flatMap((item) => {
    const at = fields.child(itemElement(node, item));
    return at.member ? [] : [removeFields(item, at, node.element) ?? null];
  });
  return items.length === 0 && list.length > 0 ? undefined : items;
}
