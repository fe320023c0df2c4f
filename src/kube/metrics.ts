/**
 * Metrics under controller-runtime's names, so that boards and alerts for it keep working:
 * https://book.kubebuilder.io/reference/metrics-reference
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricDoc, processMetrics } from '../api/metrics.ts';
import type { RequestHook } from './http-client.ts';
import type { QueueMetrics, WorkQueue } from './work-queue.ts';

type ReconcileOutcome = 'success' | 'error' | 'requeue' | 'requeue_after';

export interface ControllerMetrics {
  /** `seconds` from the start of the reconcile to its end. */
  reconciled(outcome: ReconcileOutcome, seconds: number): void;
  terminalError(): void;
  active(count: number): void;
}

const outcomes: readonly ReconcileOutcome[] = ['success', 'error', 'requeue', 'requeue_after'];

/** A counter as the table has it. @param collect called when somebody scrapes */
export function makeCounter<L extends string>(
  registry: Registry,
  { name, help, labels }: MetricDoc<L>,
  collect?: () => void,
): Counter<L> {
  return new Counter({ name, help, labelNames: [...labels], registers: [registry], ...(collect && { collect }) });
}

/** A gauge as the table has it. @param collect called when somebody scrapes */
export function makeGauge<L extends string>(
  registry: Registry,
  { name, help, labels }: MetricDoc<L>,
  collect?: () => void,
): Gauge<L> {
  return new Gauge({ name, help, labelNames: [...labels], registers: [registry], ...(collect && { collect }) });
}

/** A histogram as the table has it. */
export function makeHistogram<L extends string>(
  registry: Registry,
  { name, help, labels, buckets = [] }: MetricDoc<L>,
): Histogram<L> {
  return new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
}

export class Metrics {
  readonly registry: Registry;
  readonly #reconciles;
  readonly #reconcileErrors;
  readonly #terminalErrors;
  readonly #reconcileTime;
  readonly #maxConcurrent;
  readonly #activeWorkers;
  readonly #queueAdds;
  readonly #queueRetries;
  readonly #queueWait;
  readonly #queueWork;
  readonly #requests;
  readonly #eventsDropped;
  readonly #queues = new Map<string, WorkQueue>();

  constructor(registry: Registry = new Registry()) {
    this.registry = registry;
    this.#reconciles = makeCounter(registry, processMetrics.reconciles);
    this.#reconcileErrors = makeCounter(registry, processMetrics.reconcileErrors);
    this.#terminalErrors = makeCounter(registry, processMetrics.terminalErrors);
    this.#reconcileTime = makeHistogram(registry, processMetrics.reconcileTime);
    this.#maxConcurrent = makeGauge(registry, processMetrics.maxConcurrent);
    this.#activeWorkers = makeGauge(registry, processMetrics.activeWorkers);
    this.#queueAdds = makeCounter(registry, processMetrics.queueAdds);
    this.#queueRetries = makeCounter(registry, processMetrics.queueRetries);
    this.#queueWait = makeHistogram(registry, processMetrics.queueWait);
    this.#queueWork = makeHistogram(registry, processMetrics.queueWork);
    this.#requests = makeCounter(registry, processMetrics.requests);
    this.#eventsDropped = makeCounter(registry, processMetrics.eventsDropped);
    for (const cause of ['queue_full', 'rate_limited', 'refused'] as const) this.#eventsDropped.inc({ cause }, 0);
    this.#collectQueues();
  }

  controller(name: string, concurrency: number): ControllerMetrics {
    const controller = { controller: name };
    for (const result of outcomes) this.#reconciles.inc({ ...controller, result }, 0);
    this.#reconcileErrors.inc(controller, 0);
    this.#terminalErrors.inc(controller, 0);
    this.#reconcileTime.zero(controller);
    this.#maxConcurrent.set(controller, concurrency);
    this.#activeWorkers.set(controller, 0);
    return {
      reconciled: (result, seconds) => {
        this.#reconciles.inc({ ...controller, result });
        this.#reconcileTime.observe(controller, seconds);
        if (result === 'error') this.#reconcileErrors.inc(controller);
      },
      terminalError: () => {
        this.#terminalErrors.inc(controller);
      },
      active: (count) => {
        this.#activeWorkers.set(controller, count);
      },
    };
  }

  queue(name: string): QueueMetrics {
    const labels = { name, controller: name };
    this.#queueAdds.inc(labels, 0);
    this.#queueRetries.inc(labels, 0);
    this.#queueWait.zero(labels);
    this.#queueWork.zero(labels);
    return {
      added: () => {
        this.#queueAdds.inc(labels);
      },
      retried: () => {
        this.#queueRetries.inc(labels);
      },
      waited: (seconds) => {
        this.#queueWait.observe(labels, seconds);
      },
      worked: (seconds) => {
        this.#queueWork.observe(labels, seconds);
      },
    };
  }

  /** Its depth and its running work are looked at when somebody scrapes. */
  observeQueue(name: string, queue: WorkQueue): void {
    this.#queues.set(name, queue);
  }

  /** For `createKubeClient`; `host` is the API server's. */
  requestHook(host: string): RequestHook {
    const methods = {
      get: 'GET',
      list: 'GET',
      watch: 'GET',
      create: 'POST',
      update: 'PUT',
      patch: 'PATCH',
      apply: 'PATCH',
      delete: 'DELETE',
    };
    return (verb, _plural, _subresource, status) => {
      this.#requests.inc({ code: status === 0 ? '<error>' : String(status), method: methods[verb], host });
    };
  }

  eventDropped(cause: 'queue_full' | 'rate_limited' | 'refused'): void {
    this.#eventsDropped.inc({ cause });
  }

  /** One look for the three; the registry asks in order of registration, so the depth comes first. */
  #collectQueues(): void {
    const depth = makeGauge(this.registry, processMetrics.queueDepth, () => {
      depth.reset();
      for (const [name, queue] of this.#queues) {
        const labels = { name, controller: name };
        const working = queue.working();
        unfinished.set(
          labels,
          working.reduce((sum, seconds) => sum + seconds, 0),
        );
        longest.set(labels, Math.max(0, ...working));
        depth.set({ ...labels, priority: '0' }, 0);
        for (const [priority, count] of queue.depth()) depth.set({ ...labels, priority: String(priority) }, count);
      }
    });
    const unfinished = makeGauge(this.registry, processMetrics.unfinished);
    const longest = makeGauge(this.registry, processMetrics.longest);
  }
}
