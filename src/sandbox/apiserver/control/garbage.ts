/**
 * Garbage collection by ownerReferences.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
import { isEvent } from '../builtin/events.ts';
import { ApiFailure } from '../errors.ts';
import { clone, ensureObject, type Json, objects, remove, text, texts } from '../json.ts';
import { type Target, targetOf } from '../resource.ts';
import { metadataOf, type StoreEvent } from '../store.ts';
import { systemOperation } from '../write/create.ts';
import { deleteObject } from '../write/delete.ts';
import type { Core, Operation } from '../write/operation.ts';
import { updateObject } from '../write/update.ts';
import type { WorkQueue } from './queue.ts';

interface Dependent {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

const foreground = 'foregroundDeletion';

export class GarbageCollector {
  readonly #core: Core;
  readonly #queue: WorkQueue;
  readonly #uids = new Set<string>();
  /** By the owner's uid, then by key. */
  readonly #dependents = new Map<string, Map<string, Dependent>>();

  constructor(core: Core, queue: WorkQueue) {
    this.#core = core;
    this.#queue = queue;
    for (const resource of core.store.resources()) {
      for (const object of core.store.list(resource)) this.#enter(resource, object);
    }
  }

  observe(event: StoreEvent): void {
    const uid = text(metadataOf(event.object).uid);
    if (event.previous !== undefined) this.#leave(event.resource, event.previous);
    if (event.type === 'DELETED') {
      this.#uids.delete(uid);
      this.#queue.add(() => {
        this.#collectAll(uid);
      });
      this.#queue.add(() => {
        this.#releaseOwners(event.object);
      });
      return;
    }
    this.#enter(event.resource, event.object);
    const metadata = metadataOf(event.object);
    if (objects(metadata.ownerReferences).length > 0 && !isEvent(event.resource))
      this.#queue.add(() => {
        this.#collect(dependentOf(event), undefined);
      });
    if (metadata.deletionTimestamp !== undefined)
      this.#queue.add(() => {
        this.#finish(dependentOf(event), !waits(event.previous));
      });
  }

  #enter(resource: string, object: Json): void {
    const metadata = metadataOf(object);
    this.#uids.add(text(metadata.uid));
    if (isEvent(resource)) return;
    for (const owner of objects(metadata.ownerReferences)) {
      const uid = text(owner.uid);
      const entry = { resource, namespace: text(metadata.namespace), name: text(metadata.name) };
      const known = this.#dependents.get(uid) ?? new Map<string, Dependent>();
      known.set(keyOf(entry), entry);
      this.#dependents.set(uid, known);
    }
  }

  #leave(resource: string, object: Json): void {
    const metadata = metadataOf(object);
    for (const owner of objects(metadata.ownerReferences)) {
      const known = this.#dependents.get(text(owner.uid));
      known?.delete(keyOf({ resource, namespace: text(metadata.namespace), name: text(metadata.name) }));
      if (known?.size === 0) this.#dependents.delete(text(owner.uid));
    }
  }

  #collectAll(uid: string): void {
    for (const dependent of [...(this.#dependents.get(uid)?.values() ?? [])]) this.#collect(dependent, undefined);
  }

  /** Deletes an object none of whose owners is left; drops references to those that are gone. */
  #collect(dependent: Dependent, policy: string | undefined): void {
    const found = this.#read(dependent);
    if (found === undefined) return;
    const { ownerReferences, deletionTimestamp } = metadataOf(found.object);
    const owners = objects(ownerReferences);
    if (deletionTimestamp !== undefined) return;
    if (dependent.namespace === '' && owners.some((owner) => this.#isNamespaced(owner))) return;
    const there = owners.filter((owner) => this.#uids.has(text(owner.uid)));
    if (owners.length === 0 || there.length === owners.length) return;
    // Who only waits for its dependents to go keeps none.
    const keeping = there.filter((owner) => !this.#isWaiting(owner, dependent.namespace));
    if (keeping.length === 0) this.#delete(found.operation, policy ?? 'Background');
    else this.#setOwners(found, keeping);
  }

  #isWaiting(owner: Json, home: string): boolean {
    const type = this.#core.registry.byKind(groupOf(text(owner.apiVersion)), text(owner.kind));
    if (type === undefined) return false;
    const namespace = type.namespaced ? home : '';
    const found = this.#read({ resource: type.key, namespace, name: text(owner.name) });
    return metadataOf(found?.object ?? {}).uid === owner.uid && waits(found?.object);
  }

  /** What is in no namespace cannot be owned from within one: whoever says so is left alone. */
  #isNamespaced(owner: Json): boolean {
    return this.#core.registry.byKind(groupOf(text(owner.apiVersion)), text(owner.kind))?.namespaced === true;
  }

  /** Ends foreground and orphan deletions when their dependents are gone or let go. @param begins the deletion does */
  #finish(owner: Dependent, begins: boolean): void {
    const found = this.#read(owner);
    if (found === undefined) return;
    const finalizers = texts(metadataOf(found.object).finalizers);
    const uid = text(metadataOf(found.object).uid);
    const dependents = [...(this.#dependents.get(uid)?.values() ?? [])];
    if (finalizers.includes('orphan')) {
      for (const dependent of dependents) this.#orphan(dependent, uid);
      this.#dropFinalizer(owner, 'orphan');
    } else if (finalizers.includes(foreground)) {
      // Later on only those matter that it waits for.
      for (const dependent of dependents) {
        if (begins || this.#blocks(dependent, uid)) this.#deleteBeforeOwner(dependent, uid);
      }
      if (!this.#blocked(uid)) this.#dropFinalizer(owner, foreground);
    }
  }

  #blocked(uid: string): boolean {
    return [...(this.#dependents.get(uid)?.values() ?? [])].some((dependent) => this.#blocks(dependent, uid));
  }

  #blocks(dependent: Dependent, uid: string): boolean {
    return objects(metadataOf(this.#read(dependent)?.object ?? {}).ownerReferences).some(
      (owner) => owner.uid === uid && owner.blockOwnerDeletion === true,
    );
  }

  #deleteBeforeOwner(dependent: Dependent, uid: string): void {
    const found = this.#read(dependent);
    if (found === undefined || metadataOf(found.object).deletionTimestamp !== undefined) return;
    const others = objects(metadataOf(found.object).ownerReferences).filter((owner) => owner.uid !== uid);
    if (others.some((owner) => this.#uids.has(text(owner.uid)))) this.#setOwners(found, others);
    else {
      if (this.#waits(text(metadataOf(found.object).uid))) this.#unblock(found);
      this.#delete(found.operation, 'Foreground');
    }
  }

  /** Something that it owns waits for it, so that neither would ever go. */
  #waits(uid: string): boolean {
    return [...(this.#dependents.get(uid)?.values() ?? [])].some((dependent) =>
      texts(metadataOf(this.#read(dependent)?.object ?? {}).finalizers).includes(foreground),
    );
  }

  #unblock(found: Found): void {
    const owners = objects(metadataOf(found.object).ownerReferences);
    this.#setOwners(
      found,
      owners.map((owner) => (owner.blockOwnerDeletion === true ? { ...owner, blockOwnerDeletion: false } : owner)),
    );
  }

  #orphan(dependent: Dependent, uid: string): void {
    const found = this.#read(dependent);
    if (found === undefined) return;
    this.#setOwners(
      found,
      objects(metadataOf(found.object).ownerReferences).filter((owner) => owner.uid !== uid),
    );
  }

  #releaseOwners(gone: Json): void {
    for (const owner of objects(metadataOf(gone).ownerReferences)) {
      const type = this.#core.registry.byKind(groupOf(text(owner.apiVersion)), text(owner.kind));
      if (type === undefined) continue;
      const namespace = type.namespaced ? text(metadataOf(gone).namespace) : '';
      this.#finish({ resource: type.key, namespace, name: text(owner.name) }, false);
    }
  }

  #dropFinalizer(owner: Dependent, finalizer: string): void {
    const found = this.#read(owner);
    if (found === undefined) return;
    const rest = texts(metadataOf(found.object).finalizers).filter((one) => one !== finalizer);
    this.#change(found, (metadata) => {
      if (rest.length > 0) metadata.finalizers = rest;
      else remove(metadata, 'finalizers');
    });
  }

  #setOwners(found: Found, owners: readonly Json[]): void {
    this.#change(found, (metadata) => {
      if (owners.length > 0) metadata.ownerReferences = owners;
      else remove(metadata, 'ownerReferences');
    });
  }

  #change({ operation, object }: Found, edit: (metadata: Json) => void): void {
    const next = clone(object);
    edit(ensureObject(next, 'metadata'));
    tolerant(() => updateObject(this.#core, operation, object, next));
  }

  #delete(operation: Operation, propagationPolicy: string): void {
    tolerant(() => deleteObject(this.#core, operation, { propagationPolicy }));
  }

  #read({ resource, namespace, name }: Dependent): Found | undefined {
    const target = storageTarget(this.#core, resource);
    const stored = this.#core.store.get(resource, namespace, name);
    if (target === undefined || stored === undefined) return undefined;
    const operation = { ...systemOperation(target, namespace, name), manager: 'kube-controller-manager' };
    return { operation, object: { apiVersion: target.apiVersion, kind: target.type.kind, ...stored } };
  }
}

interface Found {
  readonly operation: Operation;
  readonly object: Json;
}

/** Is being deleted after its dependents. */
function waits(object: Json | undefined): boolean {
  const { deletionTimestamp, finalizers } = metadataOf(object ?? {});
  return deletionTimestamp !== undefined && texts(finalizers).includes(foreground);
}

function dependentOf(event: StoreEvent): Dependent {
  return { resource: event.resource, namespace: event.namespace, name: event.name };
}

function keyOf({ resource, namespace, name }: Dependent): string {
  return `${resource}/${namespace}/${name}`;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The resource in its preferred version. */
export function storageTarget(core: Core, resource: string): Target | undefined {
  const type = core.registry.byStoreKey(resource);
  const [version] = type?.versions.values() ?? [];
  return type === undefined || version === undefined ? undefined : targetOf(type, version);
}

/** What the API server refuses here (an object that became invalid) stays as it is. */
function tolerant(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
  }
}
