/**
 * The fields that an object has: what an applier of it owns.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/tofieldset.go
 */
import { isArray, isObject, type Json } from '../json.ts';
import { FieldSet } from './field-set.ts';
import { itemElement } from './list-items.ts';
import { fieldSchema, isNamedField, type ListNode, type MapNode, type MergeSchema, resolveNode } from './merge-node.ts';
import { fieldElement, type PathElement } from './path-element.ts';

/**
 * Leaves, whole atomic lists and maps, list items and map keys. Fields of a struct are only there through what is in
 * them.
 */
export function extractFields(object: unknown, schema: MergeSchema): FieldSet {
  const node = resolveNode(schema, object);
  if (node.type === 'map' && node.relation === 'granular' && isObject(object)) return extractMap(object, node);
  if (node.type === 'list' && node.relation !== 'atomic' && isArray(object)) return extractList(object, node);
  return FieldSet.leaf;
}

function extractMap(object: Json, node: MapNode): FieldSet {
  const children = Object.entries(object).flatMap(([key, value]): [PathElement, FieldSet][] => {
    const child = extractFields(value, fieldSchema(node, key));
    const isEmptyMap = isObject(value) && Object.keys(value).length === 0;
    const result = isEmptyMap || !isNamedField(node, key) ? child.union(FieldSet.leaf) : child;
    return result.isEmpty ? [] : [[fieldElement(key), result]];
  });
  return new FieldSet(false, new Map(children));
}

function extractList(items: readonly unknown[], node: ListNode): FieldSet {
  return items.reduce<FieldSet>((set, item) => {
    const child = extractFields(item, node.element).union(FieldSet.leaf);
    return set.union(new FieldSet(false, new Map([[itemElement(node, item), child]])));
  }, FieldSet.empty);
}

/** The set with every struct field on the way to a member made a member too. */
export function withNamedFields(set: FieldSet, schema: MergeSchema): FieldSet {
  const children = [...set.children].map(([element, child]): [PathElement, FieldSet] => {
    const inner = withNamedFields(child, elementSchema(schema, element));
    return [element, isNamedElement(schema, element) ? inner.union(FieldSet.leaf) : inner];
  });
  return new FieldSet(set.member, new Map(children));
}

function isNamedElement(schema: MergeSchema, element: PathElement): boolean {
  if (!element.startsWith('f:')) return false;
  if (schema.type === 'deduced') return schema.struct === true;
  return schema.type === 'map' && isNamedField(schema, element.slice(2));
}

function elementSchema(schema: MergeSchema, element: PathElement): MergeSchema {
  if (schema.type === 'map') return fieldSchema(schema, element.slice(2));
  return schema.type === 'list' ? schema.element : schema;
}
