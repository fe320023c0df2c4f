/**
 * What a namespace brings along: its default service account while it lives; its deletion deletes what is in it, and it
 * goes itself when the last object has gone.
 */
import { ApiFailure } from '../errors.ts';
import { clone, type Json, objectOf } from '../json.ts';
import { metadataOf, type StoreEvent } from '../store.ts';
import { createObject, systemOperation } from '../write/create.ts';
import { deleteObject } from '../write/delete.ts';
import type { Core } from '../write/operation.ts';
import { storageTarget } from './garbage.ts';
import type { WorkQueue } from './queue.ts';

const key = '/namespaces';
const account = { resource: '/serviceaccounts', name: 'default' };

export class NamespaceController {
  readonly #core: Core;
  readonly #queue: WorkQueue;

  constructor(core: Core, queue: WorkQueue) {
    this.#core = core;
    this.#queue = queue;
    for (const namespace of core.store.list(key)) {
      const name = String(metadataOf(namespace).name);
      queue.add(() => {
        if (terminating(namespace)) this.#empty(name);
        else this.#equip(name);
      });
    }
  }

  observe(event: StoreEvent): void {
    if (event.resource === key) {
      if (event.type === 'DELETED') return;
      this.#queue.add(() => {
        if (terminating(event.object)) this.#empty(event.name);
        else if (event.type === 'ADDED') this.#equip(event.name);
      });
    } else if (event.type === 'DELETED' && event.namespace !== '') {
      const namespace = this.#core.store.get(key, '', event.namespace);
      if (namespace !== undefined && terminating(namespace))
        this.#queue.add(() => {
          this.#finish(event.namespace);
        });
      else if (event.resource === account.resource && event.name === account.name)
        this.#queue.add(() => {
          this.#equip(event.namespace);
        });
    }
  }

  #equip(namespace: string): void {
    const target = this.#core.registry.find('', 'v1', 'serviceaccounts');
    if (target === undefined) return;
    const { name } = account;
    this.#attempt(() => createObject(this.#core, systemOperation(target, namespace, name), { metadata: { name } }));
  }

  #empty(namespace: string): void {
    for (const resource of this.#core.store.resources()) {
      const target = storageTarget(this.#core, resource);
      if (target?.type.namespaced !== true) continue;
      for (const object of this.#core.store.list(resource, namespace)) {
        if (metadataOf(object).deletionTimestamp !== undefined) continue;
        this.#attempt(() =>
          deleteObject(this.#core, systemOperation(target, namespace, String(metadataOf(object).name)), {
            gracePeriodSeconds: 0,
            propagationPolicy: 'Background',
          }),
        );
      }
    }
    this.#finish(namespace);
  }

  /** A refusal means that the object, or the namespace, changed meanwhile: another event follows. */
  #attempt(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
    }
  }

  #finish(name: string): void {
    const { store } = this.#core;
    const namespace = store.get(key, '', name);
    if (namespace === undefined || !terminating(namespace)) return;
    const left = store.resources().some((resource) => store.count(resource, name) > 0);
    if (left) return;
    const metadata = objectOf(namespace.metadata);
    if (Array.isArray(metadata.finalizers) && metadata.finalizers.length > 0) return;
    const last: Json = { ...clone(namespace), spec: {} };
    store.remove(key, '', name, last);
  }
}

function terminating(namespace: Json): boolean {
  return metadataOf(namespace).deletionTimestamp !== undefined;
}
