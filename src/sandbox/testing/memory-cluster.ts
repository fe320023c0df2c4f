/**
 * `testing` holds small doubles for the sandbox's own tests. This one is an API server in a Map: resource versions,
 * generations, the status subresource, merge patches, finalizers, naive server-side apply, garbage collection.
 */
import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../api/json.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient, Patch } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { ApiStatusError } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';

type Json = Record<string, unknown>;
type Listener = (current: KubeObject | undefined, previous: KubeObject | undefined) => void;

export interface MemoryCluster {
  readonly client: KubeClient;
  readonly reader: Reader;
  /** One line per write that changed something: `patch Deployment/default/app status`. */
  readonly writes: string[];
  /** Every version of every object, oldest first. */
  readonly history: KubeObject[];
  /** Puts an object there as a person would with kubectl: without `status` or finalizers it keeps those it has. */
  put(object: KubeObject): void;
  find(kind: string, name: string, namespace?: string): KubeObject | undefined;
  all(kind: string): KubeObject[];
  /** The next request that fits is refused with this status. */
  refuse(line: RegExp, status: number): void;
  onChange(listener: Listener): void;
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Json = { ...(isRecord(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** Removes from `target` what was applied before and is not now. */
function withoutAbandoned(target: unknown, before: unknown, now: unknown): unknown {
  if (!isRecord(target) || !isRecord(before)) return target;
  const result: Json = { ...target };
  for (const key of Object.keys(before)) {
    const kept = isRecord(now) ? now[key] : undefined;
    if (kept === undefined) Reflect.deleteProperty(result, key);
    else result[key] = withoutAbandoned(result[key], before[key], kept);
  }
  return result;
}

function asObject(value: unknown): KubeObject {
  return value as KubeObject;
}

export function createMemoryCluster(clock: Pick<Clock, 'now'>): MemoryCluster {
  const objects = new Map<string, KubeObject>();
  const applied = new Map<string, unknown>();
  const listeners: Listener[] = [];
  const refusals: { line: RegExp; status: number }[] = [];
  const writes: string[] = [];
  const history: KubeObject[] = [];
  let version = 0;

  const groupKind = ({ apiVersion, kind }: { apiVersion: string; kind: string }): string =>
    `${apiVersion.replace(/\/?[^/]*$/, '')}/${kind}`;
  const idOf = (type: { apiVersion: string; kind: string }, key: ObjectKey): string =>
    `${groupKind(type)} ${keyText(key)}`;

  const error = (status: number, reason: string, verb: string, type: ResourceType, key: ObjectKey): ApiStatusError =>
    new ApiStatusError(
      status,
      reason,
      `${verb} ${type.kind} ${keyText(key)}: ${reason}`,
      { verb, kind: type.kind, key },
      { kind: 'retryable' },
    );

  const check = (verb: string, type: ResourceType, key: ObjectKey, subresource?: string): string => {
    const line = `${verb} ${type.kind}/${keyText(key)}${subresource === undefined ? '' : ` ${subresource}`}`;
    const index = refusals.findIndex((refusal) => refusal.line.test(line));
    if (index >= 0) throw error(refusals.splice(index, 1)[0]!.status, 'Refused', verb, type, key);
    return line;
  };

  const drop = (object: KubeObject): void => {
    objects.delete(idOf(object, keyOf(object)));
    for (const listener of listeners) listener(undefined, object);
    for (const other of [...objects.values()]) {
      if (other.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)) drop(other);
    }
  };

  const store = (next: KubeObject, line?: string): KubeObject => {
    const id = idOf(next, keyOf(next));
    const previous = objects.get(id);
    const content = (whole: KubeObject): Json => ({ ...whole, metadata: undefined, status: undefined });
    const changed = previous === undefined || !isDeepStrictEqual(content(previous), content(next));
    const metadata = {
      ...next.metadata,
      uid: previous?.metadata.uid ?? `uid-${version + 1}`,
      generation: (previous?.metadata.generation ?? 0) + (changed ? 1 : 0),
      creationTimestamp: previous?.metadata.creationTimestamp ?? clock.now().toString({ smallestUnit: 'second' }),
      resourceVersion: previous?.metadata.resourceVersion ?? '',
    };
    const same = previous !== undefined && isDeepStrictEqual(previous, { ...next, metadata });
    if (same) return previous;
    const object = JSON.parse(
      JSON.stringify({ ...next, metadata: { ...metadata, resourceVersion: String(++version) } }),
    );
    if (line !== undefined) writes.push(line);
    history.push(object);
    if (object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0) {
      drop(object);
      return object;
    }
    objects.set(id, object);
    for (const listener of listeners) listener(object, previous);
    return object;
  };

  const require = (verb: string, type: ResourceType, key: ObjectKey): KubeObject => {
    const object = objects.get(idOf(type, key));
    if (object === undefined) throw error(404, 'NotFound', verb, type, key);
    return object;
  };

  const locked = (verb: string, type: ResourceType, key: ObjectKey, wanted: unknown, live: KubeObject): void => {
    const { resourceVersion } = isRecord(wanted) && isRecord(wanted.metadata) ? wanted.metadata : {};
    if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
      throw error(409, 'Conflict', verb, type, key);
    }
  };

  /** Only `status` through the subresource, everything but it through the object. */
  const split = (live: KubeObject, wanted: unknown, subresource: string | undefined): KubeObject => {
    const next = asObject(wanted);
    return subresource === 'status' ? { ...live, status: next.status } : { ...next, status: live.status };
  };

  const bodyOf = (patch: Patch): unknown => {
    if (patch.type === 'merge') return patch.body;
    throw new Error('the memory cluster has merge patches only');
  };

  const client: KubeClient = {
    get: async (type, key) => {
      check('get', type, key);
      return type.parse(require('get', type, key));
    },
    list: async (type, options = {}) => ({
      items: listOf(type, options.namespace),
      resourceVersion: String(version),
      continue: undefined,
    }),
    watch: () => {
      throw new Error('the memory cluster has onChange instead of watch');
    },
    create: async (type, object) => {
      const key = keyOf(object);
      const line = check('create', type, key);
      if (objects.has(idOf(type, key))) throw error(409, 'AlreadyExists', 'create', type, key);
      const created: Json = { ...object };
      delete created.status;
      return type.parse(store(asObject(created), line));
    },
    replace: async (type, object, options = {}) => {
      const key = keyOf(object);
      const line = check('replace', type, key, options.subresource);
      const live = require('replace', type, key);
      locked('replace', type, key, object, live);
      return type.parse(store(split(live, object, options.subresource), line));
    },
    patch: async (type, key, patch, options = {}) => {
      const line = check('patch', type, key, options.subresource);
      const live = require('patch', type, key);
      locked('patch', type, key, bodyOf(patch), live);
      return type.parse(store(split(live, merged(live, bodyOf(patch)), options.subresource), line));
    },
    apply: async (type, object, options) => {
      const key = keyOf(object);
      const line = check('apply', type, key, options.subresource);
      const id = idOf(type, key);
      const live = objects.get(id) ?? { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
      const kept = withoutAbandoned(live, applied.get(`${options.fieldManager} ${id}`), object);
      applied.set(`${options.fieldManager} ${id}`, object);
      return type.parse(store(split(live, merged(kept, object), options.subresource), line));
    },
    remove: async (type, key, options = {}) => {
      const line = check('remove', type, key);
      const live = require('remove', type, key);
      if (options.uid !== undefined && options.uid !== live.metadata.uid)
        throw error(409, 'Conflict', 'remove', type, key);
      const deletionTimestamp = live.metadata.deletionTimestamp ?? clock.now().toString({ smallestUnit: 'second' });
      store({ ...live, metadata: { ...live.metadata, deletionTimestamp } }, line);
    },
  };

  const listOf = (type: { apiVersion: string; kind: string }, namespace?: string): KubeObject[] =>
    [...objects.values()]
      .filter((object) => groupKind(object) === groupKind(type))
      .filter((object) => (namespace ?? '') === '' || object.metadata.namespace === namespace)
      .sort((a, b) => (keyText(keyOf(a)) < keyText(keyOf(b)) ? -1 : 1));

  return {
    client,
    reader: {
      get: async (type, key) => {
        const object = objects.get(idOf(type, key));
        return object === undefined ? undefined : type.parse(object);
      },
      list: async (type, { namespace, labels } = {}) =>
        listOf(type, namespace)
          .filter((object) => labels?.(object.metadata.labels) ?? true)
          .map((object) => type.parse(object)),
      find: async (type, { index, value, namespace }) =>
        listOf(type, namespace)
          .map((object) => type.parse(object))
          .filter((object) => [...index.valuesOf(object)].includes(value)),
    },
    writes,
    history,
    put(object) {
      const live = objects.get(idOf(object, keyOf(object)));
      const finalizers = object.metadata.finalizers ?? live?.metadata.finalizers;
      const metadata = { ...object.metadata, ...(finalizers === undefined ? {} : { finalizers }) };
      store({
        ...object,
        metadata,
        ...('status' in object || live?.status === undefined ? {} : { status: live.status }),
      });
    },
    find: (kind, name, namespace = 'default') =>
      [...objects.values()].find(
        (object) =>
          object.kind === kind && object.metadata.name === name && (object.metadata.namespace ?? '') === namespace,
      ),
    all: (kind) => [...objects.values()].filter((object) => object.kind === kind),
    refuse: (line, status) => void refusals.push({ line, status }),
    onChange: (listener) => void listeners.push(listener),
  };
}
