/**
 * Metrics under controller-runtime's names, so that boards and alerts for it keep working:
 * https://book.kubebuilder.io/reference/metrics-reference
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
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
const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const queueBuckets = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

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
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
      new Counter({ name, help, labelNames, registers });
    const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
      new Gauge({ name, help, labelNames, registers });
    const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
      new Histogram({ name, help, labelNames, buckets, registers });

    const perController = ['controller'] as const;
    const perQueue = ['name', 'controller'] as const;
    this.#reconciles = counter('controller_runtime_reconcile_total', 'Reconciles by result.', ['controller', 'result']);
    this.#reconcileErrors = counter(
      'controller_runtime_reconcile_errors_total',
      'Reconciles that failed.',
      perController,
    );
    this.#terminalErrors = counter(
      'controller_runtime_terminal_reconcile_errors_total',
      'Reconciles that failed in a way that only a change of the object can heal.',
      perController,
    );
    this.#reconcileTime = histogram(
      'controller_runtime_reconcile_time_seconds',
      'Length of reconciles.',
      perController,
      reconcileBuckets,
    );
    this.#maxConcurrent = gauge(
      'controller_runtime_max_concurrent_reconciles',
      'Reconciles that may run at once.',
      perController,
    );
    this.#activeWorkers = gauge('controller_runtime_active_workers', 'Reconciles that run now.', perController);
    this.#queueAdds = counter('workqueue_adds_total', 'Keys added.', perQueue);
    this.#queueRetries = counter('workqueue_retries_total', 'Keys added again after a failure.', perQueue);
    this.#queueWait = histogram(
      'workqueue_queue_duration_seconds',
      'Time from ready to taken.',
      perQueue,
      queueBuckets,
    );
    this.#queueWork = histogram('workqueue_work_duration_seconds', 'Time from taken to done.', perQueue, queueBuckets);
    this.#requests = counter('rest_client_requests_total', 'Requests to the API server.', ['code', 'method', 'host']);
    this.#eventsDropped = counter('kuberik_events_dropped_total', 'Events that were not sent.', ['cause']);
    for (const cause of ['queue_full', 'rate_limited', 'refused'] as const) this.#eventsDropped.inc({ cause }, 0);
    this.#collectQueues(gauge);
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

  #collectQueues(gauge: <L extends string>(name: string, help: string, labels: readonly L[]) => Gauge<L>): void {
    const queues = this.#queues;
    // One look for the three; the registry asks in order of registration, so this one comes first.
    new Gauge({
      name: 'workqueue_depth',
      help: 'Keys that are ready to be taken.',
      labelNames: ['name', 'controller', 'priority'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [name, queue] of queues) {
          const labels = { name, controller: name };
          const working = queue.working();
          unfinished.set(
            labels,
            working.reduce((sum, seconds) => sum + seconds, 0),
          );
          longest.set(labels, Math.max(0, ...working));
          this.set({ ...labels, priority: '0' }, 0);
          for (const [priority, count] of queue.depth()) this.set({ ...labels, priority: String(priority) }, count);
        }
      },
    });
    const unfinished = gauge('workqueue_unfinished_work_seconds', 'Time spent on work that is not done.', [
      'name',
      'controller',
    ]);
    const longest = gauge('workqueue_longest_running_processor_seconds', 'Longest running work.', [
      'name',
      'controller',
    ]);
  }
}
