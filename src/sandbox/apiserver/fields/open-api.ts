/** Merge markers read from an OpenAPI schema: a CRD's, or the definition of a built-in kind. */
import { isObject, type Json, own, texts } from '../json.ts';
import type { DeducedNode, ListNode, MapNode, MergeSchema, ScalarNode } from './merge-node.ts';

/** What the two kinds of schema differ in. */
export interface Dialect {
  /** Of a key beyond the named fields. */
  readonly otherFields: DeducedNode;
  /** Of an embedded resource's metadata. */
  readonly metadata: () => MergeSchema;
  /** Whether a struct or list field is there even when the JSON has it not. */
  readonly isAlwaysPresent: (name: string, node: MapNode | ListNode, required: boolean) => boolean;
  /** What a `$ref` points to: read, and as it is written. */
  readonly reference: (reference: string) => MergeSchema;
  readonly referenced: (reference: string) => unknown;
}

const scalar: ScalarNode = { type: 'scalar' };

/** The merge schema of a schema node; deduced from the value where it says nothing. */
export function readMergeSchema(schema: unknown, dialect: Dialect): MergeSchema {
  if (!isObject(schema)) return { type: 'deduced' };
  if (typeof schema.$ref === 'string') return dialect.reference(schema.$ref);
  if (schema['x-kubernetes-int-or-string'] === true) return scalar;
  switch (schema.type) {
    case 'object':
      return readMap(schema, dialect);
    case 'array':
      return readList(schema, dialect);
    case 'string':
    case 'boolean':
      return { type: 'scalar', of: schema.type };
    case 'integer':
    case 'number':
      return { type: 'scalar', of: 'numeric' };
    default:
      return { type: 'deduced' };
  }
}

function readMap(schema: Json, dialect: Dialect): MergeSchema {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const required = texts(schema.required);
  const read = (name: string, child: unknown): MergeSchema => readField(name, child, required.includes(name), dialect);
  const fields = Object.fromEntries(properties.map(([name, child]) => [name, read(name, child)]));
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  const isClosed = properties.length > 0 && !isFree;
  return {
    type: 'map',
    relation: schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular',
    fields: embedded ? { ...fields, metadata: dialect.metadata() } : fields,
    element: isClosed ? dialect.otherFields : readMergeSchema(schema.additionalProperties, dialect),
    closed: isClosed && !embedded,
  };
}

function readField(name: string, schema: unknown, required: boolean, dialect: Dialect): MergeSchema {
  const node = readMergeSchema(schema, dialect);
  // A field may take an atomic definition apart (a volume's claimRef).
  if (node.type === 'map' && own(schema, 'x-kubernetes-map-type') === 'granular')
    return { ...node, relation: 'granular' };
  const isPart = isStruct(node) || node.type === 'list';
  return isPart && dialect.isAlwaysPresent(name, node, required) ? { ...node, alwaysPresent: true } : node;
}

function isStruct(node: MergeSchema): node is MapNode {
  return node.type === 'map' && node.relation === 'granular' && Object.keys(node.fields).length > 0;
}

function readList(schema: Json, dialect: Dialect): ListNode {
  const list: ListNode = {
    type: 'list',
    relation: 'atomic',
    keys: [],
    keyDefaults: {},
    element: readMergeSchema(schema.items, dialect),
    ...patchMergeKeyOf(schema),
  };
  if (schema['x-kubernetes-list-type'] === 'set') return { ...list, relation: 'set' };
  if (schema['x-kubernetes-list-type'] !== 'map') return list;
  const keys = texts(schema['x-kubernetes-list-map-keys']);
  const reference = own(schema.items, '$ref');
  const items = typeof reference === 'string' ? dialect.referenced(reference) : schema.items;
  const properties = own(items, 'properties');
  const defaults = keys.map((key): [string, unknown] => [key, own(own(properties, key), 'default')]);
  const keyDefaults = Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
  return { ...list, relation: 'map', keys, keyDefaults };
}

function patchMergeKeyOf(schema: Json): { patchMergeKey?: string } {
  const strategy = schema['x-kubernetes-patch-strategy'];
  if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return {};
  const key = schema['x-kubernetes-patch-merge-key'];
  return { patchMergeKey: typeof key === 'string' ? key : '' };
}
