/** A small API server in memory, for tests: get, list, status writes, JSON patch, server-side apply with ownership. */
import { isRecord } from '../../../api/json.ts';
import { type KubeObject, keyText, type ManagedFieldsEntry, type ObjectKey } from '../../../api/meta.ts';
import type { ResourceType } from '../../../api/resource-type.ts';
import type { ApplyOptions, KubeClient, Patch } from '../../../kube/client.ts';
import { ApiStatusError } from '../../../kube/errors.ts';

type Tree = Record<string, unknown>;

export class MemoryCluster implements KubeClient {
  /** `verb Kind namespace/name`, of every request. */
  readonly requests: string[] = [];
  /** Answers of requests to come: a status code for `verb Kind namespace/name`. */
  readonly failures = new Map<string, number>();
  readonly #objects = new Map<string, KubeObject>();
  #version = 0;

  /** Puts an object in as it is, status included. */
  put(object: Tree): this {
    const copy = structuredClone(object) as unknown as KubeObject;
    copy.metadata.resourceVersion = String(++this.#version);
    this.#objects.set(`${copy.apiVersion} ${copy.kind} ${keyText(keyFrom(copy))}`, copy);
    return this;
  }

  delete(apiVersion: string, kind: string, key: ObjectKey): boolean {
    return this.#objects.delete(`${apiVersion} ${kind} ${keyText(key)}`);
  }

  /** Writes so far: everything but reads. */
  get writes(): readonly string[] {
    return this.requests.filter((request) => !/^(get|list) /.test(request));
  }

  async get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T> {
    this.#log('get', type, key);
    return type.parse(structuredClone(this.#find('get', type, key)));
  }

  async list(type: ResourceType, options: { namespace?: string } = {}) {
    this.#log('list', type, { namespace: '', name: options.namespace ?? '' });
    const items = [...this.#objects.values()].filter(
      (object) =>
        object.apiVersion === type.apiVersion &&
        object.kind === type.kind &&
        (!options.namespace || object.metadata.namespace === options.namespace),
    );
    return { items: structuredClone(items), resourceVersion: String(this.#version), continue: undefined };
  }

  watch(): never {
    throw new Error('not in this double');
  }

  create(): never {
    throw new Error('not in this double');
  }

  remove(): never {
    throw new Error('not in this double');
  }

  async replace<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: { subresource?: string } = {},
  ): Promise<T> {
    const key = keyFrom(object);
    this.#log('replace', type, key);
    const present = this.#find('replace', type, key);
    if (object.metadata.resourceVersion !== present.metadata.resourceVersion) throw failure(409, 'replace', type, key);
    const next = options.subresource === 'status' ? { ...present, status: object.status } : object;
    return this.#store(type, next);
  }

  async patch<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, patch: Patch): Promise<T> {
    this.#log('patch', type, key);
    const next = structuredClone(this.#find('patch', type, key)) as unknown as Tree;
    if (patch.type !== 'json') throw new Error('not in this double');
    for (const { op, path, value } of patch.operations) {
      const names = path
        .slice(1)
        .split('/')
        .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (op === 'test') {
        if (JSON.stringify(valueAt(next, names)) !== JSON.stringify(value)) throw failure(422, 'patch', type, key);
      } else if (op === 'remove') removeAt(next, names);
      else setAt(next, names, value);
    }
    return this.#store(type, next as unknown as KubeObject);
  }

  /** Always forced: whoever owned one of the fields with another value, loses it. */
  async apply<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, options: ApplyOptions): Promise<T> {
    const key = keyFrom(object);
    this.#log('apply', type, key);
    const next = structuredClone(this.#find('apply', type, key, 422)) as unknown as Tree & KubeObject;
    const identity = ['apiVersion', 'kind', 'metadata'];
    const fields = Object.entries(object).filter(([name]) => !identity.includes(name));
    const leaves = leavesOf(Object.fromEntries(fields));
    let entries = structuredClone(next.metadata.managedFields ?? []);
    const mine = entries.find((entry) => entry.manager === options.fieldManager);
    const others = entries.filter((entry) => entry !== mine);
    for (const path of ownedPaths(mine)) {
      const isKept = leaves.some(([leaf]) => leaf.join('/') === path.join('/'));
      if (!isKept && !others.some((entry) => owns(entry, path))) removeAt(next, path);
    }
    for (const [path, value] of leaves) {
      const differs = JSON.stringify(valueAt(next, path)) !== JSON.stringify(value);
      for (const entry of others) if (differs && owns(entry, path)) removeAt(entry.fieldsV1 as Tree, path.map(field));
      setAt(next, path, value);
    }
    const fieldsV1: Tree = {};
    for (const [path] of leaves) setAt(fieldsV1, path.map(field), {});
    entries = [
      ...others,
      {
        manager: options.fieldManager,
        operation: 'Apply',
        apiVersion: type.apiVersion,
        fieldsType: 'FieldsV1',
        fieldsV1,
      },
    ];
    return this.#store(type, { ...next, metadata: { ...next.metadata, managedFields: entries } });
  }

  #store<T extends KubeObject>(type: ResourceType<T>, object: KubeObject): T {
    const before = this.#find('get', type, keyFrom(object));
    const isSame = JSON.stringify(before) === JSON.stringify(object);
    if (!isSame) {
      const specChanged = JSON.stringify(before.spec) !== JSON.stringify(object.spec);
      const generation = (before.metadata.generation ?? 1) + (specChanged ? 1 : 0);
      this.put({ ...object, metadata: { ...object.metadata, generation } });
    }
    return type.parse(structuredClone(this.#find('get', type, keyFrom(object))));
  }

  #find(verb: string, type: ResourceType, key: ObjectKey, missing = 404): KubeObject {
    const object = this.#objects.get(`${type.apiVersion} ${type.kind} ${keyText(key)}`);
    if (object === undefined) throw failure(missing, verb, type, key);
    return object;
  }

  #log(verb: string, type: ResourceType, key: ObjectKey): void {
    const request = `${verb} ${type.kind} ${keyText(key)}`;
    this.requests.push(request);
    const status = this.failures.get(request);
    if (status !== undefined) throw failure(status, verb, type, key);
  }
}

function failure(status: number, verb: string, type: ResourceType, key: ObjectKey): ApiStatusError {
  const reasons: Record<number, string> = { 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 422: 'Invalid' };
  const reason = reasons[status] ?? 'InternalError';
  const message = `${verb} ${type.kind} ${keyText(key)}: ${reason}`;
  return new ApiStatusError(status, reason, message, { verb, kind: type.kind, key }, { kind: 'retryable' });
}

function keyFrom({ metadata }: KubeObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

const field = (name: string): string => `f:${name}`;

function leavesOf(value: Tree, path: readonly string[] = []): (readonly [readonly string[], unknown])[] {
  return Object.entries(value).flatMap(([name, child]) =>
    isRecord(child) ? leavesOf(child, [...path, name]) : [[[...path, name], child] as const],
  );
}

function ownedPaths(entry: ManagedFieldsEntry | undefined): readonly (readonly string[])[] {
  const walk = (node: Tree, path: readonly string[]): (readonly string[])[] => {
    const names = Object.keys(node).filter((name) => name.startsWith('f:'));
    if (names.length === 0) return [path];
    return names.flatMap((name) => walk(node[name] as Tree, [...path, name.slice(2)]));
  };
  return entry?.fieldsV1 === undefined ? [] : walk(entry.fieldsV1, []);
}

function owns(entry: ManagedFieldsEntry, path: readonly string[]): boolean {
  return valueAt(entry.fieldsV1 ?? {}, path.map(field)) !== undefined;
}

function valueAt(tree: Tree, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, name) => (isRecord(node) ? node[name] : undefined), tree);
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  if (!isRecord(tree[name])) tree[name] = {};
  setAt(tree[name] as Tree, rest, value);
}

function removeAt(tree: Tree, path: readonly string[]): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) Reflect.deleteProperty(tree, name);
  else if (isRecord(tree[name])) removeAt(tree[name], rest);
}
