/** CustomResourceDefinitions come and go at run time: their resources with them. */
import { servedStatus } from '../custom/definition.ts';
import type { Json } from '../json.ts';
import { definitionsKey } from '../registry.ts';
import { metadataOf, type StoreEvent } from '../store.ts';
import { type Core, timestamp } from '../write/operation.ts';
import type { WorkQueue } from './queue.ts';

export class DefinitionController {
  readonly #core: Core;
  readonly #queue: WorkQueue;

  constructor(core: Core, queue: WorkQueue) {
    this.#core = core;
    this.#queue = queue;
    for (const crd of core.store.list(definitionsKey)) core.registry.install(crd);
  }

  observe(event: StoreEvent): void {
    if (event.resource !== definitionsKey) return;
    if (event.type === 'DELETED') this.#remove(event.object);
    else {
      // Served at once; the conditions follow as their own write, as clients wait for them.
      if (specOf(event.object) !== specOf(event.previous)) this.#install(event);
      this.#queue.add(() => {
        this.#establish(event.name);
      });
    }
  }

  #install(event: StoreEvent): void {
    const { registry, store } = this.#core;
    const type = registry.install(event.object);
    if (event.type === 'ADDED') store.begin(type.key);
  }

  #establish(name: string): void {
    const { store, clock } = this.#core;
    const crd = store.get(definitionsKey, '', name);
    if (crd === undefined || metadataOf(crd).deletionTimestamp !== undefined) return;
    const status = servedStatus(crd, timestamp(clock.now()));
    if (status !== undefined) store.put(definitionsKey, '', name, { ...crd, status });
  }

  #remove(crd: Json): void {
    const { store, registry } = this.#core;
    const type = registry.uninstall(crd);
    if (type === undefined) return;
    for (const object of store.list(type.key)) {
      const { namespace, name } = metadataOf(object);
      store.remove(type.key, typeof namespace === 'string' ? namespace : '', String(name));
    }
  }
}

function specOf(crd: Json | undefined): unknown {
  return crd?.spec;
}
