/**
 * `custom` is what the server does with CustomResourceDefinitions: check them, answer their status, and (this file) make
 * of each the resource that is served.
 */

import { age } from '../age.ts';
import { ageColumn, nameColumn } from '../builtin/columns.ts';
import { closure, decodeBuiltIn } from '../builtin/definitions.ts';
import type { FieldCause } from '../field-cause.ts';
import { mergeSchemaOf } from '../fields/merge-schema.ts';
import {
  isObject,
  type Json,
  list,
  numberOf,
  objectOf,
  objects,
  optionalText,
  scalarText,
  text,
  texts,
  without,
} from '../json.ts';
import { compileJsonPath } from '../json-path.ts';
import type { Column, ObjectSchema, ResourceType, Rules, ScalePaths, ServedVersion } from '../resource.ts';
import type { Nulls } from '../schema/defaults.ts';
import { compileSchema, type StructuralSchema } from '../schema/structural.ts';

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** @param crd a definition that passed its checks */
export function customResource(crd: Json): ResourceType {
  const spec = objectOf(crd.spec);
  const names = objectOf(spec.names);
  const group = text(spec.group);
  const plural = text(names.plural);
  const kind = text(names.kind);
  const served = objects(spec.versions)
    .filter((version) => version.served === true)
    .toSorted((left, right) => byPreference(text(left.name), text(right.name)));
  const versions = served.map((version): [string, ServedVersion] => [
    text(version.name),
    versionOf(version, group, kind),
  ]);
  return {
    key: `${group}/${plural}`,
    group,
    plural,
    kind,
    singular: text(names.singular),
    listKind: text(names.listKind),
    namespaced: spec.scope === 'Namespaced',
    shortNames: texts(names.shortNames),
    categories: texts(names.categories),
    verbs,
    versions: new Map(versions),
    definition: crd,
    rules: customRules(versions.some(([, version]) => version.status)),
  };
}

/** GA before beta before alpha, then the greater number. */
function byPreference(left: string, right: string): number {
  const rank = (name: string): readonly number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name);
    if (match === null) return [0, 0, 0];
    const stability = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
    return [stability, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  const difference = a.map((value, index) => (b[index] ?? 0) - value).find((value) => value !== 0);
  return difference ?? (left < right ? -1 : 1);
}

function customRules(hasStatus: boolean): Rules {
  return {
    counted: (object) => without(object, 'metadata', 'apiVersion', 'kind', ...(hasStatus ? ['status'] : [])),
    unconditionalUpdate: false,
    prepareCreate: (object) => {
      if (hasStatus) delete object.status;
    },
  };
}

function versionOf(version: Json, group: string, kind: string): ServedVersion {
  const subresources = objectOf(version.subresources);
  const name = text(version.name);
  const warning = optionalText(version.deprecationWarning) ?? `${group}/${name} ${kind} is deprecated`;
  return {
    name,
    schema: new CustomSchema(objectOf(version.schema).openAPIV3Schema, group, name, kind),
    columns: columnsOf(objects(version.additionalPrinterColumns)),
    status: subresources.status !== undefined && subresources.status !== null,
    scale: isObject(subresources.scale) ? scaleOf(subresources.scale) : undefined,
    deprecation: version.deprecated === true ? warning : undefined,
  };
}

function scaleOf(scale: Json): ScalePaths {
  const path = (value: unknown): string[] => text(value).replace(/^\./, '').split('.');
  const selector = optionalText(scale.labelSelectorPath);
  return {
    spec: path(scale.specReplicasPath),
    status: path(scale.statusReplicasPath),
    selector: selector === undefined ? undefined : path(selector),
  };
}

function columnsOf(columns: readonly Json[]): readonly Column[] {
  if (columns.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...columns.map(columnOf)];
}

function columnOf(column: Json): Column {
  const read = compileJsonPath(text(column.jsonPath));
  const type = text(column.type);
  const format = optionalText(column.format);
  return {
    name: text(column.name),
    type,
    priority: numberOf(column.priority, 0),
    ...(format === undefined ? {} : { format }),
    description: optionalText(column.description) ?? `The value at ${text(column.jsonPath)}`,
    value: (object, now) => cell(read(object), type, now),
  };
}

function cell(values: readonly unknown[], type: string, now: Temporal.Instant): unknown {
  const [value] = values;
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'date':
      return age(value, now);
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : scalarText(value);
  }
}

class CustomSchema implements ObjectSchema {
  readonly #source: unknown;
  readonly #group: string;
  readonly #version: string;
  readonly #kind: string;
  #compiled: StructuralSchema | undefined;
  #merge: ReturnType<typeof mergeSchemaOf> | undefined;

  constructor(source: unknown, group: string, version: string, kind: string) {
    this.#source = source;
    this.#group = group;
    this.#version = version;
    this.#kind = kind;
  }

  decode(object: Json): readonly string[] {
    const metadata = objectOf(object.metadata);
    const inMetadata = decodeBuiltIn(metadata, objectMeta, `${this.#group}/${this.#version}`, this.#kind);
    if (list(metadata.managedFields).length === 0) delete metadata.managedFields;
    const unknown = this.#structural().unknownFields(object);
    this.#structural().prune(object);
    return [...inMetadata.map((path) => `metadata.${path}`), ...unknown];
  }

  applyDefaults(object: Json, nulls?: Nulls): void {
    this.#structural().applyDefaults(object, nulls);
  }

  validate(object: Json, old: Json | undefined, known: readonly FieldCause[]): readonly FieldCause[] {
    return this.#structural().validate(object, old, known);
  }

  merge(): ReturnType<typeof mergeSchemaOf> {
    this.#merge ??= mergeSchemaOf(this.#source);
    return this.#merge;
  }

  definitions(): Readonly<Record<string, unknown>> {
    const name = `${this.#group.split('.').toReversed().join('.')}.${this.#version}.${this.#kind}`;
    const schema = objectOf(this.#source);
    const own = {
      ...schema,
      properties: {
        apiVersion: {
          type: 'string',
          description: 'Group and version of the schema that the object follows.',
        },
        kind: {
          type: 'string',
          description: 'What kind of object this is.',
        },
        ...objectOf(schema.properties),
        metadata: {
          description: 'Name, labels and what else every object has.',
          $ref: `#/components/schemas/${objectMeta}`,
        },
      },
      'x-kubernetes-group-version-kind': [{ group: this.#group, kind: this.#kind, version: this.#version }],
    };
    return { [name]: own, ...closure(objectMeta) };
  }

  #structural(): StructuralSchema {
    this.#compiled ??= compileSchema(this.#source);
    return this.#compiled;
  }
}
