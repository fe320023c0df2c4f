/**
 * CustomResourceDefinitions as objects: their defaults, their checks, and the status that the server gives them.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
import { cause, type FieldCause } from '../field-cause.ts';
import {
  clone,
  ensureObject,
  equal,
  isObject,
  type Json,
  objectOf,
  objects,
  setDefault,
  text,
  texts,
} from '../json.ts';
import { nameFaults, nameProblems } from '../names.ts';
import { structuralViolations } from '../schema/structural-rules.ts';

export function defaultDefinition(crd: Json): void {
  const spec = ensureObject(crd, 'spec');
  const names = ensureObject(spec, 'names');
  if (text(names.kind) !== '') {
    setDefault(names, 'singular', text(names.kind).toLowerCase());
    setDefault(names, 'listKind', `${text(names.kind)}List`);
  }
  setDefault(spec, 'conversion', { strategy: 'None' });
}

const mixed = 'may have mixed case, but should otherwise match: ';

export function checkDefinition(crd: Json, old: Json | undefined): FieldCause[] {
  const spec = objectOf(crd.spec);
  const names = objectOf(spec.names);
  const group = text(spec.group);
  const found: FieldCause[] = [];
  const name = text(objectOf(crd.metadata).name);
  if (name !== `${text(names.plural)}.${group}`) {
    found.push(cause.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (group === '') found.push(cause.required('spec.group'));
  else if (!group.includes('.'))
    found.push(cause.invalid('spec.group', group, 'should be a domain with at least one dot'));
  if (spec.scope === undefined) found.push(cause.required('spec.scope'));
  else if (spec.scope !== 'Namespaced' && spec.scope !== 'Cluster') {
    found.push(cause.notSupported('spec.scope', text(spec.scope), ['Cluster', 'Namespaced']));
  }
  found.push(...checkNames(names), ...checkVersions(objects(spec.versions)));
  if (old !== undefined) found.push(...checkChange(spec, objectOf(old.spec)));
  return found;
}

function checkNames(names: Json): FieldCause[] {
  const found: FieldCause[] = [];
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const path = `spec.names.${field}`;
    const value = text(names[field]);
    if (value === '') found.push(cause.required(path));
    else if (field === 'plural' || field === 'singular') found.push(...nameFaults(path, value, 'service'));
    else
      found.push(...nameProblems(value.toLowerCase(), 'service').map((why) => cause.invalid(path, value, mixed + why)));
  }
  if (text(names.kind) !== '' && names.kind === names.listKind) {
    found.push(cause.invalid('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'));
  }
  return found;
}

function checkVersions(versions: readonly Json[]): FieldCause[] {
  const found: FieldCause[] = [];
  if (versions.length === 0)
    found.push(cause.required('spec.versions', 'must have exactly one version marked as storage version'));
  const stored = versions.filter((version) => version.storage === true).length;
  if (stored !== 1 && versions.length > 0) {
    found.push(cause.invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  }
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    found.push(...nameFaults(`${path}.name`, text(version.name), 'service'));
    found.push(...checkSubresources(objectOf(version.subresources), `${path}.subresources`));
  }
  return [...found, ...checkSchemas(versions.map((version) => objectOf(version.schema).openAPIV3Schema))];
}

/** One schema that all versions share is checked once, under a path of its own. */
function checkSchemas(schemas: readonly unknown[]): FieldCause[] {
  const [first] = schemas;
  if (isObject(first) && schemas.every((schema) => equal(schema, first))) return structuralViolations(first);
  return schemas.flatMap((schema, index) =>
    structuralViolations(schema, `spec.versions[${index}].schema.openAPIV3Schema`),
  );
}

function checkSubresources(subresources: Json, path: string): FieldCause[] {
  const scale = subresources.scale;
  if (!isObject(scale)) return [];
  const found: FieldCause[] = [];
  for (const [field, root] of [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ] as const) {
    const value = text(scale[field]);
    if (value === '') found.push(cause.required(`${path}.scale.${field}`));
    else if (!value.startsWith(root)) {
      found.push(cause.invalid(`${path}.scale.${field}`, value, `should be a json path under ${root.slice(0, -1)}`));
    }
  }
  return found;
}

function checkChange(spec: Json, old: Json): FieldCause[] {
  const immutable = (field: string, value: unknown): FieldCause => cause.invalid(field, value, 'field is immutable');
  const found: FieldCause[] = [];
  if (spec.group !== old.group) found.push(immutable('spec.group', spec.group));
  if (spec.scope !== old.scope) found.push(immutable('spec.scope', spec.scope));
  const names = objectOf(spec.names);
  const oldNames = objectOf(old.names);
  if (names.plural !== oldNames.plural) found.push(immutable('spec.names.plural', names.plural));
  if (names.kind !== oldNames.kind) found.push(immutable('spec.names.kind', names.kind));
  return found;
}

const storageVersion = (crd: Json): string =>
  text(objects(objectOf(crd.spec).versions).find((version) => version.storage === true)?.name);

/** The status that a fresh definition is answered with, before its names are accepted. */
export function freshStatus(crd: Json): Json {
  return { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: [storageVersion(crd)] };
}

/** The status of a definition that is served, or nothing when it is there already. */
export function servedStatus(crd: Json, now: string): Json | undefined {
  const before = objectOf(crd.status);
  const conditions = objects(before.conditions);
  const condition = (type: string, reason: string, message: string): Json =>
    conditions.find((one) => one.type === type && one.status === 'True') ?? {
      lastTransitionTime: now,
      message,
      reason,
      status: 'True',
      type,
    };
  const stored = texts(before.storedVersions);
  const storage = storageVersion(crd);
  const status: Json = {
    acceptedNames: clone(objectOf(objectOf(crd.spec).names)),
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: stored.includes(storage) ? stored : [...stored, storage],
  };
  return equal(before, status) ? undefined : status;
}
