/**
 * What a kind says about merging: which maps and lists are owned as a whole and which lists have keys. From a CRD's
 * schema, or for built-in kinds from the API description. Used by server-side apply and by strategic merge patches.
 */
import { type BuiltInKind, builtInSchema, metadataSchema } from './built-in-schemas.ts';
import type { MapNode, MergeSchema } from './merge-node.ts';
import { type Dialect, readMergeSchema } from './open-api.ts';

export type { BuiltInKind } from './built-in-schemas.ts';
export type { MergeSchema } from './merge-node.ts';

const custom: Dialect = {
  otherFields: { type: 'deduced' },
  metadata: metadataSchema,
  isAlwaysPresent: () => false,
  // A structural schema has none.
  reference: () => ({ type: 'deduced' }),
  referenced: () => undefined,
};

/**
 * The merge schema of a kind.
 * @param openAPIV3Schema a CRD's schema; undefined for a built-in kind or one without schema.
 */
export function mergeSchemaOf(openAPIV3Schema: unknown, builtInKind?: BuiltInKind): MergeSchema {
  if (openAPIV3Schema === undefined && builtInKind !== undefined) return builtInSchema(builtInKind);
  const node = readMergeSchema(openAPIV3Schema, custom);
  const free: MapNode = { type: 'map', relation: 'granular', fields: {}, element: custom.otherFields };
  const root = node.type === 'map' ? node : free;
  return { ...root, fields: { ...root.fields, metadata: metadataSchema() } };
}
