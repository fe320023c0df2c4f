/** The shared informers of a process: one per kind, namespaces and selector, for as long as somebody holds it. */
import { isRecord } from '../api/json.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Random } from './backoff.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { type AnyInformer, Informer, objectId } from './informer.ts';
import { KeyedLock } from './keyed-lock.ts';

export interface InformersOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Only objects of these namespaces are watched; cluster-scoped kinds are always watched. Default: all namespaces. */
  readonly namespaces?: readonly string[];
  /** Default: `Math.random`. */
  readonly random?: Random;
  /** Freezes every stored object; for tests. Default false. */
  readonly freeze?: boolean;
}

export interface InformerSelection {
  /** Default: the namespaces of the process. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** A share in an informer; the last one to let go stops the watch. Letting go twice counts once. */
export interface InformerLease<T extends KubeObject> extends Disposable {
  readonly informer: Informer<T>;
  release(): void;
}

interface Held {
  readonly informer: AnyInformer;
  holders: number;
}

export class Informers {
  readonly #options: InformersOptions;
  readonly #held = new Map<string, Held[]>();
  readonly #lock = new KeyedLock();
  #givenUp = false;

  constructor(options: InformersOptions) {
    this.#options = options;
  }

  /** Shared by all who read the kind with the same `parse`; started by the first. */
  acquire<T extends KubeObject>(type: ResourceType<T>, selection: InformerSelection = {}): InformerLease<T> {
    const found = this.find(type, selection);
    const informer = found ?? this.#start(type, selection);
    const held = this.#of(type).find((each) => each.informer === informer);
    if (held !== undefined) held.holders++;
    let released = false;
    const release = (): void => {
      if (released || held === undefined) return;
      released = true;
      held.holders--;
      if (held.holders === 0) this.#drop(held);
    };
    return { informer, release, [Symbol.dispose]: release };
  }

  /** An informer that somebody holds. */
  find<T extends KubeObject>(type: ResourceType<T>, selection: InformerSelection = {}): Informer<T> | undefined {
    const namespaces = this.#namespaces(type, selection);
    for (const { informer } of this.#of(type)) {
      if (
        informer.labelSelector === (selection.labelSelector ?? '') &&
        informer.namespaces.join() === namespaces.join() &&
        readsAs(informer, type)
      ) {
        return informer;
      }
    }
    return undefined;
  }

  /** Everything that is watched now. */
  all(): readonly AnyInformer[] {
    return [...this.#held.values()].flatMap((list) => list.map((held) => held.informer));
  }

  /**
   * Sends one write of an object at a time, and shows its result to every reader at once. `send` answers with the
   * object as it is now, or with nothing when it removed it; `uid` is the one it removed, if known.
   */
  async write<R>(type: ResourceType, key: ObjectKey, send: () => Promise<R>, uid?: string): Promise<R> {
    return this.#lock.run(objectId(type, key), async () => {
      const writings = this.#of(type).flatMap(({ informer }) => informer.writing(key) ?? []);
      try {
        const result = await send();
        for (const writing of writings) {
          if (isRecord(result)) writing.wrote(result);
          else writing.removed(uid);
        }
        return result;
      } finally {
        for (const writing of writings) writing.end();
      }
    });
  }

  /** Nobody waits for a first list any more, which a silent API server would make long; what is listed can be read. */
  giveUp(): void {
    this.#givenUp = true;
    for (const informer of this.all()) informer.giveUp();
  }

  /** Stops every watch. */
  async stop(): Promise<void> {
    const all = this.all();
    this.#held.clear();
    await Promise.all(all.map((informer) => informer.stop()));
  }

  #start<T extends KubeObject>(type: ResourceType<T>, selection: InformerSelection): Informer<T> {
    const { client, clock, random = Math.random, freeze = false } = this.#options;
    const namespaces = this.#namespaces(type, selection);
    const labelSelector = selection.labelSelector ?? '';
    const informer = new Informer({ type, namespaces, labelSelector, client, clock, random, freeze, lock: this.#lock });
    if (this.#givenUp) informer.giveUp();
    this.#held.set(addressOf(type), [...this.#of(type), { informer, holders: 0 }]);
    return informer;
  }

  #drop(held: Held): void {
    const address = addressOf(held.informer.type);
    const rest = (this.#held.get(address) ?? []).filter((each) => each !== held);
    if (rest.length === 0) this.#held.delete(address);
    else this.#held.set(address, rest);
    void held.informer.stop();
  }

  #of(type: ResourceType): readonly Held[] {
    return this.#held.get(addressOf(type)) ?? [];
  }

  #namespaces(type: ResourceType, { namespace }: InformerSelection): readonly string[] {
    if (!type.namespaced) return [];
    return namespace === undefined ? (this.#options.namespaces ?? []) : [namespace];
  }
}

function addressOf(type: ResourceType): string {
  return `${type.apiVersion}/${type.plural}`;
}

/** The parser makes the type: who parses with the same function reads the same `T`. */
function readsAs<T extends KubeObject>(informer: AnyInformer, type: ResourceType<T>): informer is Informer<T> {
  return informer.type.parse === type.parse;
}
