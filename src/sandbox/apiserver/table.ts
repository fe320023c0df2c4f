/** Server-side printing: objects as a `meta.k8s.io/v1` Table. */
import { badRequest } from './errors.ts';
import type { Json } from './json.ts';
import type { Column, Target } from './resource.ts';
import type { Stored } from './store.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws ApiFailure 400 */
export function includeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') ?? '';
  switch (asked) {
    case '':
      return 'Metadata';
    case 'None':
    case 'Metadata':
    case 'Object':
      return asked;
    default:
      throw badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: "${asked}": must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}

/** @param columns absent in all but the first event of a watch */
export function tableOf(
  target: Target,
  objects: readonly Stored[],
  metadata: Json,
  options: { readonly include: IncludeObject; readonly now: Temporal.Instant; readonly withColumns: boolean },
): Json {
  const { columns } = target.version;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withColumns ? columns.map(columnDefinition) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, options.now)),
      ...included(target, object, options.include),
    })),
  };
}

function columnDefinition(column: Column): Json {
  const { name, type, format = '', description = '', priority } = column;
  return { name, type, format, description, priority };
}

function included(target: Target, object: Stored, include: IncludeObject): Json {
  if (include === 'None') return { object: null };
  if (include === 'Object') {
    const body = target.version.conversion?.fromStored(object) ?? object;
    return { object: { kind: target.type.kind, apiVersion: target.apiVersion, ...body } };
  }
  return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata } };
}
