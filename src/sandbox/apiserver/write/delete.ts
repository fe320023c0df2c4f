/** DELETE: preconditions, finalizers, grace, and what happens to dependents. */
import { isEvent } from '../builtin/events.ts';
import { conflict, invalid } from '../errors.ts';
import { cause } from '../field-cause.ts';
import {
  clone,
  ensureObject,
  equal,
  isObject,
  type Json,
  list,
  numberOf,
  objectOf,
  optionalText,
  text,
  texts,
} from '../json.ts';
import { dryRunFaults, integerOf } from '../options.ts';
import { shown, storedForm } from '../resource.ts';
import { type Core, type Operation, timestamp } from './operation.ts';
import { liveObject } from './update.ts';

export interface Deleted {
  readonly object: Json;
  /** False: it waits for finalizers or its grace period. */
  readonly gone: boolean;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/** @param options a DeleteOptions body. @throws ApiFailure */
export function deleteObject(core: Core, operation: Operation, options: Json): Deleted {
  const live = liveObject(core, operation);
  checkPreconditions(operation, live, options);
  operation.admit(operation, { name: operation.name, live });
  const next = clone(live);
  const metadata = ensureObject(next, 'metadata');
  const { key } = operation.target.type;
  const finalizers = finalizersFor(key, texts(metadata.finalizers), options);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  const grace = graceOf(key, next, options);
  const held = finalizers.length > 0 || grace > 0 || list(objectOf(next.spec).finalizers).length > 0;
  if (!held) return { object: remove(core, operation, next), gone: true };
  markDeleted(core, next, grace);
  if (key === '/namespaces') next.status = { ...objectOf(next.status), phase: 'Terminating' };
  if (operation.dryRun || equal(next, live)) return { object: next, gone: false };
  const { namespace, name } = operation;
  return {
    object: shown(operation.target, core.store.put(key, namespace, name, storedForm(operation.target, next))),
    gone: false,
  };
}

function remove(core: Core, operation: Operation, last: Json): Json {
  if (operation.dryRun) return last;
  const { namespace, name, target } = operation;
  const removed = core.store.remove(target.type.key, namespace, name, storedForm(target, last));
  return removed === undefined ? last : shown(target, removed);
}

function markDeleted(core: Core, object: Json, grace: number): void {
  const metadata = ensureObject(object, 'metadata');
  const before = metadata.deletionTimestamp;
  if (before !== undefined && numberOf(metadata.deletionGracePeriodSeconds, 0) <= grace) return;
  metadata.deletionTimestamp = timestamp(core.clock.now().add({ seconds: grace }));
  metadata.deletionGracePeriodSeconds = grace;
  if (before === undefined && typeof metadata.generation === 'number') metadata.generation += 1;
}

/** A bound pod is given time to stop; everything else goes at once. */
function graceOf(key: string, object: Json, options: Json): number {
  if (key !== '/pods') return 0;
  const spec = objectOf(object.spec);
  const ended = ['Succeeded', 'Failed'].includes(text(objectOf(object.status).phase));
  if (optionalText(spec.nodeName) === undefined || ended) return 0;
  return numberOf(options.gracePeriodSeconds, numberOf(spec.terminationGracePeriodSeconds, 30));
}

function finalizersFor(key: string, present: readonly string[], options: Json): string[] {
  const policy = options.propagationPolicy ?? (options.orphanDependents === true ? 'Orphan' : undefined);
  if (policy === undefined) return [...present];
  const rest = present.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
  // What events own nobody looks for.
  if (isEvent(key)) return rest;
  if (policy === 'Orphan') return [...rest, orphan];
  return policy === 'Foreground' ? [...rest, foreground] : rest;
}

/** @throws ApiFailure 409 */
function checkPreconditions(operation: Operation, live: Json, options: Json): void {
  const { type } = operation.target;
  if (type.key === '/namespaces') {
    checkNamespace(operation, live, options);
    return;
  }
  const kindly = { ...type, plural: type.kind };
  const metadata = objectOf(live.metadata);
  const wanted = isObject(options.preconditions) ? options.preconditions : {};
  if (wanted.uid !== undefined && wanted.uid !== metadata.uid) {
    throw conflict(
      kindly,
      operation.name,
      `the UID in the precondition (${text(wanted.uid)}) does not match the UID in record (${text(metadata.uid)}). The object might have been deleted and then recreated`,
    );
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      kindly,
      operation.name,
      `the ResourceVersion in the precondition (${text(wanted.resourceVersion)}) does not match the ResourceVersion in record (${text(metadata.resourceVersion)}). The object might have been modified`,
    );
  }
}

/** Namespaces look for themselves, and tell it in other words. @throws ApiFailure 409 */
function checkNamespace({ target, name }: Operation, live: Json, options: Json): void {
  const wanted = objectOf(options.preconditions);
  const metadata = objectOf(live.metadata);
  for (const [field, called] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    if (wanted[field] === undefined || wanted[field] === metadata[field]) continue;
    const [in1, in2] = [text(wanted[field]), text(metadata[field])];
    throw conflict(
      target.type,
      name,
      `Precondition failed: ${called} in precondition: ${in1}, ${called} in object meta: ${in2}`,
    );
  }
}

const policies = ['Foreground', 'Background', 'Orphan'];

/** DeleteOptions from the body, or from the query of a request without one. @throws ApiFailure 400, 422 */
export function deleteOptions(body: Json, query = new URLSearchParams()): Json {
  const options: Json = { ...body };
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  if (dryRun.length > 0) options.dryRun = dryRun;
  const policy = query.get('propagationPolicy');
  if (policy !== null) options.propagationPolicy = policy;
  const grace = integerOf(query, 'gracePeriodSeconds');
  if (grace !== undefined) options.gracePeriodSeconds = grace;
  if (options.propagationPolicy === null) delete options.propagationPolicy;
  const given = options.propagationPolicy;
  const both = 'orphanDependents and deletionPropagation cannot be both set';
  const faults = [
    ...(given !== undefined && typeof options.orphanDependents === 'boolean'
      ? [cause.invalid('propagationPolicy', text(given), both)]
      : []),
    ...(given === undefined || policies.includes(text(given))
      ? []
      : [cause.notSupported('propagationPolicy', text(given), [...policies, 'nil'])]),
    ...dryRunFaults(list(options.dryRun)),
  ];
  const type = { group: 'meta.k8s.io', plural: 'deleteoptions', kind: 'DeleteOptions' };
  if (faults.length > 0) throw invalid(type, '', faults);
  return options;
}

// Kinds whose deletion is answered with the object.
const answersObject = new Set([
  '/pods',
  '/services',
  '/serviceaccounts',
  '/namespaces',
  '/persistentvolumes',
  '/persistentvolumeclaims',
  '/resourcequotas',
  '/podtemplates',
  'storage.k8s.io/storageclasses',
]);

/** The answer to a DELETE: the object while it is still there, else (for most kinds) a Status. */
export function deletionAnswer(operation: Operation, deleted: Deleted): Json {
  const { type } = operation.target;
  if (!deleted.gone || answersObject.has(type.key)) return deleted.object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: operation.name,
      ...(type.group === '' ? {} : { group: type.group }),
      kind: type.plural,
      uid: objectOf(deleted.object.metadata).uid,
    },
  };
}
