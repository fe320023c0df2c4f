/** The rules of `metadata`: names, generated names, what may not change. */
import { badRequest } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import {
  ensureObject,
  equal,
  type Json,
  objectOf,
  objects,
  optionalText,
  remove,
  text,
  texts,
  without,
} from '../json.ts';
import { isSubdomain, nameFaults } from '../names.ts';
import type { Rules } from '../resource.ts';
import type { Operation } from './operation.ts';

const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

function labelFaults(labels: Json, path: string): FieldCause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const found = keyFaults(key, path);
    const content = text(value);
    if (content.length > 63) found.push(cause.invalid(path, content, 'must be no more than 63 bytes'));
    if (!labelValue.test(content)) {
      found.push(
        cause.invalid(
          path,
          content,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        ),
      );
    }
    return found;
  });
}

function keyFaults(key: string, path: string): FieldCause[] {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  const fits =
    name.length <= 63 && qualifiedName.test(name) && (slash === -1 || isSubdomain(key.slice(0, slash).toLowerCase()));
  if (fits) return [];
  return [
    cause.invalid(
      path,
      key,
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ),
  ];
}

function ownerFaults(owners: readonly Json[]): FieldCause[] {
  const found = owners.flatMap((owner) =>
    ['apiVersion', 'kind', 'name', 'uid']
      .filter((field) => text(owner[field]) === '')
      .map((field) => cause.invalid(`metadata.ownerReferences.${field}`, '', 'must not be empty')),
  );
  if (owners.filter((owner) => owner.controller === true).length > 1) {
    found.push(
      cause.invalid('metadata.ownerReferences', owners, 'Only one reference can have Controller set to true.'),
    );
  }
  return found;
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Custom resources may have finalizers without a domain. */
function finalizerFaults(finalizers: readonly string[]): FieldCause[] {
  return finalizers.flatMap((finalizer, index) =>
    finalizer.includes('/') || standardFinalizers.has(finalizer)
      ? []
      : [
          cause.invalid(
            `metadata.finalizers[${index}]`,
            finalizer,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
}

/** The prefix of a generated name; a trailing dash is as good as what follows it. */
function prefixFaults(prefix: string, rules: Rules): FieldCause[] {
  const faults = nameFaults('metadata.name', prefix.replace(/-$/, 'a'), rules.namePattern);
  return faults.map(({ message }) => ({
    reason: 'FieldValueInvalid',
    message: message.replace(/^Invalid value: "[^"]*"/, `Invalid value: ${JSON.stringify(prefix)}`),
    field: 'metadata.generateName',
  }));
}

/** Everything wrong with the metadata of an object about to be stored. */
export function metadataFaults(object: Json, rules: Rules, builtIn: boolean): FieldCause[] {
  const metadata = objectOf(object.metadata);
  const name = text(metadata.name);
  const annotations = Object.keys(objectOf(metadata.annotations));
  const prefix = text(metadata.generateName);
  return [
    ...(prefix === '' ? [] : prefixFaults(prefix, rules)),
    ...(name === ''
      ? [cause.required('metadata.name', 'name or generateName is required')]
      : nameFaults('metadata.name', name, rules.namePattern)),
    ...labelFaults(objectOf(metadata.labels), 'metadata.labels'),
    ...annotations.flatMap((key) => keyFaults(key, 'metadata.annotations')),
    ...ownerFaults(objects(metadata.ownerReferences)),
    ...(builtIn ? finalizerFaults(texts(metadata.finalizers)) : []),
  ];
}

/** What an update tried to change and may not. */
export function changeFaults(next: Json, live: Json): FieldCause[] {
  const [after, before] = [objectOf(next.metadata), objectOf(live.metadata)];
  if (before.deletionTimestamp === undefined) return [];
  const known = new Set(texts(before.finalizers));
  const added = texts(after.finalizers).filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return [];
  const listed = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  return [
    cause.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`,
    ),
  ];
}

// Without vowels and look-alikes, so that no word appears.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export function generatedName(prefix: string, random: () => number): string {
  const suffix = Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)] ?? 'x').join('');
  return prefix.slice(0, 63 - 5) + suffix;
}

const owned = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'selfLink'];

/** Gives an update the server's part of the metadata. */
export function keepServerFields(next: Json, live: Json): void {
  const metadata = ensureObject(next, 'metadata');
  const before = objectOf(live.metadata);
  for (const field of [...owned, 'resourceVersion', 'name', 'namespace']) {
    if (before[field] === undefined) remove(metadata, field);
    else metadata[field] = before[field];
  }
}

export function dropServerFields(metadata: Json): void {
  for (const field of owned) remove(metadata, field);
}

/** An empty map or list is the same as none. */
export function tidyMetadata(object: Json): void {
  const metadata = ensureObject(object, 'metadata');
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields']) {
    const value = metadata[field];
    if (typeof value === 'object' && (value === null || Object.keys(value).length === 0)) remove(metadata, field);
  }
  if (metadata.generateName === '') delete metadata.generateName;
}

/** The namespace of the body must be the one of the address. @throws ApiFailure 400 */
export function placeInNamespace(operation: Operation, metadata: Json): void {
  const given = optionalText(metadata.namespace);
  if (operation.namespace === '') delete metadata.namespace;
  else if (given !== undefined && given !== operation.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  } else metadata.namespace = operation.namespace;
}

/** Equal but for what a write alone would change. */
export function unchanged(next: Json, live: Json): boolean {
  const strip = ({ metadata, ...rest }: Json): Json => {
    const { managedFields, ...kept } = without(objectOf(metadata), 'resourceVersion');
    const untimed = objects(managedFields).map((entry) => without(entry, 'time'));
    return { ...rest, metadata: { ...kept, managedFields: untimed } };
  };
  return equal(strip(next), strip(live));
}
