/** Runs the controllers of a process: shared watches, leader election, workers, and an orderly end. */
import type { ObjectKey } from '../api/meta.ts';
import type { Random } from './backoff.ts';
import { createCacheReader } from './cache-reader.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { Controller } from './controller.ts';
import { isNotFound } from './errors.ts';
import { type BackgroundEventRecorder, createEventRecorder } from './event-recorder.ts';
import type { EventRecorder } from './events.ts';
import { fencedClient } from './fenced-client.ts';
import type { AnyInformer } from './informer.ts';
import { Informers } from './informers.ts';
import { LeaderLease } from './lease.ts';
import type { Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import type { Reader } from './reader.ts';
import type { ControllerDefinition } from './reconciler.ts';
import { trackingClient } from './tracking-client.ts';

export interface ManagerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: metrics of its own, which nobody reads. */
  readonly metrics?: Metrics;
  /** Reconciles at once per controller. Default: 64; bench/README.md has the figures. */
  readonly concurrency?: number;
  /** Absent: this process leads without asking. */
  readonly leaderElection?: { readonly identity: string; readonly namespace: string; readonly name?: string };
  /** Namespaces to watch. Default: all of them. */
  readonly namespaces?: readonly string[];
  /** Milliseconds to wait for the first lists before the controllers start without them. Default: 60,000. */
  readonly syncTimeout?: number;
  /** Milliseconds after which a reconcile is aborted. Default: 120,000. */
  readonly reconcileTimeout?: number;
  /** Milliseconds that running reconciles get to end at a stop. Default: 20,000. */
  readonly stopTimeout?: number;
  /** Default: `Math.random`. */
  readonly random?: Random;
  /** Freezes every stored object; for tests. Default false. */
  readonly freeze?: boolean;
}

/** What a controller works with. */
export interface ControllerContext {
  /** Its writes are in `reader` at once. */
  readonly client: KubeClient;
  readonly reader: Reader;
  /** For kinds that are known only at run time. */
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks this controller to reconcile an object. */
  readonly wake: (key: ObjectKey) => void;
}

export interface ManagerState {
  /** Every kind that a controller watches is listed; false before `run`. */
  readonly synced: boolean;
  readonly leading: boolean;
  /** Those of them that cannot be read at present, and why. */
  readonly faults: readonly { readonly kind: string; readonly fault: Error }[];
}

// controller-runtime's figure; everything is looked at again, after what has changed, in case an event was lost.
const resyncPeriod = 10 * 3600 * 1000;

export class Manager {
  readonly informers: Informers;
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly events: EventRecorder;
  /** Those of the options. */
  readonly metrics: Metrics;
  readonly #recorder: BackgroundEventRecorder;
  readonly #options: ManagerOptions;
  readonly #random: Random;
  readonly #controllers: Controller[] = [];
  readonly #lease: LeaderLease | undefined;
  #leading = false;

