/**
 * The part of a schema that a TypeScript type expresses: which fields there are and what they hold. Parsing checks this
 * part alone. Rules about values (patterns, bounds, formats) are for the API server at admission, and a value that
 * slipped past them, for example under an older CRD, becomes a fault of one field instead of an object nobody can read.
 */
import Type, { type Static, type TSchema } from 'typebox';

const valueRules = new Set([
  ...['pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'maxProperties'],
  ...['description', 'default', 'examples'],
]);

/** Drops every rule about values from a schema; its type stays the same. */
export function shapeOf<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S>>(shapeOfNode(schema));
}

function shapeOfNode(schema: object): Record<string, unknown> {
  const shape: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (valueRules.has(keyword) || keyword.startsWith('x-kubernetes-')) continue;
    shape[keyword] = isNamed(keyword) ? mapValues(value) : shapeOfValue(value);
  }
  return shape;
}

/** Keywords whose value maps names to schemas. */
function isNamed(keyword: string): boolean {
  return keyword === 'properties' || keyword === 'patternProperties';
}

function mapValues(schemas: unknown): unknown {
  if (typeof schemas !== 'object' || schemas === null) return schemas;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, shapeOfValue(schema)]));
}

function shapeOfValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOfValue);
  return typeof value === 'object' && value !== null ? shapeOfNode(value) : value;
}
