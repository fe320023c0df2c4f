/** Sends core/v1 Events in the background: repeats raise a count, a chatty object is held back, nobody ever waits. */
import Type, { type Static } from 'typebox';
import { parserFor } from '../api/define-resource.ts';
import { type KubeObject, keyText, ObjectMeta } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { backoffDelay, type Random } from './backoff.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { dispositionOf } from './disposition.ts';
import { isConflict, isForbidden, isNotFound } from './errors.ts';
import type { EventRecord, EventRecorder } from './events.ts';
import type { Logger } from './logger.ts';
import { SpamFilter } from './spam-filter.ts';

const EventSchema = Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta });

/** core/v1 Event; this room only writes them. */
const CoreEvent: ResourceType<Static<typeof EventSchema> & { readonly [field: string]: unknown }> = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  parse: parserFor('Event', EventSchema),
};

export type EventDropCause = 'queue_full' | 'rate_limited' | 'refused';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `source.component` of the events. Default: `rollout-controller`. */
  readonly component?: string;
  readonly onDrop?: (cause: EventDropCause) => void;
  /** While it says so, events wait for the work that they tell of, for 5 s at most. Default: never. */
  readonly isBusy?: () => boolean;
}

/** A recorder that can be waited for. */
export interface BackgroundEventRecorder extends EventRecorder {
  /** Called when `isBusy` may say no again. */
  resume(): void;
  /** Resolves when everything recorded is sent or dropped, or after `bound` milliseconds. */
  flush(bound: number): Promise<void>;
}

// Facts that wait to be sent.
const longestQueue = 10_000;
// Under a lasting load events still go out, one after the other.
const longestWait = 5000;
// Facts remembered, so that a repeat raises a count: client-go's figure.
const mostKnown = 4096;
const senders = 4;
const mostTries = 3;
const longestMessage = 1024;

/** One fact about one object; the same again is not a new one. */
interface Fact {
  readonly id: string;
  readonly regarding: Regarding;
  readonly event: EventRecord;
  /** Name of its Event object, once it is to be sent. */
  name: string | undefined;
  /** The API server has said that it is there. */
  isSent: boolean;
  count: number;
  readonly first: string;
  last: string;
}

/** What an Event says of its object; the object itself may be large, and is not kept. */
interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export function createEventRecorder(options: EventRecorderOptions): BackgroundEventRecorder {
  return new Recorder(options);
}

