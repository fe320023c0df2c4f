/**
 * The objects of one kind as a watch brought them, with our own writes laid over them until the watch has caught up:
 * a reconcile never sees its own write undone. Versions are compared for equality only; what makes the order is that
 * a watch delivers each object's versions one after the other.
 */
import type { InvalidObjectError } from '../api/errors.ts';
import { type KubeObject, keyText, type ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { ObjectIndex } from './object-index.ts';
import { deepFreeze, readVersion, sameVersion, type Version } from './version.ts';

/** What a reader of the store sees differently now. */
export interface StoreChange<T> {
  readonly key: ObjectKey;
  /** Absent: deleted, or it does not parse any more. */
  readonly current: T | undefined;
  readonly previous: T | undefined;
  /** Why `current` is absent although the object is there. */
  readonly invalid: InvalidObjectError | undefined;
  /** Part of the first list. */
  readonly isInitial: boolean;
}

export interface StoreOptions<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly onChange: (change: StoreChange<T>) => void;
  /**
   * A list and a write ran at the same time, so nobody can say which came first: read the object anew, within
   * `writing(key)`.
   */
  readonly onDoubt: (key: ObjectKey) => void;
  /** Only objects with certain labels are here: a write alone does not bring one in. Default false. */
  readonly selected?: boolean;
  /** Freezes every object; for tests. Default false. */
  readonly freeze?: boolean;
}

/** Our own last write of an object that the watch has not shown yet. */
interface Overlay<T> {
  /** Undefined: we deleted it. */
  readonly version: Version<T> | undefined;
  readonly uid: string;
  /** The store's count when the write was over. */
  readonly at: number;
}

interface Slot<T> {
  readonly key: ObjectKey;
  watched: Version<T> | undefined;
  overlay: Overlay<T> | undefined;
}

/** A write under way: open it before the request, tell it how the request ended. */
export interface Writing {
  /** The object that the API server answered with. */
  wrote(object: unknown): void;
  removed(uid?: string): void;
  /** To be called in any case. */
  end(): void;
}

interface OpenWrite {
  readonly startedAt: number;
  readonly uid: string | undefined;
  /** Versions that the watch has brought up to now. */
  readonly seen: Set<string>;
  readonly deleted: Set<string>;
}

export class Store<T extends KubeObject> {
  readonly #options: StoreOptions<T>;
  readonly #slots = new Map<string, Slot<T>>();
  readonly #writes = new Map<string, Set<OpenWrite>>();
  /** When the last list of a namespace (empty: of all) was over. */
  readonly #listed = new Map<string, number>();
  readonly index = new ObjectIndex<T>();
  #count = 0;

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  /** @throws InvalidObjectError when the object is there but does not parse. */
  get(key: ObjectKey): T | undefined {
    const version = shown(this.#slots.get(keyText(key)));
    if (version?.invalid !== undefined) throw version.invalid;
    return version?.object;
  }

  /** The objects that are there but do not parse. */
  *invalid(): Iterable<readonly [ObjectKey, InvalidObjectError]> {
    for (const slot of this.#slots.values()) {
      const invalid = shown(slot)?.invalid;
      if (invalid !== undefined) yield [slot.key, invalid];
    }
  }

  /** Call before a list is requested; the result goes to `replace`. */
  beginList(): number {
    return ++this.#count;
  }

  /** Takes a complete list of `namespace` (empty: of all) over. */
  replace(items: readonly unknown[], begun: number, namespace = ''): void {
    const isInitial = !this.#listed.has(namespace);
    this.#listed.set(namespace, ++this.#count);
    const listed = new Map<string, Version<T>>();
    for (const item of items) {
      const version = readVersion(this.#options.type, item);
      if (version !== undefined) listed.set(keyText(version.key), version);
    }
    const gone = [...this.#slots.entries()].filter(
      ([text, slot]) => !listed.has(text) && (namespace === '' || slot.key.namespace === namespace),
    );
    for (const [, slot] of gone) this.#list(slot.key, undefined, begun, isInitial);
    for (const version of listed.values()) this.#list(version.key, version, begun, isInitial);
  }

  /** Takes one event of the watch over. */
  apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', raw: unknown): void {
    const version = readVersion(this.#options.type, raw);
    if (version === undefined) return;
    for (const write of this.#writes.get(keyText(version.key)) ?? []) {
      write.seen.add(version.resourceVersion);
      if (type === 'DELETED') write.deleted.add(version.uid);
    }
    this.#change(version.key, false, (slot) => {
      slot.watched = type === 'DELETED' ? undefined : version;
      if (slot.overlay !== undefined && caughtUp(slot.overlay, type, version)) slot.overlay = undefined;
    });
  }

