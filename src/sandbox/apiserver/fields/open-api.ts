/** Merge markers read from an OpenAPI schema: a CRD's, or the definition of a built-in kind. */
import { isObject, type JsonObject, own, stringsOf } from '../schema/json.ts';
import type { DeducedNode, ListNode, MergeSchema, ScalarNode } from './merge-node.ts';

/** What the two kinds of schema differ in. */
export interface Dialect {
  /** Whether a key beyond the named fields is a fault. */
  readonly closed: boolean;
  /** Of a key beyond the named fields. */
  readonly otherFields: DeducedNode;
  /** Of an embedded resource's metadata. */
  readonly metadata: () => MergeSchema;
  /** Whether a field is a struct that is there even when the JSON has it not. */
  readonly isAlwaysPresent: (name: string) => boolean;
  /** What a `$ref` points to. */
  readonly reference: (reference: string) => MergeSchema;
  /** Of list keys that may be left out, beyond what the schema says. */
  readonly keyDefaults: Readonly<Record<string, unknown>>;
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
    case 'integer':
    case 'number':
    case 'boolean':
      return scalar;
    default:
      return { type: 'deduced' };
  }
}

function readMap(schema: JsonObject, dialect: Dialect): MergeSchema {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const fields = Object.fromEntries(properties.map(([name, child]) => [name, readField(name, child, dialect)]));
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  const isStruct = properties.length > 0 && !isFree;
  return {
    type: 'map',
    relation: schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular',
    fields: embedded ? { ...fields, metadata: dialect.metadata() } : fields,
    element: isStruct ? dialect.otherFields : readMergeSchema(schema.additionalProperties, dialect),
    closed: dialect.closed && isStruct && !embedded,
  };
}

function readField(name: string, schema: unknown, dialect: Dialect): MergeSchema {
  const node = readMergeSchema(schema, dialect);
  // A field may take an atomic definition apart (a volume's claimRef).
  if (node.type === 'map' && own(schema, 'x-kubernetes-map-type') === 'granular')
    return { ...node, relation: 'granular' };
  const isStruct = node.type === 'map' && node.relation === 'granular' && Object.keys(node.fields).length > 0;
  return isStruct && dialect.isAlwaysPresent(name) ? { ...node, alwaysPresent: true } : node;
}

function readList(schema: JsonObject, dialect: Dialect): ListNode {
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
  const keys = stringsOf(schema['x-kubernetes-list-map-keys']);
  const properties = own(schema.items, 'properties');
  const defaults = keys.map((key): [string, unknown] => {
    return [key, own(own(properties, key), 'default') ?? own(dialect.keyDefaults, key)];
  });
  const keyDefaults = Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
  return { ...list, relation: 'map', keys, keyDefaults };
}

function patchMergeKeyOf(schema: JsonObject): { patchMergeKey?: string } {
  const strategy = schema['x-kubernetes-patch-strategy'];
  if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return {};
  const key = schema['x-kubernetes-patch-merge-key'];
  return { patchMergeKey: typeof key === 'string' ? key : '' };
}
