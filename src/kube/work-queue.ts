/**
 * Keys of objects to reconcile. A key is in it once however often it is added, is worked on once at a time, and keeps
 * the earliest time and the highest priority that anybody asked for.
 */
import { keyText, type ObjectKey } from '../api/meta.ts';
import { type Backoff, backoffDelay, type Random } from './backoff.ts';
import type { Clock } from './clock.ts';
import { Heap } from './heap.ts';

/** Higher goes first. A change that somebody made goes before the first list and before a resync. */
export const priorities = { change: 0, resync: -100 } as const;

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called when there may be something to take. */
  readonly onReady: () => void;
  /** Of failed keys. Default: 5 ms doubling to 1,000 s. */
  readonly backoff?: Backoff;
  /** Most keys; a further one is refused. Default: 100,000. */
  readonly limit?: number;
  readonly metrics?: QueueMetrics;
}

export interface QueueMetrics {
  added(): void;
  retried(): void;
  /** Seconds between being ready and being taken. */
  waited(seconds: number): void;
  /** Seconds between being taken and being done. */
  worked(seconds: number): void;
}

export interface WorkItem {
  readonly key: ObjectKey;
  readonly priority: number;
}

interface Item {
  readonly key: ObjectKey;
  readonly text: string;
  priority: number;
  /** Epoch milliseconds at which it was asked for; undefined: not asked for. */
  dueAt: number | undefined;
  /** Epoch milliseconds of the last reconcile's own deadline. */
  deadline: number | undefined;
  /** Epoch milliseconds before which it does not come up, whoever asks for it. */
  notBefore: number | undefined;
  readyAt: number | undefined;
  takenAt: number | undefined;
  failures: number;
  /** Counts up whenever the place in a heap is void. */
  stamp: number;
}

interface Place {
  readonly item: Item;
  readonly stamp: number;
  readonly at: number;
  readonly order: number;
}

