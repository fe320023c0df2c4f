/**
 * What an update did to an object, field by field.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/compare.go
 */
import { equal, isArray, isObject, type Json, list, objectOf } from '../json.ts';
import { FieldSet } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldSchema, type ListNode, type MapNode, type MergeSchema, resolveNode } from './merge-node.ts';
import { fieldElement, type PathElement } from './path-element.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const same: Comparison = { added: FieldSet.empty, modified: FieldSet.empty, removed: FieldSet.empty };
const leaf = FieldSet.leaf;

/** Compares two values; undefined stands for a value that is not there. */
export function compareFields(before: unknown, after: unknown, schema: MergeSchema): Comparison {
  if (equal(before, after)) return same;
  if (isAlwaysPresent(schema)) {
    const nothing = schema.type === 'map' ? {} : [];
    return compareFields(before ?? nothing, after ?? nothing, { ...schema, alwaysPresent: false });
  }
  if ((before === null) !== (after === null) && before !== undefined && after !== undefined) {
    const [old, next] = [before ?? emptyOf(schema), after ?? emptyOf(schema)];
    if (isHolder(schema, old) && isHolder(schema, next) && !bothEmpty(old, next))
      return compareFields(old, next, schema);
  }
  const node = resolveNode(schema, after ?? before);
  const comparable = after === undefined || before === undefined || sameShape(before, after);
  if (comparable && node.type === 'map' && node.relation === 'granular' && !bothEmpty(before, after)) {
    return compareMaps(objectOf(before), objectOf(after), node, presence(before, after));
  }
  if (comparable && node.type === 'list' && node.relation !== 'atomic' && !bothEmpty(before, after)) {
    return compareLists(list(before), list(after), node, presence(before, after));
  }
  if (!comparable) return replaced(before, after, schema);
  return leafChange(before, after);
}

/** A null is to what is compared item by item as nothing in it. */
function emptyOf(schema: MergeSchema): unknown {
  return schema.type === 'list' ? [] : {};
}

function isHolder(schema: MergeSchema, value: unknown): boolean {
  if (schema.type === 'map') return schema.relation === 'granular' && isObject(value);
  return schema.type === 'list' && schema.relation !== 'atomic' && isArray(value);
}

/** A container that became something else: all of the one is gone, all of the other is new. */
function replaced(before: unknown, after: unknown, schema: MergeSchema): Comparison {
  const gone = compareFields(before, undefined, schema);
  const come = compareFields(undefined, after, schema);
  return {
    added: come.added.difference(leaf),
    modified: leaf,
    removed: gone.removed.difference(leaf),
  };
}

function leafChange(before: unknown, after: unknown): Comparison {
  if (before === undefined) return { ...same, added: leaf };
  return after === undefined ? { ...same, removed: leaf } : { ...same, modified: leaf };
}

/** A container that came or went is itself added or removed. */
function presence(before: unknown, after: unknown): Comparison {
  return before !== undefined && after !== undefined ? same : leafChange(before, after);
}

function sameShape(a: unknown, b: unknown): boolean {
  return isObject(a) === isObject(b) && isArray(a) === isArray(b);
}

function bothEmpty(a: unknown, b: unknown): boolean {
  return Object.keys(objectOf(a)).length + Object.keys(objectOf(b)).length + list(a).length + list(b).length === 0;
}

function compareMaps(before: Json, after: Json, node: MapNode, self: Comparison): Comparison {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const parts = [...keys].map((key): [PathElement, Comparison] => {
    const [old, next] = [
      Object.hasOwn(before, key) ? before[key] : undefined,
      Object.hasOwn(after, key) ? after[key] : undefined,
    ];
    return [
      fieldElement(key),
      compareFields(old, next, self === same ? fieldSchema(node, key) : pointer(fieldSchema(node, key))),
    ];
  });
  return collect(parts, self);
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  node: ListNode,
  self: Comparison,
): Comparison {
  const [old, next] = [itemsByElement(node, before), itemsByElement(node, after)];
  const elements = new Set([...old.keys(), ...next.keys()]);
  const parts = [...elements].map((element): [PathElement, Comparison] => {
    return [element, compareFields(old.get(element), next.get(element), node.element)];
  });
  return collect(parts, self);
}

function isAlwaysPresent(schema: MergeSchema): schema is MapNode | ListNode {
  return (schema.type === 'map' || schema.type === 'list') && schema.alwaysPresent === true;
}

/** In a container that came or went, what is always in it came or went too. */
function pointer(schema: MergeSchema): MergeSchema {
  return isAlwaysPresent(schema) ? { ...schema, alwaysPresent: false } : schema;
}

function collect(parts: readonly [PathElement, Comparison][], self: Comparison): Comparison {
  const pick = (which: keyof Comparison): FieldSet => {
    const children = parts.map(([element, part]): [PathElement, FieldSet] => [element, part[which]]);
    return new FieldSet(self[which].member, new Map(children.filter(([, child]) => !child.isEmpty)));
  };
  return { added: pick('added'), modified: pick('modified'), removed: pick('removed') };
}
