/**
 * TypeBox schema -> structural schema, the subset of OpenAPI 3 that a CRD may use: every node has a type; no `$ref`,
 * `const` or unions.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import { type ValidationRule } from '../define-resource.ts';
import { isRecord } from '../json.ts';

export interface StructuralSchema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** `pattern`, `maxLength`, `format`, `x-kubernetes-…`: taken over as they are. */
  readonly [keyword: string]: unknown;
}

/** The keywords that a node may have, in the order in which they are printed. */
const keywords = [
  ...['description', 'type', 'format', 'enum', 'default', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['minItems', 'maxItems', 'maxProperties', 'required', 'properties', 'items', 'additionalProperties'],
  ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type'],
  ...['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
];

/** @throws Error for a keyword that a CRD cannot carry, so that a schema never loses a rule on the way. */
export function structuralSchema(schema: unknown): StructuralSchema {
  if (!isRecord(schema)) throw new Error('a schema must be an object');
  const { patternProperties, properties, items, ...node } = schema;
  refuseForeign(node);
  // The API server drops an empty list: left in, everybody who applies the definition would be in conflict with it.
  if (isRecord(properties) && Object.keys(properties).length > 0) node.properties = namedSchemas(properties);
  if (items !== undefined) node.items = structuralSchema(items);
  // A map that preserves unknown fields anyway says no more by the schema of its values.
  if (patternProperties !== undefined && node['x-kubernetes-preserve-unknown-fields'] !== true) {
    node.additionalProperties = valueSchema(patternProperties);
  }
  // TypeBox prints an enumeration without its type, and an unknown value as {}.
  if (node.enum !== undefined) node.type ??= 'string';
  if (node.type === undefined) node['x-kubernetes-preserve-unknown-fields'] = true;
  return inOrder(node);
}

function refuseForeign(node: Readonly<Record<string, unknown>>): void {
  const foreign = Object.keys(node).find(
    (keyword) => keyword === 'additionalProperties' || !keywords.includes(keyword),
  );
  if (foreign !== undefined) throw new Error(`a CRD cannot carry the keyword "${foreign}"`);
}

function inOrder(node: Readonly<Record<string, unknown>>): StructuralSchema {
  return Object.fromEntries(
    keywords.filter((keyword) => node[keyword] !== undefined).map((keyword) => [keyword, node[keyword]]),
  );
}

function namedSchemas(value: Readonly<Record<string, unknown>>): Readonly<Record<string, StructuralSchema>> {
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, structuralSchema(schema)]));
}

/** The one pattern that a Type.Record has admits every key, which is what `additionalProperties` says. */
function valueSchema(value: unknown): StructuralSchema {
  const [schema, ...others] = isRecord(value) ? Object.values(value) : [];
  if (schema === undefined || others.length > 0) throw new Error('a map must have one schema for all its values');
  return structuralSchema(schema);
}
