/** Runs the reconciles of one controller: several at once, none twice at once, a slow one in nobody's way. */
import { setImmediate as turn } from 'node:timers/promises';
import { keyText, type ObjectKey } from '../api/meta.ts';
import type { Random } from './backoff.ts';
import type { Clock } from './clock.ts';
import { dispositionOf } from './disposition.ts';
import { isConflict, KubeError } from './errors.ts';
import type { Informers } from './informers.ts';
import type { Logger } from './logger.ts';
import type { ControllerMetrics, Metrics } from './metrics.ts';
import { type ControllerDefinition, connectSource, type ReconcileResult, type SourceConnection } from './reconciler.ts';
import { priorities, type WorkItem, WorkQueue } from './work-queue.ts';

export interface ControllerOptions {
  readonly definition: ControllerDefinition;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Reconciles at once, unless the definition says otherwise. */
  readonly concurrency: number;
  /** Milliseconds after which a reconcile's signal is aborted. */
  readonly timeout: number;
  /** Called when the last reconcile that was due has ended. */
  readonly onIdle?: () => void;
}

// A reconcile that takes longer than this gives its place to another one and goes on beside it.
const slowAfter = 1000;
// Bound of those that go on: this many times the concurrency.
const slowFactor = 2;

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #metrics: ControllerMetrics;
  readonly #concurrency: number;
  readonly #running = new Set<Running>();
  readonly #stopped = new AbortController();
  #connections: readonly SourceConnection[] = [];
  #recoveries: readonly Disposable[] = [];
  #busy = 0;
  #started = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { definition, clock, random, metrics } = options;
    this.#concurrency = definition.concurrency ?? options.concurrency;
    this.#metrics = metrics.controller(definition.name, this.#concurrency);
    this.#queue = new WorkQueue({
      clock,
      random,
      metrics: metrics.queue(definition.name),
      onReady: () => {
        this.#dispatch();
      },
    });
    metrics.observeQueue(definition.name, this.#queue);
  }

  get name(): string {
    return this.#options.definition.name;
  }

  /** Something is being reconciled. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** What it watches; empty before `connect`. */
  get sources(): readonly SourceConnection[] {
    return this.#connections;
  }

  /** Starts its watches; keys gather until `start`. */
  connect(informers: Informers): void {
    const wake = (keys: () => Iterable<ObjectKey> | Promise<Iterable<ObjectKey>>, isInitial: boolean): void => {
      void this.#wakeAll(keys, isInitial ? priorities.resync : priorities.change);
    };
    this.#connections = this.#options.definition.watches.map(
      (source) => source.connect?.(informers, wake) ?? connectSource(source, informers, wake),
    );
    // What failed for want of a kind may wait long by now, and no object of the kind need be there to wake it.
    this.#recoveries = this.#connections.map(({ informer }) =>
      informer.onRecovery(() => {
        this.resync();
      }),
    );
  }

  /** Reconciles from now on. */
  start(): void {
    this.#started = true;
    this.#options.definition.start?.((key) => {
      this.wake(key);
    }, this.#stopped.signal);
    this.#dispatch();
  }

  /** Asks for a reconcile, as a change of the object would. */
  wake(key: ObjectKey, priority: number = priorities.change): void {
    if (this.#queue.add(key, { priority }) || !this.#started) return;
    this.#options.logger.error(
      { controller: this.name, object: keyText(key) },
      'the work queue is full: object left out',
    );
  }

  /** Asks for a reconcile of everything, after what has changed. */
  resync(): void {
    for (const connection of this.#connections) connection.replay();
  }

  /**
   * Starts nothing new, waits up to `bound` milliseconds for what runs, then aborts it.
   * Resolves when all has ended, or a second `bound` has passed.
   */
  async stop(bound: number): Promise<void> {
    this.#started = false;
    this.#stopped.abort(new Error(`controller ${this.name} is stopping`));
    this.#queue.close();
    await this.#allEnded(bound);
    const reason = new Error(`controller ${this.name} is stopping`);
    for (const { abort } of this.#running) abort.abort(reason);
    await this.#allEnded(bound);
    // Only now: what still ran reads from these watches.
    for (const connection of [...this.#recoveries, ...this.#connections]) connection[Symbol.dispose]();
    this.#connections = [];
    this.#recoveries = [];
  }

  async #allEnded(bound: number): Promise<void> {
    if (this.#running.size === 0) return;
    const ended = Promise.all([...this.#running].map((running) => running.ended));
    const late = new AbortController();
    await Promise.race([ended, this.#options.clock.sleep(bound, late.signal).catch(() => undefined)]);
    late.abort();
  }

  async #wakeAll(keys: () => Iterable<ObjectKey> | Promise<Iterable<ObjectKey>>, priority: number): Promise<void> {
    try {
      const woken = keys();
      for (const key of woken instanceof Promise ? await woken : woken) this.wake(key, priority);
    } catch (error) {
      this.#options.logger.error({ controller: this.name, err: error }, 'a change could not be mapped to objects');
    }
  }

  #dispatch(): void {
    while (this.#started && this.#busy < this.#concurrency && this.#running.size < this.#concurrency * slowFactor) {
      const work = this.#queue.take();
      if (work === undefined) return;
      const abort = new AbortController();
      const running = { abort, ended: this.#process(work, abort) };
      this.#running.add(running);
      this.#metrics.active(this.#running.size);
      void running.ended.then(() => {
        this.#running.delete(running);
        this.#metrics.active(this.#running.size);
        this.#dispatch();
        if (!this.isBusy) this.#options.onIdle?.();
      });
    }
  }

  /** Never rejects. */
  async #process(work: WorkItem, abort: AbortController): Promise<void> {
    const { clock, definition, timeout } = this.#options;
    this.#busy++;
    let held = true;
    const giveWay = (): void => {
      if (held) this.#busy--;
      held = false;
    };
    const slow = clock.after(slowAfter, () => {
      giveWay();
      this.#dispatch();
    });
    const late = clock.after(timeout, () => {
      abort.abort(tooLong(this.name, work.key, timeout));
    });
    const started = clock.now().epochMilliseconds;
    const seconds = (): number => (clock.now().epochMilliseconds - started) / 1000;
    try {
      // Reconciles that find all they need in memory must not keep answers, and the lease above all, from being read.
      await turn();
      const result = await definition.reconciler.reconcile(work.key, abort.signal);
      this.#succeeded(work, result, seconds());
    } catch (error) {
      this.#failed(work, error, seconds());
    } finally {
      slow[Symbol.dispose]();
      late[Symbol.dispose]();
      this.#queue.done(work.key);
      giveWay();
    }
  }

  #succeeded(work: WorkItem, { requeueAt, failure }: ReconcileResult, seconds: number): void {
    const { clock, logger } = this.#options;
    const isDue = requeueAt !== undefined && Temporal.Instant.compare(requeueAt, clock.now()) <= 0;
    if (failure !== undefined && !isDue) {
      this.#queue.setDeadline(work.key, requeueAt);
      this.#failed(work, failure, seconds);
      return;
    }
    if (isDue) {
      // Going on at once is right once or twice; the back-off makes it cost little should it never end.
      logger.debug({ ...this.#subject(work.key), requeueAt: requeueAt.toString() }, 'reconcile asks to go on at once');
      this.#queue.setDeadline(work.key, undefined);
      this.#queue.retry(work);
      this.#metrics.reconciled('requeue', seconds);
      return;
    }
    this.#queue.setDeadline(work.key, requeueAt);
    this.#queue.forget(work.key);
    this.#metrics.reconciled(requeueAt === undefined ? 'success' : 'requeue_after', seconds);
  }

  #failed(work: WorkItem, error: unknown, seconds: number): void {
    const { logger } = this.#options;
    const disposition = dispositionOf(error);
    const fields = { ...this.#subject(work.key), err: error };
    this.#metrics.reconciled('error', seconds);
    switch (disposition.kind) {
      case 'terminal':
        // Its deadline, if it has one, stays.
        this.#queue.forget(work.key);
        this.#metrics.terminalError();
        logger.error(fields, 'reconcile failed: only a change of the object can heal it');
        return;
      case 'waitUntil':
        this.#queue.retry(work, disposition.until);
        logger.warn({ ...fields, until: disposition.until.toString() }, 'reconcile was put off');
        return;
      case 'retryable':
        this.#queue.retry(work);
        // Losing a race is no fault: the next pass reads what the other one wrote. Nor is being stopped.
        if (isConflict(error) || !this.#started) logger.debug(fields, 'reconcile lost a race or was stopped');
        else logger.error(fields, 'reconcile failed, trying again');
    }
  }

  #subject(key: ObjectKey): { controller: string; object: string } {
    return { controller: this.name, object: keyText(key) };
  }
}

function tooLong(controller: string, key: ObjectKey, timeout: number): KubeError {
  const message = `${controller} ${keyText(key)}: reconcile took longer than ${timeout} ms`;
  return new KubeError('KBK_KUBE_CONNECTION', message, { kind: 'retryable' });
}
