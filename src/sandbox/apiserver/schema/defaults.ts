/**
 * Defaults of a structural schema, and the nulls that are neither allowed nor defaulted.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
import { clone, isArray, isObject, type Json, put } from '../json.ts';
import { nodeAt, type SchemaNode } from './node.ts';

/** What becomes of nulls that the schema neither allows nor has a default for. */
export type Nulls = 'drop' | 'keep';

/** In place: a default for every absent key, and for a null where the schema has no `nullable`. */
export function applyDefaults(schema: SchemaNode, value: unknown, nulls: Nulls): void {
  if (isArray(value)) defaultItems(schema.items, value, nulls);
  else if (isObject(value)) defaultFields(schema, value, nulls);
}

function defaultItems(schema: SchemaNode | undefined, list: unknown[], nulls: Nulls): void {
  if (schema === undefined) return;
  for (const [index, item] of list.entries()) {
    if (item === null && !schema.nullable && schema.default !== undefined) list[index] = clone(schema.default);
    applyDefaults(schema, list[index], nulls);
  }
}

function defaultFields(schema: SchemaNode, object: Json, nulls: Nulls): void {
  for (const [name, property] of Object.entries(schema.properties)) {
    const absent = !Object.hasOwn(object, name) || isRefusedNull(property, object[name]);
    if (absent && property.default !== undefined) put(object, name, clone(property.default));
  }
  for (const key of Object.keys(object)) {
    const child = nodeAt(schema, key);
    if (child === undefined) continue;
    if (isRefusedNull(child, object[key])) {
      if (child.default !== undefined) put(object, key, clone(child.default));
      else if (nulls === 'drop') Reflect.deleteProperty(object, key);
    }
    applyDefaults(child, object[key], nulls);
  }
}

function isRefusedNull(schema: SchemaNode, value: unknown): boolean {
  return value === null && !schema.nullable;
}
