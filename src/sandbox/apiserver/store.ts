/** Objects in memory under one revision counter, with a bounded window of past events for each resource. */
import { continueExpired, tooOld } from './errors.ts';
import { type Json, objectOf, text } from './json.ts';

/** A stored object: frozen by convention, without `apiVersion` and `kind` (those belong to the request). */
export type Stored = Json;

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `group/plural`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  /** For `DELETED` the last state, with the revision of the deletion. */
  readonly object: Stored;
  /** The state before; absent for `ADDED`. */
  readonly previous: Stored | undefined;
}

export type StoreListener = (event: StoreEvent) => void;

interface Collection {
  readonly namespaces: Map<string, Map<string, Stored>>;
  /** Oldest first. */
  log: StoreEvent[];
  /** Events up to and with this revision are no longer in `log`. */
  compacted: number;
  readonly listeners: Set<StoreListener>;
}

export function metadataOf(object: Stored): Json {
  return objectOf(object.metadata);
}

function withRevision(object: Stored, revision: number): Stored {
  return { ...object, metadata: { ...metadataOf(object), resourceVersion: String(revision) } };
}

export interface StoreOptions {
  /** Events kept for each resource. */
  readonly window: number;
  /** The revision to go on from. */
  readonly revision?: number;
}

export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<StoreListener>();
  readonly #window: number;
  #revision: number;
  readonly #firstRevision: number;

  constructor(options: StoreOptions) {
    this.#window = options.window;
    this.#revision = options.revision ?? 1;
    this.#firstRevision = this.#revision;
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string, name: string): Stored | undefined {
    return this.#collections.get(resource)?.namespaces.get(namespace)?.get(name);
  }

  /** In the order of etcd's keys: by namespace, then by name. An empty namespace means all of them. */
  list(resource: string, namespace = ''): Stored[] {
    const namespaces = this.#collections.get(resource)?.namespaces;
    if (namespaces === undefined) return [];
    if (namespace !== '') return sorted(namespaces.get(namespace));
    const keys = [...namespaces.keys()].sort((left, right) => (`${left}/` < `${right}/` ? -1 : 1));
    return keys.flatMap((key) => sorted(namespaces.get(key)));
  }

  /** How many objects of the resource are in the namespace. */
  count(resource: string, namespace: string): number {
    return this.#collections.get(resource)?.namespaces.get(namespace)?.size ?? 0;
  }

  resources(): string[] {
    return [...this.#collections.keys()];
  }

  /** Creates or replaces; returns the object with its new `resourceVersion`. */
  put(resource: string, namespace: string, name: string, object: Stored): Stored {
    const collection = this.#collection(resource);
    const previous = collection.namespaces.get(namespace)?.get(name);
    this.#revision += 1;
    const stored = withRevision(object, this.#revision);
    place(collection, namespace, name, stored);
    this.#emit(collection, {
      type: previous === undefined ? 'ADDED' : 'MODIFIED',
      resource,
      namespace,
      name,
      revision: this.#revision,
      object: stored,
      previous,
    });
    return stored;
  }

  /** Returns the last state, or nothing when there was no such object. `last` replaces what is announced. */
  remove(resource: string, namespace: string, name: string, last?: Stored): Stored | undefined {
    const collection = this.#collection(resource);
    const previous = collection.namespaces.get(namespace)?.get(name);
    if (previous === undefined) return undefined;
    const names = collection.namespaces.get(namespace);
    names?.delete(name);
    if (names?.size === 0) collection.namespaces.delete(namespace);
    this.#revision += 1;
    const object = withRevision(last ?? previous, this.#revision);
    this.#emit(collection, { type: 'DELETED', resource, namespace, name, revision: this.#revision, object, previous });
    return object;
  }

  /** Puts back what was read from disk: no event. */
  restore(resource: string, namespace: string, name: string, object: Stored | undefined): void {
    const collection = this.#collection(resource);
    if (object !== undefined) place(collection, namespace, name, object);
    else collection.namespaces.get(namespace)?.delete(name);
  }

  /** Events after `revision`. @throws ApiFailure 410 when the window no longer reaches back to it. */
  since(resource: string, revision: number): readonly StoreEvent[] {
    const collection = this.#collection(resource);
    if (revision < collection.compacted) throw tooOld(revision, collection.compacted);
    return collection.log.slice(firstAfter(collection.log, revision));
  }

  /** What `list` gave at `revision`, by undoing the events since. @throws ApiFailure 410 */
  listAt(resource: string, namespace: string, revision: number): Stored[] {
    const collection = this.#collection(resource);
    if (revision < collection.compacted) throw continueExpired();
    const later = collection.log.slice(firstAfter(collection.log, revision));
    const now = this.list(resource, namespace);
    if (later.length === 0) return now;
    const byKey = new Map(now.map((object) => [keyText(object), object]));
    for (const event of later.reverse()) {
      if (namespace !== '' && event.namespace !== namespace) continue;
      const key = `${event.namespace}/${event.name}`;
      if (event.previous === undefined) byKey.delete(key);
      else byKey.set(key, event.previous);
    }
    return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
  }

  /** Forgets past events: watches and continue tokens from before answer 410. */
  compact(): void {
    for (const collection of this.#collections.values()) {
      collection.log = [];
      collection.compacted = this.#revision;
    }
  }

  /** The history of a resource that is served from now on begins here. */
  begin(resource: string): void {
    const collection = this.#collection(resource);
    if (collection.log.length === 0) collection.compacted = this.#revision;
  }

  /** Drops the objects of a resource that is no longer served, without events. */
  drop(resource: string): void {
    this.#collections.delete(resource);
  }

  /** Listeners are called in the order of revisions, inside the write. */
  subscribe(listener: StoreListener, resource?: string): Disposable {
    const listeners = resource === undefined ? this.#listeners : this.#collection(resource).listeners;
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  }

  #collection(resource: string): Collection {
    const found = this.#collections.get(resource);
    if (found !== undefined) return found;
    const made: Collection = {
      namespaces: new Map(),
      log: [],
      compacted: this.#firstRevision,
      listeners: new Set(),
    };
    this.#collections.set(resource, made);
    return made;
  }

  #emit(collection: Collection, event: StoreEvent): void {
    collection.log.push(event);
    // Trimmed by halves, so that a write costs the same on average however long the window is.
    if (collection.log.length >= this.#window * 2) this.#trim(collection);
    for (const listener of [...this.#listeners]) listener(event);
    for (const listener of [...collection.listeners]) listener(event);
  }

  #trim(collection: Collection): void {
    const dropped = collection.log.length - this.#window;
    collection.compacted = collection.log[dropped - 1]?.revision ?? collection.compacted;
    collection.log = collection.log.slice(dropped);
  }
}

function place(collection: Collection, namespace: string, name: string, object: Stored): void {
  const names = collection.namespaces.get(namespace) ?? new Map<string, Stored>();
  names.set(name, object);
  collection.namespaces.set(namespace, names);
}

function sorted(names: ReadonlyMap<string, Stored> | undefined): Stored[] {
  if (names === undefined) return [];
  return [...names].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
}

function keyText(object: Stored): string {
  const metadata = metadataOf(object);
  return `${text(metadata.namespace)}/${text(metadata.name)}`;
}

function firstAfter(log: readonly StoreEvent[], revision: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle]?.revision ?? 0) <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
