/** What a controller is made of: the kinds it watches, and `reconcile`, which brings one object to where it should be. */
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { AnyInformer, Subscription } from './informer.ts';
import type { Informers } from './informers.ts';

export interface ReconcileResult {
  /** Look again at this instant even if nothing changes. Absent: only a change wakes it. */
  readonly requeueAt?: Temporal.Instant;
  /** What could not be done although the rest was: tried again like a rejected promise, and not later than `requeueAt`. */
  readonly failure?: Error;
}

export interface Reconciler {
  /** A rejected promise is retried with back-off, unless the error's disposition is terminal or says until when to wait. */
  reconcile(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult>;
}

type Keys = Iterable<ObjectKey> | Promise<Iterable<ObjectKey>>;

/** One kind whose changes wake the controller. */
export interface WatchSource<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  /** Only objects with this selector are listed and watched. */
  readonly labelSelector?: string;
  /**
   * The cluster may do without this kind. While it does, that is no fault of the process; the kind is asked for again
   * every half minute, and everything is looked at anew when it is there. Default false.
   */
  readonly optional?: boolean;
  /**
   * Maps a change to the objects to reconcile. `previous` is absent for a new object, `current` for a deleted one or
   * one that does not parse any more; both are there for an update, so that a removed reference wakes what it pointed at.
   */
  readonly wakes: (current: T | undefined, previous: T | undefined) => Keys;
  /** The objects to reconcile when one of this kind is there but does not parse. Default: none. */
  readonly invalid?: (key: ObjectKey) => Keys;
  /** Made by `watchSource`. */
  readonly connect?: Connect;
}

/** Subscribes a source; `wake` gets a function, since the mapping may throw. */
type Connect = (informers: Informers, wake: Wake) => SourceConnection;
export type Wake = (keys: () => Keys, isInitial: boolean) => void;

export interface SourceConnection extends Subscription {
  readonly informer: AnyInformer;
  readonly optional: boolean;
}

export interface ControllerDefinition {
  /** Label of its metrics and logs, lower-case. */
  readonly name: string;
  readonly watches: readonly WatchSource[];
  readonly reconciler: Reconciler;
  /** Objects reconciled at once; the same object never twice at once. Default: the manager's. */
  readonly concurrency?: number;
  /** Called once when the controller starts, for changes that come another way than through `watches`. */
  readonly start?: (wake: (key: ObjectKey) => void, signal: AbortSignal) => void;
}

/** Keeps the type of the objects of one source while the list of sources is of mixed types. */
export function watchSource<T extends KubeObject>(source: WatchSource<T>): WatchSource {
  const { type, labelSelector, optional, invalid } = source;
  return {
    type,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(optional === undefined ? {} : { optional }),
    ...(invalid === undefined ? {} : { invalid }),
    // For callers that have no informer; `connect` hands over what the store has parsed already.
    wakes: (current, previous) =>
      source.wakes(
        current === undefined ? undefined : type.parse(current),
        previous === undefined ? undefined : type.parse(previous),
      ),
    connect: (informers, wake) => connectSource(source, informers, wake),
  };
}

/** The controller's own kind: every change wakes the object itself, also when it does not parse. */
export function ownSource<T extends KubeObject>(type: ResourceType<T>, labelSelector?: string): WatchSource {
  return watchSource<T>({
    type,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    wakes: (current, previous) =>
      [current ?? previous].flatMap((object) =>
        object === undefined ? [] : [{ namespace: object.metadata.namespace ?? '', name: object.metadata.name }],
      ),
    invalid: (key) => [key],
  });
}

/** Subscribes to the shared informer of a source; disposing lets it go. */
export function connectSource<T extends KubeObject>(
  source: WatchSource<T>,
  informers: Informers,
  wake: Wake,
): SourceConnection {
  const { type, labelSelector, optional = false, invalid } = source;
  const lease = informers.acquire(type, labelSelector === undefined ? {} : { labelSelector });
  const subscription = lease.informer.subscribe(({ key, current, previous, invalid: error, isInitial }) => {
    if (current !== undefined || previous !== undefined) wake(() => source.wakes(current, previous), isInitial);
    if (error !== undefined && invalid !== undefined) wake(() => invalid(key), isInitial);
  });
  return {
    informer: lease.informer,
    optional,
    replay: subscription.replay,
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      lease.release();
    },
  };
}
