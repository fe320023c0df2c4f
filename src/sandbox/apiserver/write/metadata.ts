/** The rules of `metadata`: names, generated names, what may not change. */
import { isEvent } from '../builtin/events.ts';
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
import { keyFaults, labelFaults } from '../label-faults.ts';
import { nameFaults } from '../names.ts';
import type { ResourceType, Rules } from '../resource.ts';
import type { Operation } from './operation.ts';
import { finalizerFaults, ownerFaults } from './references.ts';

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
export function metadataFaults(object: Json, { key, definition, rules }: ResourceType): FieldCause[] {
  const metadata = objectOf(object.metadata);
  const name = text(metadata.name);
  const needsPrefix = definition === undefined && !isEvent(key) && !key.startsWith('coordination.k8s.io/');
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
    ...finalizerFaults(texts(metadata.finalizers), needsPrefix),
  ];
}

/** Nobody but the server says which object it is, and when it goes. @param next as it was sent */
export function sentFaults(next: Json, live: Json): FieldCause[] {
  const [after, before] = [objectOf(next.metadata), objectOf(live.metadata)];
  const immutable = (field: string): FieldCause =>
    cause.invalid(`metadata.${field}`, after[field], 'field is immutable');
  const comes = before.deletionTimestamp === undefined && optionalText(after.deletionTimestamp) !== undefined;
  const uid = optionalText(after.uid);
  return [
    ...(uid === undefined || uid === before.uid ? [] : [immutable('uid')]),
    ...(comes ? [immutable('deletionTimestamp')] : []),
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

/** What a client sends of these is not read; a generation is, where nobody counts. */
export function dropServerFields(metadata: Json): void {
  for (const field of owned) if (field !== 'generation') remove(metadata, field);
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
