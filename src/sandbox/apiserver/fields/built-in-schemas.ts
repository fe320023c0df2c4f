/** The merge markers of the built-in kinds, from the API description of Kubernetes. */
import { definition, definitionName } from '../builtin/definitions.ts';
import type { MergeSchema } from './merge-node.ts';
import { type Dialect, readMergeSchema } from './open-api.ts';

/** A built-in kind; `group` is empty for the core group. */
export interface BuiltInKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * Fields that are structs without pointer in Go wherever they occur: the description does not tell.
 * https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io/api
 */
const structs: ReadonlySet<string> = new Set([
  'acceptedNames',
  'clientConfig',
  'jobTemplate',
  'loadBalancer',
  'metadata',
  'names',
  'resources',
  'source',
  'spec',
  'status',
  'strategy',
  'template',
  'updateStrategy',
]);

const dialect: Dialect = {
  otherFields: { type: 'deduced', struct: true },
  metadata: metadataSchema,
  // A required list is one that Go prints even when it is empty.
  isAlwaysPresent: (name, node, required) => (node.type === 'list' ? required : structs.has(name)),
  reference: (reference) => schemaOf(nameOf(reference)),
  referenced: (reference) => definition(nameOf(reference)),
};

const versions = ['v1', 'v2', 'v1beta1', 'v1beta2', 'v1beta3', 'v1alpha1', 'v1alpha2', 'v1alpha3'];
const schemas = new Map<string, MergeSchema>();

/** The merge schema of a built-in kind, read once; deduced from the object for a kind that the description has not. */
export function builtInSchema({ group, kind }: BuiltInKind): MergeSchema {
  const names = versions.map((version) => definitionName(group, version, kind));
  const name = names.find((candidate) => candidate !== undefined);
  return name === undefined
    ? { type: 'map', relation: 'granular', fields: { metadata: metadataSchema() }, element: dialect.otherFields }
    : schemaOf(name);
}

/** The merge schema of `metadata`, the same for every kind. */
export function metadataSchema(): MergeSchema {
  const schema = schemaOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  return schema.type === 'map' ? { ...schema, alwaysPresent: true } : schema;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Where a definition contains itself, its inside is deduced. */
function schemaOf(name: string): MergeSchema {
  const found = schemas.get(name);
  if (found !== undefined) return found;
  schemas.set(name, dialect.otherFields);
  const made = readMergeSchema(definition(name), dialect);
  schemas.set(name, made);
  return made;
}
