/** PATCH in its four forms. */
import { ApiFailure, applyConflict, badRequest, conflict, invalid } from '../errors.ts';
import { cause } from '../field-cause.ts';
import { applyObject } from '../fields/managed-fields.ts';
import { checkTyped, TypedObjectError } from '../fields/typed-object.ts';
import { clone, ensureObject, goText, isObject, type Json, objectOf, optionalText, text, without } from '../json.ts';
import { PatchError } from '../patch/errors.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import { insertObject } from './create.ts';
import { lastApplied, recordApplied } from './last-applied.ts';
import { placeInNamespace } from './metadata.ts';
import { blankOf, type Core, type Operation, reportUnknown, timestamp } from './operation.ts';
import { emptyContainers } from './raw.ts';
import { afterAdmission, tidyOwners } from './references.ts';
import {
  checkLock,
  checkName,
  liveObject,
  metadataThroughStatus,
  storeNext,
  updateObject,
  type Written,
} from './update.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/** @param patch parsed; for `apply` the object that the manager wants. @throws ApiFailure */
export function patchObject(core: Core, operation: Operation, type: PatchType, patch: unknown): Written {
  if (type === 'apply') return apply(core, operation, patch);
  const live = liveObject(core, operation);
  const next = patched(operation, type, live, patch);
  checkPatchedKind(operation, next);
  const { schema } = operation.target.version;
  const original = type === 'strategic' ? goText(patch) : JSON.stringify(next);
  try {
    reportUnknown(operation, schema.decode(next).toSorted());
  } catch (error) {
    throw unreadable(error, original);
  }
  schema.applyDefaults(next);
  const metadata = ensureObject(next, 'metadata');
  placeInNamespace(operation, metadata);
  tidyOwners(operation, metadata, afterAdmission);
  checkName(operation, text(metadata.name));
  return { object: updateObject(core, operation, live, next), created: false };
}

/** @param object what it led to. @param why that cannot be read */
export function badPatch(object: string, why: string): ApiFailure {
  const fault = cause.invalid('patch', object, why);
  return new ApiFailure(422, 'Invalid', ` "" is invalid: patch: ${fault.message}`, { causes: [fault] });
}

/** A patch that leads to an object that cannot be read is blamed on the patch. */
function unreadable(error: unknown, object: string): unknown {
  if (!(error instanceof ApiFailure) || error.code !== 400) return error;
  return badPatch(object, error.message.replace(/^.*? cannot be handled as a \w+: /, ''));
}

/** What was merged and cannot be read then is nobody's fault. */
function unconvertible({ target }: Operation, error: unknown, place: string): unknown {
  if (!(error instanceof ApiFailure) || target.type.definition !== undefined) return error;
  const why = error.message.replace(/^.*? cannot be handled as a \w+: /, '');
  const kind = typeText(target.apiVersion, target.type.kind);
  const told = `failed to convert new object (${place}; ${kind}) to proper version: unable to convert unstructured object to ${kind}: ${why}`;
  return new ApiFailure(500, '', told);
}

function objectPlace({ metadata }: Json): string {
  const { namespace, name } = objectOf(metadata);
  return `${text(namespace)}/${text(name)}`;
}

function patched(operation: Operation, type: 'json' | 'merge' | 'strategic', live: Json, patch: unknown): Json {
  const next = mutated(operation, type, live, patch);
  if (!isObject(next)) throw badRequest('the patch does not lead to an object');
  return next;
}

/** @throws ApiFailure 422: a patch does not make another kind of an object */
function checkPatchedKind({ target, name }: Operation, next: Json): void {
  const [version, kind] = [text(next.apiVersion), text(next.kind)];
  const custom = target.type.definition !== undefined;
  if (version === target.apiVersion && (kind === target.type.kind || (custom && kind !== ''))) return;
  const wrongVersion = cause.invalid('apiVersion', version, `must be ${target.apiVersion}`);
  const wrongKind = cause.invalid('kind', kind, `must be ${target.type.kind}`);
  throw invalid({ ...target.type, kind }, name, [
    ...(kind === target.type.kind ? [] : [wrongKind]),
    ...(version === target.apiVersion ? [] : [wrongVersion]),
  ]);
}

const noMap = 'json: cannot unmarshal array into Go value of type map[string]interface {}';

