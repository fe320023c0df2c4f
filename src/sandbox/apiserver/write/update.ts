/** PUT and everything else that changes an object: one path from the live object to the stored next one. */
import { isEvent } from '../builtin/events.ts';
import { badRequest, conflict, invalid, modifiedMeanwhile, notFound } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { trackUpdate } from '../fields/managed-fields.ts';
import { checkTyped, TypedObjectError } from '../fields/typed-object.ts';
import {
  clone,
  ensureObject,
  equal,
  type Json,
  list,
  numberOf,
  objectOf,
  objects,
  optionalText,
  remove,
  text,
  texts,
  without,
} from '../json.ts';
import { shown } from '../resource.ts';
import { createObject } from './create.ts';
import {
  changeFaults,
  keepServerFields,
  metadataFaults,
  placeInNamespace,
  sentFaults,
  tidyMetadata,
  unchanged,
} from './metadata.ts';
import { type Core, checkKind, type Operation, reportUnknown, timestamp } from './operation.ts';
import { completeStatus, oddityOf, putObject, storedOddity } from './raw.ts';
import { afterAdmission, reportFinalizers, tidyOwners } from './references.ts';
import { checkRevision } from './revision.ts';
import { scaleFaults } from './scale-faults.ts';

/** The object a request speaks of, as its version shows it. @throws ApiFailure 404 */
export function liveObject(core: Core, operation: Operation): Json {
  const found = core.store.get(operation.target.type.key, operation.namespace, operation.name);
  if (found === undefined) throw notFound(operation.target.type, operation.name);
  return shown(operation.target, found);
}

export interface Written {
  readonly object: Json;
  readonly created: boolean;
}

/** @param body changed in place. @throws ApiFailure */
export function replaceObject(core: Core, operation: Operation, body: Json): Written {
  const { type, version } = operation.target;
  checkKind(operation, body, 'PUT');
  reportUnknown(operation, version.schema.decode(body));
  const metadata = ensureObject(body, 'metadata');
  placeInNamespace(operation, metadata);
  tidyOwners(operation, metadata);
  checkName(operation, text(metadata.name));
  const exists = core.store.get(type.key, operation.namespace, operation.name) !== undefined;
  if (!exists && type.rules.createOnUpdate === true) checkSameObject(operation, metadata, {});
  if (!exists && type.rules.createOnUpdate === true && operation.subresource === '') {
    operation.mayCreate();
    return { object: createObject(core, operation, body, false), created: true };
  }
  const live = liveObject(core, operation);
  version.schema.applyDefaults(body);
  checkSameObject(operation, metadata, live);
  return { object: updateObject(core, operation, live, body), created: false };
}

