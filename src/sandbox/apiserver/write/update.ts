/** PUT and everything else that changes an object: one path from the live object to the stored next one. */
import { ApiFailure, badRequest, conflict, invalid, modifiedMeanwhile, notFound } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { trackUpdate } from '../fields/managed-fields.ts';
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
  text,
  texts,
  without,
} from '../json.ts';
import { shown, storedForm } from '../resource.ts';
import { createObject } from './create.ts';
import {
  changeFaults,
  deletionFaults,
  keepServerFields,
  metadataFaults,
  placeInNamespace,
  tidyMetadata,
  unchanged,
} from './metadata.ts';
import { type Core, checkKind, type Operation, reportUnknown, timestamp } from './operation.ts';
import { tidyReferences } from './references.ts';

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
  checkKind(operation, body);
  const unknown = version.schema.decode(body);
  const metadata = ensureObject(body, 'metadata');
  placeInNamespace(operation, metadata);
  if (text(metadata.name) === '') {
    throw badRequest(
      `the name of the object (${operation.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== operation.name) throw wrongName(operation, text(metadata.name));
  const exists = core.store.get(type.key, operation.namespace, operation.name) !== undefined;
  if (!exists && type.rules.createOnUpdate === true && operation.subresource === '') {
    operation.mayCreate();
    return { object: createObject(core, operation, body), created: true };
  }
  const live = liveObject(core, operation);
  reportUnknown(operation, unknown);
  version.schema.applyDefaults(body);
  checkSameObject(operation, metadata, live);
  if (metadata.resourceVersion === '0') delete metadata.resourceVersion;
  if (optionalText(metadata.resourceVersion) === undefined && !type.rules.unconditionalUpdate) {
    throw invalid({ ...type, kind: type.plural }, operation.name, [
      cause.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  return { object: updateObject(core, operation, live, body), created: false };
}

/** A PUT of an object that was deleted and made anew is no update. @throws ApiFailure 409 */
function checkSameObject({ target, namespace, name }: Operation, metadata: Json, live: Json): void {
  const uid = optionalText(metadata.uid);
  const found = text(objectOf(live.metadata).uid);
  if (uid === undefined || uid === found) return;
  const { type } = target;
  const key = ['/registry', ...(type.definition === undefined ? [] : [type.group]), type.plural, namespace, name];
  throw conflict(
    type,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key.filter((part) => part !== '').join('/')}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`,
  );
}

export function wrongName(operation: Operation, given: string): Error {
  return badRequest(`the name of the object (${given}) does not match the name on the URL (${operation.name})`);
}

/**
 * Stores `next` (decoded and defaulted) in place of `live`, after the locks, the rules of the subresource and the
 * checks. @throws ApiFailure
 */
export function updateObject(core: Core, operation: Operation, live: Json, next: Json): Json {
  checkLock(operation, live, objectOf(next.metadata));
  const reset = resetForSubresource(operation, live, next);
  reset.metadata = { ...objectOf(reset.metadata) };
  ensureObject(reset, 'metadata').managedFields = trackUpdate({
    live,
    next: withServerFields(reset, live),
    operation: 'Update',
    manager: operation.manager,
    time: timestamp(core.clock.now()),
    subresource: operation.subresource === '' ? undefined : operation.subresource,
    schema: operation.target.version.schema.merge(),
    apiVersion: operation.target.apiVersion,
    hasStatusSubresource: operation.target.version.status,
  });
  if (operation.subresource === 'scale') forgetTime(reset, operation.manager);
  return storeNext(core, operation, live, reset);
}

/** kube-apiserver keeps no time for writes through a Scale. */
function forgetTime(object: Json, manager: string): void {
  for (const entry of objects(objectOf(object.metadata).managedFields)) {
    if (entry.manager === manager && entry.subresource === 'scale') delete entry.time;
  }
}

function withServerFields(next: Json, live: Json): Json {
  const copy = { ...next, metadata: { ...objectOf(next.metadata) } };
  keepServerFields(copy, live);
  return copy;
}