  /** Opens a write. Writes of one object must come one after the other. */
  writing(key: ObjectKey): Writing {
    const text = keyText(key);
    const slot = this.#slots.get(text);
    const { watched } = slot ?? {};
    const write: OpenWrite = {
      startedAt: ++this.#count,
      uid: shown(slot)?.uid,
      seen: new Set(watched === undefined ? [] : [watched.resourceVersion]),
      deleted: new Set(),
    };
    const open = this.#writes.get(text) ?? new Set();
    this.#writes.set(text, open.add(write));
    return {
      wrote: (object) => {
        this.#wrote(key, write, object);
      },
      removed: (uid = write.uid) => {
        this.#removed(key, write, uid);
      },
      end: () => {
        open.delete(write);
        if (open.size === 0 && this.#writes.get(text) === open) this.#writes.delete(text);
      },
    };
  }

  #wrote(key: ObjectKey, write: OpenWrite, raw: unknown): void {
    const version = readVersion(this.#options.type, raw);
    const text = keyText(key);
    if (version === undefined || (this.#options.selected === true && !this.#slots.has(text))) return;
    // The watch may be faster than the answer, and may have brought later versions since.
    const seen = write.seen.has(version.resourceVersion) || write.deleted.has(version.uid);
    this.#change(key, false, (slot) => {
      slot.overlay = seen ? undefined : { version, uid: version.uid, at: ++this.#count };
    });
    const listedAt = Math.max(this.#listed.get('') ?? 0, this.#listed.get(key.namespace) ?? 0);
    if (!seen && listedAt > write.startedAt) this.#options.onDoubt(key);
  }

  #removed(key: ObjectKey, write: OpenWrite, uid: string | undefined): void {
    this.#change(key, false, (slot) => {
      const present = shown(slot);
      if (uid === undefined || present?.uid !== uid || present.terminating) return;
      // Nothing to hide when the watch has brought the deletion already.
      slot.overlay = write.deleted.has(uid) ? undefined : { version: undefined, uid, at: ++this.#count };
    });
  }

  #list(key: ObjectKey, version: Version<T> | undefined, begun: number, isInitial: boolean): void {
    for (const write of this.#writes.get(keyText(key)) ?? []) {
      if (version !== undefined) write.seen.add(version.resourceVersion);
    }
    this.#change(key, isInitial, (slot) => {
      slot.watched = version;
      const { overlay } = slot;
      if (overlay === undefined) return;
      if (overlay.at < begun || !isOlder(overlay, version)) slot.overlay = undefined;
    });
    if (this.#slots.get(keyText(key))?.overlay?.version !== undefined) this.#options.onDoubt(key);
  }

  #change(key: ObjectKey, isInitial: boolean, change: (slot: Slot<T>) => void): void {
    const text = keyText(key);
    const slot = this.#slots.get(text) ?? { key, watched: undefined, overlay: undefined };
    const before = shown(slot);
    change(slot);
    if (slot.watched === undefined && slot.overlay === undefined) this.#slots.delete(text);
    else this.#slots.set(text, slot);
    const after = shown(slot);
    if (sameVersion(before, after)) return;
    const current = after?.object;
    if (this.#options.freeze === true) deepFreeze(current);
    if (current === undefined) this.index.delete(key);
    else this.index.set(key, current);
    this.#options.onChange({ key, current, previous: before?.object, invalid: after?.invalid, isInitial });
  }
}

function shown<T>(slot: Slot<T> | undefined): Version<T> | undefined {
  return slot?.overlay === undefined ? slot?.watched : slot.overlay.version;
}

/** Whether an event is the one that the overlay anticipated, or a later one. */
function caughtUp<T>(overlay: Overlay<T>, type: 'ADDED' | 'MODIFIED' | 'DELETED', event: Version<T>): boolean {
  if (event.uid !== overlay.uid) return overlay.version === undefined && type === 'ADDED';
  if (type === 'DELETED') return true;
  if (overlay.version === undefined) return event.terminating;
  return event.resourceVersion === overlay.version.resourceVersion;
}

/** Whether a list that overlapped with the write may show the object as it was before. */
function isOlder<T>(overlay: Overlay<T>, listed: Version<T> | undefined): boolean {
  if (overlay.version === undefined) return listed?.uid === overlay.uid && !listed.terminating;
  return !sameVersion(overlay.version, listed);
}