  constructor(options: ManagerOptions) {
    this.#options = options;
    const { client, clock, logger, namespaces, random = Math.random, freeze = false } = options;
    if ((options.concurrency ?? 1) < 1) throw new RangeError(`concurrency is ${options.concurrency ?? 1}; at least 1`);
    const metrics = options.metrics ?? new Metrics();
    this.metrics = metrics;
    this.#random = random;
    this.informers = new Informers({
      client,
      clock,
      random,
      freeze,
      ...(namespaces === undefined ? {} : { namespaces }),
    });
    const { leaderElection } = options;
    this.#lease = leaderElection && new LeaderLease({ client, clock, logger, random, ...leaderElection });
    this.client = trackingClient(
      fencedClient(client, () => this.#lease?.check()),
      this.informers,
    );
    this.reader = createCacheReader({ informers: this.informers });
    this.#recorder = createEventRecorder({
      client,
      clock,
      random,
      logger,
      onDrop: (cause) => {
        metrics.eventDropped(cause);
      },
      isBusy: () => this.#controllers.some((controller) => controller.isBusy),
    });
    this.events = this.#recorder;
  }

  /** Before `run`. */
  add(define: (context: ControllerContext) => ControllerDefinition): void {
    const { clock, logger, concurrency = 64, reconcileTimeout = 120_000 } = this.#options;
    const { client, reader, informers, events } = this;
    const wake = (key: ObjectKey): void => {
      controller.wake(key);
    };
    const definition = define({ client, reader, informers, events, clock, logger, wake });
    const controller = new Controller({
      definition,
      clock,
      random: this.#random,
      logger,
      metrics: this.metrics,
      concurrency,
      timeout: reconcileTimeout,
      onIdle: () => {
        this.#recorder.resume();
      },
    });
    this.#controllers.push(controller);
  }

  get state(): ManagerState {
    const watched = this.#watched();
    const faults = watched.flatMap(({ type, fault }) => (fault === undefined ? [] : [{ kind: type.kind, fault }]));
    const synced = watched.length > 0 && watched.every((informer) => informer.synced);
    return { synced, leading: this.#leading, faults };
  }

  /**
   * Runs until the signal is aborted, then ends in order.
   * @throws KubeError KBK_KUBE_LEASE_LOST when somebody else leads: the process has to exit.
   */
  async run(signal: AbortSignal): Promise<void> {
    const lease = this.#lease;
    for (const controller of this.#controllers) controller.connect(this.informers);
    try {
      await untilAborted(signal, Promise.all([this.#synced(), lease?.acquire(signal)]));
      if (!signal.aborted) await this.#lead(lease, signal);
    } finally {
      this.#leading = false;
      await Promise.all(this.#controllers.map((controller) => controller.stop(0)));
      await this.#recorder.flush(5000);
      await this.informers.stop();
    }
  }

  async #lead(lease: LeaderLease | undefined, signal: AbortSignal): Promise<void> {
    const { logger, stopTimeout = 20_000 } = this.#options;
    this.#leading = true;
    for (const controller of this.#controllers) controller.start();
    const resyncs = this.#resyncs();
    // The lease is held until the last reconcile has ended, which may be after the signal.
    const ended = new AbortController();
    const held = lease?.hold(ended.signal) ?? new Promise<void>(() => undefined);
    try {
      await untilAborted(signal, held);
      this.informers.giveUp();
      await Promise.race([held, Promise.all(this.#controllers.map((controller) => controller.stop(stopTimeout)))]);
    } finally {
      resyncs[Symbol.dispose]();
      ended.abort(new Error('the manager is stopping'));
    }
    await lease?.release().catch((error: unknown) => {
      logger.warn({ err: error }, 'the lease could not be released');
    });
  }

  /** A little apart, so that several processes do not resync together. */
  #resyncs(): Disposable {
    const arm = (): Disposable =>
      this.#options.clock.after(resyncPeriod * (0.9 + this.#random() * 0.2), () => {
        for (const controller of this.#controllers) controller.resync();
        timer = arm();
      });
    let timer = arm();
    return {
      [Symbol.dispose]: () => {
        timer[Symbol.dispose]();
      },
    };
  }

  /**
   * What the controllers cannot do without. Kinds that are known only at run time are the matter of who asked for them,
   * and optional ones count as long as the cluster serves them.
   */
  #watched(): readonly AnyInformer[] {
    const sources = this.#controllers.flatMap((controller) => controller.sources);
    const needed = sources.filter(({ informer, optional }) => !optional || !isNotFound(informer.fault));
    return [...new Set(needed.map(({ informer }) => informer))];
  }

  /** Resolves when every kind is listed or known to be out of reach; never rejects. */
  async #synced(): Promise<void> {
    const { logger, syncTimeout = 60_000 } = this.#options;
    const waits = this.#watched().map(async (informer) => {
      try {
        await informer.ready(syncTimeout);
      } catch (error) {
        if (!this.#watched().includes(informer)) return;
        logger.warn({ err: error, kind: informer.type.kind }, 'starting without this kind: it cannot be read yet');
      }
    });
    await Promise.all(waits);
  }
}

/** Resolves with the signal; settles as `work` does if that comes first. */
async function untilAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  if (signal.aborted) return;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
    // What goes on after the signal must not end the process.
    work.catch(() => undefined);
  }
}
