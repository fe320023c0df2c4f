/**
 * `builtin` is what the server knows of Kubernetes' own kinds: schemas, defaults, checks and columns. Here they are put
 * together to the resources that are served.
 */
import type { FieldCause } from '../field-cause.ts';
import { mergeSchemaOf } from '../fields/merge-schema.ts';
import { type Json, objectOf, objects, text, texts } from '../json.ts';
import {
  apiVersionOf,
  type ObjectSchema,
  type ResourceType,
  type ScalePaths,
  type ServedVersion,
} from '../resource.ts';
import { builtInColumns, plainColumns } from './columns.ts';
import { applyBuiltInDefaults } from './defaults.ts';
import { closure, decodeBuiltIn, definitionName } from './definitions.ts';
import { eventConversion } from './events.ts';
import { resourceTexts } from './resources.generated.ts';
import { builtInRules } from './rules.ts';

const builtInScale: ScalePaths = {
  spec: ['spec', 'replicas'],
  status: ['status', 'replicas'],
  selector: ['spec', 'selector'],
};

function schemaOf(group: string, version: string, kind: string, key: string): ObjectSchema {
  const name = definitionName(group, version, kind) ?? '';
  const apiVersion = apiVersionOf(group, version);
  const none: readonly FieldCause[] = [];
  return {
    decode: (object) => decodeBuiltIn(object, name, apiVersion, kind),
    applyDefaults: (object) => {
      applyBuiltInDefaults(key, object);
    },
    // Checks of built-in kinds are part of their rules.
    validate: () => none,
    merge: () => mergeSchemaOf(undefined, { group, kind }),
    definitions: () => closure(name),
  };
}

function versionOf(row: Json, key: string): ServedVersion {
  const group = text(row.group);
  const name = text(row.version);
  const subresources = new Set(objects(row.subresources).map((one) => text(one.name)));
  return {
    name,
    schema: schemaOf(group, name, text(row.kind), key),
    columns: builtInColumns[key] ?? plainColumns,
    status: subresources.has('status'),
    scale: subresources.has('scale') ? builtInScale : undefined,
    ...(key === 'events.k8s.io/events' ? { conversion: eventConversion } : {}),
  };
}

/** Every built-in resource that objects are stored of. */
export function builtInResources(): ResourceType[] {
  const rows = resourceTexts.map((row) => objectOf(JSON.parse(row)));
  const groups = Map.groupBy(rows, (row) => `${text(row.group)}/${text(row.plural)}`);
  return [...groups].flatMap(([key, versions]) => {
    const [row] = versions;
    if (row === undefined || !texts(row.verbs).includes('list') || row.plural === 'componentstatuses') return [];
    return [resourceOf(key, row, versions)];
  });
}

function resourceOf(key: string, row: Json, versions: readonly Json[]): ResourceType {
  const served = versions.map((version): [string, ServedVersion] => [text(version.version), versionOf(version, key)]);
  const hasStatus = served.some(([, version]) => version.status);
  return {
    key: key === 'events.k8s.io/events' ? '/events' : key,
    group: text(row.group),
    plural: text(row.plural),
    singular: text(row.singular),
    kind: text(row.kind),
    listKind: `${text(row.kind)}List`,
    namespaced: row.namespaced === true,
    shortNames: texts(row.shortNames),
    categories: texts(row.categories),
    verbs: texts(row.verbs),
    versions: new Map(served),
    definition: undefined,
    rules: builtInRules(key, hasStatus),
  };
}
