/** Deleting a namespace deletes what is in it; it goes itself when the last object has gone. */
import { ApiFailure } from '../errors.ts';
import { clone, type Json, objectOf } from '../json.ts';
import { metadataOf, type StoreEvent } from '../store.ts';
import { systemOperation } from '../write/create.ts';
import { deleteObject } from '../write/delete.ts';
import type { Core } from '../write/operation.ts';
import { storageTarget } from './garbage.ts';
import type { WorkQueue } from './queue.ts';

const key = '/namespaces';

export class NamespaceController {
  readonly #core: Core;
  readonly #queue: WorkQueue;

  constructor(core: Core, queue: WorkQueue) {
    this.#core = core;
    this.#queue = queue;
    for (const namespace of core.store.list(key)) {
      if (terminating(namespace))
        queue.add(() => {
          this.#empty(String(metadataOf(namespace).name));
        });
    }
  }

  observe(event: StoreEvent): void {
    if (event.resource === key) {
      if (event.type !== 'DELETED' && terminating(event.object))
        this.#queue.add(() => {
          this.#empty(event.name);
        });
    } else if (event.type === 'DELETED' && event.namespace !== '') {
      const namespace = this.#core.store.get(key, '', event.namespace);
      if (namespace !== undefined && terminating(namespace))
        this.#queue.add(() => {
          this.#finish(event.namespace);
        });
    }
  }

  #empty(namespace: string): void {
    for (const resource of this.#core.store.resources()) {
      const target = storageTarget(this.#core, resource);
      if (target?.type.namespaced !== true) continue;
      for (const object of this.#core.store.list(resource, namespace)) {
        if (metadataOf(object).deletionTimestamp !== undefined) continue;
        this.#delete(() =>
          deleteObject(this.#core, systemOperation(target, namespace, String(metadataOf(object).name)), {
            gracePeriodSeconds: 0,
            propagationPolicy: 'Background',
          }),
        );
      }
    }
    this.#finish(namespace);
  }

  #delete(work: () => unknown): void {
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
    const left = store.resources().some((resource) => resource !== key && store.list(resource, name).length > 0);
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
