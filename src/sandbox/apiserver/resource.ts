/** What the server knows about one resource, built in or custom: names, served versions, schema, columns, rules. */
import { type GroupResource } from './errors.ts';
import type { FieldCause } from './field-cause.ts';
import type { MergeSchema } from './fields/merge-schema.ts';
import { type Json, without } from './json.ts';
import type { NamePattern } from './names.ts';
import type { Nulls } from './schema/defaults.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, more only with `-o wide`. */
  readonly priority: number;
  value(object: Json, now: Temporal.Instant): unknown;
}

export interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** A string, or for built-in kinds a LabelSelector object. */
  readonly selector: readonly string[] | undefined;
}

/** How objects of one version are read and checked. All methods may change `object`, which the caller owns. */
export interface ObjectSchema {
  /** Drops fields that the schema does not know and returns their paths. @throws ApiFailure 400 for a wrong type. */
  decode(object: Json): readonly string[];
  /** @param nulls that are not allowed; default `drop` */
  applyDefaults(object: Json, nulls?: Nulls): void;
  /** @param known what was found to be wrong before */
  validate(object: Json, old: Json | undefined, known: readonly FieldCause[]): readonly FieldCause[];
  merge(): MergeSchema;
  /** OpenAPI v3 schemas by definition name, with the one of the kind itself first. */
  definitions(): Readonly<Record<string, unknown>>;
}

export interface ServedVersion {
  readonly name: string;
  readonly schema: ObjectSchema;
  readonly columns: readonly Column[];
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  /** Sent as a `Warning` header with every answer. */
  readonly deprecation?: string | undefined;
  /** From the stored form and back; absent where only `apiVersion` differs. */
  readonly conversion?: Conversion;
}

export interface Conversion {
  fromStored(object: Json): Json;
  toStored(object: Json): Json;
}

/** What a kind does beyond the common rules. */
export interface Rules {
  /** Names the part of the object whose change bumps `metadata.generation`; absent: it has no generation. */
  readonly counted?: (object: Json) => unknown;
  /** PUT and merge patches may create. */
  readonly createOnUpdate?: boolean;
  /** PUT without `resourceVersion` overwrites. */
  readonly unconditionalUpdate: boolean;
  readonly namePattern?: NamePattern;
  /** What of the metadata a write to the status leaves alone; for custom resources all of it, whatever is told of it. */
  readonly keptByStatus?: readonly string[];
  /** Fills in what Go writes even if nobody set it. */
  zeros?(object: Json): void;
  prepareCreate?(object: Json, now: Temporal.Instant): void;
  prepareUpdate?(next: Json, live: Json): void;
  validate?(object: Json, old: Json | undefined): readonly FieldCause[];
  /** @param next as it was sent */
  validateStatus?(next: Json): readonly FieldCause[];
}

export interface ResourceType extends GroupResource {
  /** `group/plural`: the key in the store. */
  readonly key: string;
  readonly singular: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** In the order of preference. */
  readonly versions: ReadonlyMap<string, ServedVersion>;
  /** The custom resource's definition; absent for built-in kinds. */
  readonly definition: Json | undefined;
  readonly rules: Rules;
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** One resource in one version: what a request speaks of. */
export interface Target {
  readonly type: ResourceType;
  readonly version: ServedVersion;
  readonly apiVersion: string;
}

export function targetOf(type: ResourceType, version: ServedVersion): Target {
  return { type, version, apiVersion: apiVersionOf(type.group, version.name) };
}

/** The object as this version shows it: `apiVersion` and `kind` first. */
export function shown(target: Target, stored: Json): Json {
  const body = target.version.conversion?.fromStored(stored) ?? stored;
  return { apiVersion: target.apiVersion, kind: target.type.kind, ...body };
}

/** The stored form: without `apiVersion` and `kind`. */
export function storedForm(target: Target, object: Json): Json {
  const body = without(object, 'apiVersion', 'kind');
  return target.version.conversion?.toStored(body) ?? body;
}