/** A PUT of an object that was deleted and made anew is no update. @throws ApiFailure 409 */
function checkSameObject({ target, namespace, name, dryRun }: Operation, metadata: Json, live: Json): void {
  const uid = optionalText(metadata.uid);
  const found = text(objectOf(live.metadata).uid);
  if (uid === undefined || uid === found) return;
  const { type } = target;
  // What only tries to write has another view of the store.
  const root = dryRun ? '' : '/registry';
  const parts = [...(type.definition === undefined ? [] : [type.group]), type.plural, namespace, name];
  const key = [root, ...parts.filter((part) => part !== '')].join('/');
  throw conflict(
    type,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`,
  );
}

/** @throws ApiFailure 400 for an object of another name, or of none */
export function checkName(operation: Operation, given: string): void {
  if (given === operation.name) return;
  if (given !== '') throw wrongName(operation, given);
  throw badRequest(`the name of the object (${operation.name} based on URL) was undeterminable: name must be provided`);
}

function wrongName(operation: Operation, given: string): Error {
  return badRequest(`the name of the object (${given}) does not match the name on the URL (${operation.name})`);
}

/**
 * Stores `next` (decoded and defaulted) in place of `live`, after the locks, the rules of the subresource and the
 * checks. @throws ApiFailure
 */
export function updateObject(core: Core, operation: Operation, live: Json, next: Json): Json {
  checkLock(operation, live, objectOf(next.metadata));
  operation.target.type.rules.zeros?.(next);
  const reset = resetForSubresource(operation, live, next);
  reset.metadata = { ...objectOf(reset.metadata) };
  ensureObject(reset, 'metadata').managedFields = isUntyped(operation, live, next)
    ? []
    : trackUpdate({
        live,
        next: withServerFields(next, live),
        operation: 'Update',
        manager: operation.manager,
        time: timestamp(core.clock.now()),
        subresource: operation.subresource === '' ? undefined : operation.subresource,
        schema: operation.target.version.schema.merge(),
        apiVersion: operation.target.apiVersion,
        hasStatusSubresource: operation.target.version.status,
        keptByStatus: operation.target.type.rules.keptByStatus,
      });
  if (operation.subresource === 'scale') forgetTime(reset, operation.manager);
  return storeNext(core, operation, live, reset);
}

/** What is sent to a status may have a spec that fits no type; nobody can tell then who owns what. */
function isUntyped({ target, subresource }: Operation, live: Json, next: Json): boolean {
  if (target.type.definition === undefined || subresource !== 'status') return false;
  if (next.kind !== target.type.kind) return true;
  if (equal(next.spec, live.spec)) return false;
  try {
    checkTyped(next, target.version.schema.merge());
    return false;
  } catch (error) {
    // What is there twice has a type nevertheless.
    if (error instanceof TypedObjectError) return !error.faults.every((fault) => fault.includes(': duplicate entries'));
    throw error;
  }
}

/** kube-apiserver keeps no time for writes through a Scale. */
function forgetTime(object: Json, manager: string): void {
  for (const entry of objects(objectOf(object.metadata).managedFields)) {
    if (entry.manager === manager && entry.subresource === 'scale') delete entry.time;
  }
}

function withServerFields(next: Json, live: Json): Json {
  const metadata = objectOf(next.metadata);
  const copy: Json = { ...next, metadata: { ...metadata } };
  keepServerFields(copy, live);
  // Who says when an object goes is found out later.
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds']) {
    if (metadata[field] === undefined) remove(ensureObject(copy, 'metadata'), field);
    else ensureObject(copy, 'metadata')[field] = metadata[field];
  }
  return copy;
}

/** @throws ApiFailure 409, or 422 where a revision must be named */
export function checkLock(operation: Operation, live: Json, metadata: Json): void {
  const { type } = operation.target;
  const before = objectOf(live.metadata);
  if (metadata.resourceVersion === '0') delete metadata.resourceVersion;
  const revision = optionalText(metadata.resourceVersion);
  checkRevision(revision);
  if (revision === undefined && !type.rules.unconditionalUpdate) {
    throw invalid({ ...type, kind: type.plural }, operation.name, [
      cause.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (revision !== undefined && revision !== before.resourceVersion) {
    throw conflict(type, operation.name, modifiedMeanwhile);
  }
}

/** A write to the main resource leaves the status alone, one to `status` everything else. */
function resetForSubresource(operation: Operation, live: Json, next: Json): Json {
  const { version } = operation.target;
  if (operation.subresource === 'status') {
    const metadata = metadataThroughStatus(operation, objectOf(live.metadata), objectOf(next.metadata));
    const reset: Json = { ...clone({ ...live, metadata: {} }), metadata: clone(metadata) };
    // Go has no status that is not there.
    if (next.status !== undefined) reset.status = next.status;
    else if (operation.target.type.definition === undefined) reset.status = {};
    else delete reset.status;
    return reset;
  }
  if (!version.status || operation.subresource === 'scale') return next;
  const rest = without(next, 'status');
  return live.status === undefined ? rest : { ...rest, status: live.status };
}

/** Custom resources keep all of it, built-in kinds little. */
export function metadataThroughStatus({ target }: Operation, live: Json, next: Json): Json {
  const { rules, definition } = target.type;
  if (definition !== undefined) return { ...live, managedFields: next.managedFields };
  const metadata = { ...next };
  for (const field of rules.keptByStatus ?? []) {
    if (live[field] === undefined) remove(metadata, field);
    else metadata[field] = live[field];
  }
  return metadata;
}

/**
 * The end of every update: server fields, generation, checks, the write itself.
 * @param empty what an applied object has that is empty. @throws ApiFailure 422
 */
export function storeNext(
  core: Core,
  operation: Operation,
  live: Json,
  next: Json,
  empty: readonly string[] = [],
): Json {
  const { type } = operation.target;
  const isStatus = operation.subresource === 'status';
  const inSent = [...sentFaults(next, live), ...(isStatus ? (type.rules.validateStatus?.(next) ?? []) : [])];
  tidyOwners(operation, objectOf(next.metadata), afterAdmission);
  keepServerFields(next, live);
  type.rules.prepareUpdate?.(next, live);
  type.rules.zeros?.(next);
  tidyMetadata(next);
  const metadata = ensureObject(next, 'metadata');
  const { counted } = type.rules;
  if (counted !== undefined && operation.subresource !== 'status' && !equal(counted(next), counted(live))) {
    metadata.generation = numberOf(objectOf(live.metadata).generation, 0) + 1;
  }
  // kube-apiserver checks metadata before the kind's own rules and again among most of them.
  const inMetadata = metadataFaults(next, type);
  const inChange = [...inSent, ...changeFaults(next, live)];
  const inKind = kindFaults(operation, next);
  const faults: FieldCause[] = [
    ...inMetadata,
    ...inChange,
    ...(isStatus && type.definition === undefined ? [] : inMetadata),
    ...(isEvent(type.key) ? [] : inChange),
    ...(inKind.length > 0 ? inKind : schemaFaults(operation, next, live, inMetadata)),
    ...(isStatus ? [] : (type.rules.validate?.(next, live) ?? [])),
  ];
  if (faults.length > 0) throw invalid({ ...type, kind: text(next.kind) }, operation.name, faults);
  if (!isStatus) reportFinalizers(operation, next, live);
  // A scale is asked about as one.
  if (operation.subresource !== 'scale') operation.admit(operation, { name: operation.name, object: next, live });
  if (isGone(next)) {
    if (!operation.dryRun) core.store.remove(type.key, operation.namespace, operation.name);
    return next;
  }
  const oddity = oddityOf(empty, completeStatus(operation, next));
  if (unchanged(next, live) && oddity === storedOddity(core, operation)) return live;
  return putObject(core, operation, operation.name, next, oddity);
}

/** The kind of a custom resource is looked at when all else is. */
function kindFaults({ target }: Operation, { kind }: Json): FieldCause[] {
  if (target.type.definition === undefined || kind === target.type.kind) return [];
  return [cause.invalid('kind', text(kind), `must be ${target.type.kind}`)];
}

/** A status is checked by itself: messages count its fields from there. */
function schemaFaults(
  operation: Operation,
  next: Json,
  live: Json,
  inMetadata: readonly FieldCause[],
): readonly FieldCause[] {
  const { target, subresource } = operation;
  const inScale = scaleFaults(operation, next);
  const faults = [...inScale, ...target.version.schema.validate(next, live, [...inMetadata, ...inScale])];
  if (subresource !== 'status') return faults;
  return faults.map((fault) => ({ ...fault, message: fault.message.replace(/: status\.(\S+ in body )/, ': $1') }));
}

/** Being deleted, and nobody holds it back any more. */
function isGone(object: Json): boolean {
  const metadata = objectOf(object.metadata);
  if (metadata.deletionTimestamp === undefined || numberOf(metadata.deletionGracePeriodSeconds, 0) > 0) return false;
  return texts(metadata.finalizers).length === 0 && list(objectOf(object.spec).finalizers).length === 0;
}