class Recorder implements BackgroundEventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #spam: SpamFilter;
  /** In order of use: the first is the one to forget. */
  readonly #known = new Map<string, Fact>();
  readonly #queue = new Map<string, Fact>();
  readonly #stop = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #waiting: Disposable | undefined;
  /** The longest wait is over for the oldest fact. */
  #overdue = false;
  #flushing = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#spam = new SpamFilter(options.clock);
  }

  record(regarding: KubeObject, event: EventRecord): void {
    const { kind, metadata } = regarding;
    const object = `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid ?? ''}`;
    if (!this.#spam.admits(object)) {
      this.#options.onDrop?.('rate_limited');
      return;
    }
    const id = JSON.stringify([object, event.type, event.reason, event.message]);
    if (!this.#queue.has(id) && this.#queue.size >= longestQueue) {
      this.#options.onDrop?.('queue_full');
      return;
    }
    const now = this.#options.clock.now().toString({ smallestUnit: 'second' });
    const fact = this.#known.get(id) ?? {
      id,
      regarding: referenceTo(regarding),
      event,
      name: undefined,
      isSent: false,
      count: 0,
      first: now,
      last: now,
    };
    fact.count++;
    fact.last = now;
    this.#known.delete(id);
    this.#known.set(id, fact);
    if (this.#known.size > mostKnown) this.#forgetOldest();
    this.#queue.set(id, fact);
    this.resume();
  }

  async flush(bound: number): Promise<void> {
    const late = this.#options.clock.after(bound, () => {
      this.#stop.abort(new Error('events were not sent in time'));
    });
    this.#flushing = true;
    this.resume();
    // Each turn sends at least one fact of a bounded queue.
    while (this.#sending.size > 0) await Promise.all(this.#sending);
    late[Symbol.dispose]();
    this.#flushing = false;
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  resume(): void {
    while (this.#sending.size < this.#allowed() && !this.#stop.signal.aborted) {
      const [fact] = this.#queue.values();
      if (fact === undefined) {
        this.#overdue = false;
        return;
      }
      this.#queue.delete(fact.id);
      const sending = this.#send(fact);
      this.#sending.add(sending);
      void sending.then(() => {
        this.#sending.delete(sending);
        this.resume();
      });
    }
    if (this.#queue.size > 0) this.#bound();
  }

  #allowed(): number {
    if (this.#flushing || this.#options.isBusy?.() !== true) return senders;
    return this.#overdue ? 1 : 0;
  }

  #bound(): void {
    this.#waiting ??= this.#options.clock.after(longestWait, () => {
      this.#waiting = undefined;
      this.#overdue = true;
      this.resume();
    });
  }

  /** Never rejects. */
  async #send(fact: Fact): Promise<void> {
    const { clock, logger, onDrop, random } = this.#options;
    const { signal } = this.#stop;
    for (let tries = 1; ; tries++) {
      try {
        if (fact.isSent && fact.name !== undefined && (await this.#raise(fact, fact.name))) return;
        await this.#create(fact);
        return;
      } catch (error) {
        const lost = isForbidden(error) || isNotFound(error) || dispositionOf(error).kind === 'terminal';
        if (lost || tries === mostTries || signal.aborted) {
          onDrop?.('refused');
          logger.warn({ err: error, object: keyText({ namespace: '', ...fact.regarding }) }, 'event not sent');
          return;
        }
        await clock.sleep(backoffDelay({ base: 1000, max: 10_000 }, tries, random), signal).catch(() => undefined);
      }
    }
  }

  /** False: the Event is gone, as they are after an hour. */
  async #raise(fact: Fact, name: string): Promise<boolean> {
    const body = { count: fact.count, lastTimestamp: fact.last };
    const key = { namespace: namespaceOf(fact.regarding), name };
    try {
      await this.#options.client.patch(CoreEvent, key, { type: 'merge', body }, { signal: this.#stop.signal });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** An answer may be lost: under the same name the Event is there once, however often it is sent. */
  async #create(fact: Fact): Promise<void> {
    const { component = 'rollout-controller', client } = this.#options;
    const { regarding, event } = fact;
    if (fact.isSent) fact.name = undefined;
    fact.isSent = false;
    fact.name ??= this.#newName(regarding);
    const object = {
      apiVersion: CoreEvent.apiVersion,
      kind: CoreEvent.kind,
      metadata: { name: fact.name, namespace: namespaceOf(regarding) },
      involvedObject: regarding,
      type: event.type,
      reason: event.reason,
      message: event.message.slice(0, longestMessage),
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
      firstTimestamp: fact.first,
      lastTimestamp: fact.last,
      count: fact.count,
    };
    try {
      await client.create(CoreEvent, object, { signal: this.#stop.signal });
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
      // It may say less than has happened since.
      if (fact.count > 1) await this.#raise(fact, fact.name);
    }
    fact.isSent = true;
  }

  /** As client-go names them, with some chance added: two processes may record within one tick. */
  #newName({ name }: Regarding): string {
    const { clock, random } = this.#options;
    const tick = clock.now().epochNanoseconds.toString(16);
    const unique = `${tick}${Math.floor(random() * 0xffff).toString(16)}`;
    // A name that is cut must still end as names may.
    return `${name.slice(0, 220).replace(/[^a-z0-9]+$/, '')}.${unique}`;
  }
}

/** Events about cluster-scoped objects live in `default`. */
function namespaceOf({ namespace }: Regarding): string {
  return namespace ?? 'default';
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Regarding {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function isAlreadyThere(error: unknown): boolean {
  return isConflict(error) && error.reason === 'AlreadyExists';
}