/** Pure: a patch on a copy of the live object. @throws ApiFailure 400 or 422 */
export function mutated(
  operation: Operation,
  type: 'json' | 'merge' | 'strategic',
  live: Json,
  patch: unknown,
): unknown {
  try {
    switch (type) {
      case 'json':
        if (!Array.isArray(patch)) {
          throw badRequest(
            'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
          );
        }
        checkOperations(patch);
        return applyJsonPatch(live, patch);
      case 'merge':
        if (Array.isArray(patch)) throw badRequest(`error decoding patch: ${noMap}`);
        return clone(applyMergePatch(live, patch));
      case 'strategic':
        if (Array.isArray(patch)) throw badRequest(noMap);
        return clone(applyStrategicMerge(live, patch, operation.target.version.schema.merge()));
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.code === 'unreckoned') throw new ApiFailure(500, '', error.message);
    if (type !== 'json' && error.code === 'invalid') throw badRequest(error.message);
    throw new ApiFailure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** @throws ApiFailure 400 */
function checkOperations(patch: readonly unknown[]): void {
  const odd = patch.find((operation) => !isObject(operation));
  if (odd === undefined || odd === null) return;
  const type = Array.isArray(odd) ? 'array' : typeof odd === 'boolean' ? 'bool' : typeof odd;
  throw badRequest(`error decoding patch: json: cannot unmarshal ${type} into Go value of type handlers.jsonPatchOp`);
}

function apply(core: Core, operation: Operation, patch: unknown): Written {
  const { type, version, apiVersion } = operation.target;
  const stored = core.store.get(type.key, operation.namespace, operation.name);
  if (stored === undefined && operation.subresource !== '') liveObject(core, operation);
  const place = isObject(patch) ? objectPlace(patch) : '';
  const applied = appliedObject(operation, patch);
  const live = stored === undefined ? undefined : liveObject(core, operation);
  const metadata = objectOf(applied.metadata);
  const uid = optionalText(metadata.uid);
  if (live === undefined && uid !== undefined) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(type, operation.name, why);
  }
  const result = applyObject({
    ...(live === undefined ? {} : { live }),
    applied,
    manager: operation.manager,
    force: operation.force,
    blank: blankOf(operation),
    yields: lastApplied(operation, live),
    time: timestamp(core.clock.now()),
    ...(operation.subresource === '' ? {} : { subresource: operation.subresource }),
    schema: version.schema.merge(),
    apiVersion,
    hasStatusSubresource: version.status,
    keptByStatus: type.rules.keptByStatus,
  });
  if (result.conflicts.length > 0 && !operation.force) {
    throw applyConflict(
      result.conflicts.map((found) => ({ ...found, message: withoutField(found.message, found.field) })),
    );
  }
  const empty = operation.subresource === '' ? emptyContainers(operation, applied, result.object) : [];
  const next = clone(result.object);
  recordApplied(operation, next, applied);
  // The server says when, whatever is sent.
  if (type.definition !== undefined) delete ensureObject(next, 'metadata').creationTimestamp;
  try {
    reportUnknown(operation, version.schema.decode(next));
  } catch (error) {
    throw unconvertible(operation, error, place);
  }
  tidyOwners(operation, objectOf(next.metadata), afterAdmission);
  checkName(operation, text(objectOf(next.metadata).name));
  placeInNamespace(operation, ensureObject(next, 'metadata'));
  if (live !== undefined) checkLock(operation, live, objectOf(next.metadata));
  version.schema.applyDefaults(next, 'keep');
  if (live === undefined) {
    operation.mayCreate();
    return { object: insertObject(core, operation, next, { fresh: false, empty }), created: true };
  }
  return { object: storeNext(core, operation, live, ofSubresource(operation, live, next), empty), created: false };
}

/** A write to the status leaves all else alone, one to the main resource the status. */
function ofSubresource(operation: Operation, live: Json, next: Json): Json {
  const inStatus = operation.subresource === 'status';
  if (!inStatus && !operation.target.version.status) return next;
  const { status } = inStatus ? next : live;
  const metadata = metadataThroughStatus(operation, objectOf(live.metadata), objectOf(next.metadata));
  const rest = inStatus ? { ...clone(live), metadata } : next;
  // Go has no status that is not there.
  const blank = inStatus && operation.target.type.definition === undefined ? {} : undefined;
  return { ...without(rest, 'status'), ...((status ?? blank) === undefined ? {} : { status: status ?? blank }) };
}

function withoutField(message: string, field: string): string {
  return message.endsWith(`: ${field}`) ? message.slice(0, -field.length - 2) : message;
}

/** @throws ApiFailure for a body that cannot be applied at all */
function appliedObject(operation: Operation, patch: unknown): Json {
  if (patch === null) throw badRequest(`invalid object type: ${typeText('', '')}`);
  if (!isObject(patch)) {
    throw badRequest(
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  const { target } = operation;
  if (patch.apiVersion !== target.apiVersion || patch.kind !== target.type.kind) {
    throw badRequest(`invalid object type: ${typeText(text(patch.apiVersion), text(patch.kind))}`);
  }
  const metadata = ensureObject(patch, 'metadata');
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  delete metadata.managedFields;
  checkFields(operation, patch);
  return patch;
}

/** @throws ApiFailure 500, as kube-apiserver has it, for what the schema cannot tell how to merge */
function checkFields({ target }: Operation, patch: Json): void {
  try {
    checkTyped(patch, target.version.schema.merge());
  } catch (error) {
    if (!(error instanceof TypedObjectError)) throw error;
    const place = `${objectPlace(patch)}; ${typeText(target.apiVersion, target.type.kind)}`;
    throw new ApiFailure(500, '', `failed to create typed patch object (${place}): ${error.message}`);
  }
}

/** A group, version and kind as Go prints them: the core group is the empty one. */
function typeText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}