/** @throws ApiFailure 409, or 422 for another object's uid */
export function checkLock(operation: Operation, live: Json, metadata: Json): void {
  const { type } = operation.target;
  const before = objectOf(live.metadata);
  const revision = optionalText(metadata.resourceVersion);
  if (revision !== undefined && !/^\d+$/.test(revision)) {
    throw new ApiFailure(500, '', `strconv.ParseUint: parsing "${revision}": invalid syntax`);
  }
  if (revision !== undefined && revision !== before.resourceVersion) {
    throw conflict(type, operation.name, modifiedMeanwhile);
  }
  const uid = optionalText(metadata.uid);
  if (uid !== undefined && uid !== before.uid) {
    const fault = cause.invalid('metadata.uid', uid, 'field is immutable');
    throw invalid(type, operation.name, [fault, fault]);
  }
}

/** A write to the main resource leaves the status alone, one to `status` everything else. */
function resetForSubresource(operation: Operation, live: Json, next: Json): Json {
  const { version, type } = operation.target;
  if (operation.subresource === 'status') {
    const managedFields = objectOf(next.metadata).managedFields;
    const metadata: Json = { ...objectOf(live.metadata), managedFields };
    // Built-in strategies of workloads and namespaces let annotations through; CRs keep all metadata.
    if (type.definition === undefined) metadata.annotations = objectOf(objectOf(next.metadata).annotations);
    const reset: Json = { ...clone({ ...live, metadata: {} }), metadata: clone(metadata) };
    if (next.status === undefined) delete reset.status;
    else reset.status = next.status;
    return reset;
  }
  if (!version.status || operation.subresource === 'scale') return next;
  const rest = without(next, 'status');
  return live.status === undefined ? rest : { ...rest, status: live.status };
}

/** The end of every update: server fields, generation, checks, the write itself. @throws ApiFailure 422 */
export function storeNext(core: Core, operation: Operation, live: Json, next: Json): Json {
  const { type } = operation.target;
  const inTime = deletionFaults(next, live);
  tidyReferences(operation, next);
  keepServerFields(next, live);
  type.rules.prepareUpdate?.(next, live);
  tidyMetadata(next);
  const metadata = ensureObject(next, 'metadata');
  const { counted } = type.rules;
  if (counted !== undefined && !equal(counted(next), counted(live))) {
    metadata.generation = numberOf(objectOf(live.metadata).generation, 0) + 1;
  }
  // kube-apiserver checks metadata before the kind's own rules and again among them.
  const inMetadata = [
    ...inTime,
    ...metadataFaults(next, type.rules, type.definition === undefined),
    ...changeFaults(next, live),
  ];
  const faults: FieldCause[] = [
    ...inMetadata,
    ...inMetadata,
    ...schemaFaults(operation, next, live),
    ...(operation.subresource === 'status' ? [] : (type.rules.validate?.(next, live) ?? [])),
  ];
  if (faults.length > 0) throw invalid(type, operation.name, faults);
  // A scale is asked about as one.
  if (operation.subresource !== 'scale') operation.admit(operation, { name: operation.name, object: next, live });
  if (unchanged(next, live)) return live;
  if (operation.dryRun) return next;
  if (isGone(next)) {
    core.store.remove(type.key, operation.namespace, operation.name);
    return next;
  }
  return shown(
    operation.target,
    core.store.put(type.key, operation.namespace, operation.name, storedForm(operation.target, next)),
  );
}

/** A status is checked by itself: messages count its fields from there. */
function schemaFaults({ target, subresource }: Operation, next: Json, live: Json): readonly FieldCause[] {
  const faults = target.version.schema.validate(next, live);
  if (subresource !== 'status') return faults;
  return faults.map((fault) => ({ ...fault, message: fault.message.replace(/: status\.(\S+ in body )/, ': $1') }));
}

/** Being deleted, and nobody holds it back any more. */
function isGone(object: Json): boolean {
  const metadata = objectOf(object.metadata);
  if (metadata.deletionTimestamp === undefined || numberOf(metadata.deletionGracePeriodSeconds, 0) > 0) return false;
  return texts(metadata.finalizers).length === 0 && list(objectOf(object.spec).finalizers).length === 0;
}
