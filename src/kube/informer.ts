/** One shared watch of one kind: a store, the reflectors that feed it, and those who want to hear of changes. */
import { type KubeObject, keyText, type ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { backoffDelay, type Random } from './backoff.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { isForbidden, isNotFound, KubeError } from './errors.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { IndexDefinition } from './object-index.ts';
import { Reflector } from './reflector.ts';
import { Store, type StoreChange, type Writing } from './store.ts';

export interface InformerOptions<T extends KubeObject> {
  readonly type: ResourceType<T>;
  /** Empty: all of them with one watch. */
  readonly namespaces: readonly string[];
  readonly labelSelector: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with all writers, keyed by `objectId`. */
  readonly lock: KeyedLock;
  readonly freeze: boolean;
}

export type ChangeHandler<T> = (change: StoreChange<T>) => void;

export interface Subscription extends Disposable {
  /** Tells the handler of every object as if it were new. */
  readonly replay: () => void;
}

/** What can be said of an informer without knowing the type of its objects. */
export interface AnyInformer {
  readonly type: ResourceType;
  /** Empty: all of them. */
  readonly namespaces: readonly string[];
  /** Empty: all objects. */
  readonly labelSelector: string;
  /** The first list is complete. */
  readonly synced: boolean;
  /** Why the kind cannot be read at present, for example a missing right or CRD. Undefined: all is well. */
  readonly fault: Error | undefined;
  /**
   * Resolves when the first list is complete and nothing of what came later can be missing: who has not heard of the API
   * server for a while decides nothing on what was there before.
   * @throws at once when the kind is forbidden or not installed; after `bound` milliseconds the present fault, or
   * KubeError KBK_KUBE_CONNECTION.
   */
  ready(bound: number): Promise<void>;
  /** Calls back whenever the kind could not be read for a while, and can be again. */
  onRecovery(listener: () => void): Disposable;
  /** `ready` waits no more, for nobody. */
  giveUp(): void;
  /** Undefined when the object is outside of this informer's namespaces. */
  writing(key: ObjectKey): Writing | undefined;
  stop(): Promise<void>;
}

export class Informer<T extends KubeObject> implements AnyInformer {
  readonly type: ResourceType<T>;
  readonly namespaces: readonly string[];
  readonly labelSelector: string;
  readonly #options: InformerOptions<T>;
  readonly #store: Store<T>;
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #stop = new AbortController();
  readonly #checking = new Set<string>();
  readonly #running: Promise<unknown>;
  readonly #unlisted: Set<string>;
  readonly #waiting = new Set<(fault?: Error) => void>();
  readonly #recoveries = new Set<() => void>();
  #givenUp = false;
  /** By namespace. */
  readonly #faults = new Map<string, Error>();

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    const { type, namespaces, labelSelector, freeze, clock, client, random } = options;
    this.type = type;
    this.namespaces = namespaces;
    this.labelSelector = labelSelector;
    const store = new Store<T>({
      type,
      selected: labelSelector !== '',
      freeze,
      onChange: (change) => {
        for (const handler of this.#handlers) handler(change);
      },
      onDoubt: (key) => void this.#check(key),
    });
    this.#store = store;
    const scopes = namespaces.length === 0 ? [''] : namespaces;
    this.#unlisted = new Set(scopes);
    const reflectors = scopes.map((namespace) => {
      const onListed = (): void => {
        this.#unlisted.delete(namespace);
        if (this.#isCurrent) this.#settle();
      };
      const onFault = (fault: Error | undefined): void => {
        if (fault !== undefined) this.#faults.set(namespace, fault);
        else if (this.#faults.delete(namespace)) for (const listener of this.#recoveries) listener();
        if (isDenied(fault)) this.#settle(fault);
        else if (this.#isCurrent) this.#settle();
      };
      const selector = labelSelector === '' ? {} : { labelSelector };
      return new Reflector({ client, type, namespace, ...selector, store, clock, random, onListed, onFault });
    });
    this.#running = Promise.all(reflectors.map((reflector) => reflector.run(this.#stop.signal)));
  }

  get synced(): boolean {
    return this.#unlisted.size === 0;
  }

  get fault(): Error | undefined {
    const [fault] = this.#faults.values();
    return fault;
  }

  get #isCurrent(): boolean {
    return this.synced && this.#faults.size === 0;
  }

  ready(bound: number): Promise<void> {
    if (this.#isCurrent) return Promise.resolve();
    const denied = [...this.#faults.values()].find(isDenied);
    if (denied !== undefined) return Promise.reject(denied);
    if (this.#givenUp) return Promise.reject(this.#unavailable(stopping));
    return new Promise((resolve, reject) => {
      const settle = (fault?: Error): void => {
        timer[Symbol.dispose]();
        this.#waiting.delete(settle);
        if (fault === undefined) resolve();
        else reject(fault);
      };
      const timer = this.#options.clock.after(bound, () => {
        settle(this.fault ?? this.#unavailable(`not listed within ${bound} ms`));
      });
      this.#waiting.add(settle);
    });
  }

  onRecovery(listener: () => void): Disposable {
    this.#recoveries.add(listener);
    return { [Symbol.dispose]: () => void this.#recoveries.delete(listener) };
  }

  giveUp(): void {
    this.#givenUp = true;
    this.#settle(this.#unavailable(stopping));
  }

  /** @throws InvalidObjectError when the object is there but does not parse. */
  get(key: ObjectKey): T | undefined {
    return this.#store.get(key);
  }

  /** Sorted by namespace and name; a copy. */
  list(namespace?: string): readonly T[] {
    return this.#store.index.list(namespace);
  }

  by(index: IndexDefinition<T>, value: string): readonly T[] {
    return this.#store.index.by(index, value);
  }

  /** The handler hears of every object that is there already, as initial, and of every change from now on. */
  subscribe(handler: ChangeHandler<T>): Subscription {
    const replay = (): void => {
      this.#replay(handler);
    };
    this.#handlers.add(handler);
    replay();
    return { replay, [Symbol.dispose]: () => void this.#handlers.delete(handler) };
  }

  #replay(handler: ChangeHandler<T>): void {
    const rest = { previous: undefined, isInitial: true };
    for (const object of this.#store.index.list()) {
      const { namespace = '', name } = object.metadata;
      handler({ key: { namespace, name }, current: object, invalid: undefined, ...rest });
    }
    for (const [key, invalid] of this.#store.invalid()) handler({ key, current: undefined, invalid, ...rest });
  }

  writing(key: ObjectKey): Writing | undefined {
    const covered = this.namespaces.length === 0 || this.namespaces.includes(key.namespace);
    return covered ? this.#store.writing(key) : undefined;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the informer was stopped'));
    this.#settle(this.#unavailable('its watch was stopped'));
    await this.#running;
  }

  #settle(fault?: Error): void {
    for (const settle of [...this.#waiting]) settle(fault);
  }

  #unavailable(why: string): KubeError {
    return new KubeError('KBK_KUBE_CONNECTION', `${this.type.kind}: ${why}`, { kind: 'retryable' });
  }

  /** Reads an object whose own write and a list overlapped, until the API server answers. */
  async #check(key: ObjectKey): Promise<void> {
    const id = objectId(this.type, key);
    if (this.#checking.has(id)) return;
    this.#checking.add(id);
    const { clock, random, lock } = this.#options;
    const { signal } = this.#stop;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await lock.run(id, async () => {
          // From here on a new doubt needs a new reading.
          this.#checking.delete(id);
          await this.#read(key, signal);
        });
        return;
      } catch {
        this.#checking.add(id);
        await clock.sleep(backoffDelay({ base: 500, max: 30_000 }, failures, random), signal).catch(() => undefined);
      }
    }
  }

  async #read(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const writing = this.#store.writing(key);
    try {
      writing.wrote(await this.#options.client.get(this.type, key, { signal }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      writing.removed();
    } finally {
      writing.end();
    }
  }
}

const stopping = 'its first list is not waited for: the process is stopping';

/** Waiting does not help against these. */
function isDenied(fault: Error | undefined): fault is Error {
  return isForbidden(fault) || isNotFound(fault);
}

/** Identity of an object among those of all kinds. */
export function objectId(type: ResourceType, key: ObjectKey): string {
  return `${type.apiVersion}/${type.plural} ${keyText(key)}`;
}