export class WorkQueue {
  readonly #options: Required<Omit<WorkQueueOptions, 'metrics'>> & Pick<WorkQueueOptions, 'metrics'>;
  readonly #items = new Map<string, Item>();
  readonly #taken = new Set<Item>();
  readonly #ready = new Heap<Place>((a, b) =>
    a.item.priority === b.item.priority ? a.order < b.order : a.item.priority > b.item.priority,
  );
  readonly #delayed = new Heap<Place>((a, b) => (a.at === b.at ? a.order < b.order : a.at < b.at));
  #timer: { readonly at: number; readonly timer: Disposable } | undefined;
  #order = 0;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = { backoff: { base: 5, max: 1_000_000 }, limit: 100_000, ...options };
  }

  /** Keys that wait to be taken now, by priority. */
  depth(): ReadonlyMap<number, number> {
    const depth = new Map<number, number>();
    for (const { readyAt, priority } of this.#items.values()) {
      if (readyAt !== undefined) depth.set(priority, (depth.get(priority) ?? 0) + 1);
    }
    return depth;
  }

  /** Seconds for which each key that was taken is being worked on. */
  working(): readonly number[] {
    const now = this.#now();
    return [...this.#taken].map(({ takenAt = now }) => (now - takenAt) / 1000);
  }

  /** Everything it knows of: ready, delayed, taken or failed before. */
  get size(): number {
    return this.#items.size;
  }

  /** Asks for a key, at once or at an instant. False: the queue is full or closed. */
  add(key: ObjectKey, options: { readonly priority?: number; readonly at?: Temporal.Instant } = {}): boolean {
    const { priority = priorities.change, at } = options;
    return this.#ask(key, priority, at === undefined ? this.#now() : atLeast(at));
  }

  /**
   * Asks for a key that failed, after its back-off.
   * @param notBefore the API server has asked for so much time: until then nothing else brings it up either
   */
  retry({ key, priority }: WorkItem, notBefore?: Temporal.Instant): boolean {
    const item = this.#item(key);
    if (item === undefined) return false;
    const { backoff, random, metrics } = this.#options;
    item.failures++;
    metrics?.retried();
    const at = this.#now() + Math.ceil(backoffDelay(backoff, item.failures, random));
    item.notBefore = notBefore && atLeast(notBefore);
    return this.#ask(key, priority, at);
  }

  /** The key did well: the next failure starts the back-off anew. */
  forget(key: ObjectKey): void {
    const item = this.#items.get(keyText(key));
    if (item === undefined) return;
    item.failures = 0;
    this.#dropIfIdle(item);
  }

  /**
   * Replaces the deadline of a key; undefined: it has none. Kept apart from what `add` asks for, so that neither an
   * event nor a failure before the deadline makes the key forget it.
   */
  setDeadline(key: ObjectKey, at: Temporal.Instant | undefined): void {
    const item = at === undefined ? this.#items.get(keyText(key)) : this.#item(key);
    if (item === undefined) return;
    item.deadline = at === undefined ? undefined : atLeast(at);
    this.#schedule(item);
    this.#dropIfIdle(item);
  }

  /** The next key, which is locked until `done`. Undefined: nothing is ready. */
  take(): WorkItem | undefined {
    this.#promote();
    for (let place = this.#ready.pop(); place !== undefined; place = this.#ready.pop()) {
      const { item, stamp } = place;
      if (item.stamp !== stamp) continue;
      const now = this.#now();
      this.#options.metrics?.waited((now - (item.readyAt ?? now)) / 1000);
      item.stamp++;
      item.readyAt = undefined;
      item.dueAt = undefined;
      item.notBefore = undefined;
      if (item.deadline !== undefined && item.deadline <= now) item.deadline = undefined;
      item.takenAt = now;
      this.#taken.add(item);
      return { key: item.key, priority: item.priority };
    }
    return undefined;
  }

  /** Unlocks a key that was taken; what was asked for in the meantime comes up now. */
  done(key: ObjectKey): void {
    const item = this.#items.get(keyText(key));
    if (item?.takenAt === undefined) return;
    this.#options.metrics?.worked((this.#now() - item.takenAt) / 1000);
    item.takenAt = undefined;
    this.#taken.delete(item);
    this.#schedule(item);
    this.#dropIfIdle(item);
  }

  /** Forgets everything that waits and refuses what comes. */
  close(): void {
    this.#closed = true;
    this.#timer?.timer[Symbol.dispose]();
    this.#timer = undefined;
    this.#ready.clear();
    this.#delayed.clear();
  }

  #now(): number {
    return this.#options.clock.now().epochMilliseconds;
  }

  #item(key: ObjectKey): Item | undefined {
    const text = keyText(key);
    const known = this.#items.get(text);
    if (known !== undefined) return known;
    if (this.#closed || this.#items.size >= this.#options.limit) return undefined;
    const times = {
      dueAt: undefined,
      deadline: undefined,
      notBefore: undefined,
      readyAt: undefined,
      takenAt: undefined,
    };
    const item: Item = { key, text, priority: priorities.change, ...times, failures: 0, stamp: 0 };
    this.#items.set(text, item);
    return item;
  }

  #ask(key: ObjectKey, priority: number, at: number): boolean {
    const item = this.#item(key);
    if (item === undefined || this.#closed) return false;
    const asked = item.dueAt !== undefined || item.readyAt !== undefined;
    if (!asked) this.#options.metrics?.added();
    const raised = asked && priority > item.priority;
    item.priority = asked ? Math.max(item.priority, priority) : priority;
    item.dueAt = Math.min(item.dueAt ?? at, at);
    if (raised && item.readyAt !== undefined) this.#enqueue(item, item.readyAt);
    else this.#schedule(item);
    return true;
  }

  /** Puts an item where its times say, unless it is there already or locked. */
  #schedule(item: Item): void {
    if (item.takenAt !== undefined || item.readyAt !== undefined || this.#closed) return;
    const asked = Math.min(item.dueAt ?? Number.POSITIVE_INFINITY, item.deadline ?? Number.POSITIVE_INFINITY);
    const at = Math.max(asked, item.notBefore ?? asked);
    item.stamp++;
    if (at === Number.POSITIVE_INFINITY) return;
    if (at <= this.#now()) {
      if (item.dueAt === undefined) item.priority = priorities.change;
      this.#enqueue(item, this.#now());
      this.#options.onReady();
      return;
    }
    this.#delayed.push({ item, stamp: item.stamp, at, order: this.#order++ });
    if (this.#delayed.size > 2 * this.#items.size + 64) this.#compact();
    this.#arm();
  }

  #enqueue(item: Item, readyAt: number): void {
    item.readyAt = readyAt;
    item.stamp++;
    this.#ready.push({ item, stamp: item.stamp, at: readyAt, order: this.#order++ });
  }

  /** Moves what has fallen due to the ready ones. */
  #promote(): void {
    const now = this.#now();
    for (let place = this.#delayed.peek(); place !== undefined; place = this.#delayed.peek()) {
      const { item, stamp, at } = place;
      if (item.stamp === stamp && at > now) break;
      this.#delayed.pop();
      if (item.stamp !== stamp) continue;
      if (item.dueAt === undefined) item.priority = priorities.change;
      this.#enqueue(item, at);
    }
  }

  #arm(): void {
    const next = this.#delayed.peek();
    if (next === undefined || (this.#timer !== undefined && this.#timer.at <= next.at)) return;
    this.#timer?.timer[Symbol.dispose]();
    const timer = this.#options.clock.after(next.at - this.#now(), () => {
      this.#timer = undefined;
      this.#promote();
      this.#arm();
      this.#options.onReady();
    });
    this.#timer = { at: next.at, timer };
  }

  /** Drops void places: a deadline far away must not keep one for every reconcile before it. */
  #compact(): void {
    const places: Place[] = [];
    for (let place = this.#delayed.pop(); place !== undefined; place = this.#delayed.pop()) {
      if (place.item.stamp === place.stamp) places.push(place);
    }
    for (const place of places) this.#delayed.push(place);
  }

  #dropIfIdle(item: Item): void {
    const waits = item.dueAt !== undefined || item.readyAt !== undefined || item.deadline !== undefined;
    if (!waits && item.takenAt === undefined && item.failures === 0) this.#items.delete(item.text);
  }
}

/** Rounded up: never earlier than asked for. */
function atLeast(instant: Temporal.Instant): number {
  return instant.round({ smallestUnit: 'millisecond', roundingMode: 'ceil' }).epochMilliseconds;
}
