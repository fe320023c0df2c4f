/** What a controller is made of: the kinds it watches, and `reconcile`, which brings one object to where it should be. */
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';

export interface ReconcileResult {
  /** Look again at this instant even if nothing changes. Absent: only a change wakes it. */
  readonly requeueAt?: Temporal.Instant;
}

export interface Reconciler {
  /** A rejected promise is retried with back-off, unless the error's disposition is terminal or says until when to wait. */
  reconcile(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult>;
}

/** One kind whose changes wake the controller. */
export interface WatchSource<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  /** Only objects with this selector are listed and watched. */
  readonly labelSelector?: string;
  /**
   * Maps a change to the objects to reconcile. `previous` is absent for a new object, `current` for a deleted one;
   * both are there for an update, so that a removed reference wakes what it pointed at.
   */
  readonly wakes: (current: T | undefined, previous: T | undefined) => Iterable<ObjectKey> | Promise<Iterable<ObjectKey>>;
}

export interface ControllerDefinition {
  /** Label of its metrics and logs, lower-case. */
  readonly name: string;
  readonly watches: readonly WatchSource[];
  readonly reconciler: Reconciler;
  /** Objects reconciled at once; the same object never twice at once. Default: the manager's. */
  readonly concurrency?: number;
}

/** Keeps the type of the objects of one source while the list of sources is of mixed types. */
export function watchSource<T extends KubeObject>(source: WatchSource<T>): WatchSource {
  return {
    type: source.type,
    ...(source.labelSelector === undefined ? {} : { labelSelector: source.labelSelector }),
    wakes: (current, previous) =>
      source.wakes(
        current === undefined ? undefined : source.type.parse(current),
        previous === undefined ? undefined : source.type.parse(previous),
      ),
  };
}
