/**
 * Every metric of the controller: what its reference page, its registry, the dashboard and the alert rules go by. Names
 * and labels are wire: boards of other people rest on them.
 */

/** One family, as Prometheus calls it. */
export interface MetricDoc<Label extends string = string> {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly Label[];
  readonly help: string;
  /** Upper bounds, of histograms. */
  readonly buckets?: readonly number[];
}

const counter = <const Label extends string>(name: string, labels: readonly Label[], help: string) =>
  ({ name, type: 'counter', labels, help }) as const;
const gauge = <const Label extends string>(name: string, labels: readonly Label[], help: string) =>
  ({ name, type: 'gauge', labels, help }) as const;
const histogram = <const Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
  buckets: readonly number[],
) => ({ name, type: 'histogram', labels, help, buckets }) as const;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const queueBuckets = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/** Facts about deliveries, each counted once, when it is written into a status. */
export const deliveryMetrics = {
  deployments: counter(
    'kuberik_rollout_deployments_total',
    ['namespace', 'rollout', 'trigger', 'result'],
    'Deployments that ended, by what made them and how their bake ended. One that is retried ends again.',
  ),
  rollbacks: counter(
    'kuberik_rollout_rollbacks_total',
    ['namespace', 'rollout', 'trigger'],
    'Returns to an earlier version: Rollback is automatic, Manual a person.',
  ),
  leadTime: histogram(
    'kuberik_rollout_lead_time_seconds',
    ['namespace', 'rollout', 'until'],
    'Time from the creation of an image until its first deployment here began, and until its bake succeeded.',
    [5 * minute, 15 * minute, hour, 4 * hour, day, 3 * day, 7 * day, 30 * day],
  ),
  restore: histogram(
    'kuberik_rollout_time_to_restore_seconds',
    ['namespace', 'rollout'],
    'Time from a failed deployment to the next one that succeeded.',
    [minute, 5 * minute, 15 * minute, hour, 4 * hour, day, 7 * day],
  ),
  bake: histogram(
    'kuberik_rollout_bake_seconds',
    ['namespace', 'rollout'],
    'Length of bakes, from all checks healthy to the end, however it ended.',
    [minute, 5 * minute, 15 * minute, hour, 4 * hour, day],
  ),
  blocked: counter(
    'kuberik_rollout_blocked_seconds_total',
    ['namespace', 'rollout', 'reason'],
    'Time during which a newer release was held back, by the reason of the condition Progressing.',
  ),
} as const;

/** What is so now, as the status of each object says. */
export const stateMetrics = {
  info: gauge('kuberik_rollout_info', ['namespace', 'rollout', 'version'], 'Always 1: which version is deployed.'),
  bakeStatus: gauge(
    'kuberik_rollout_bake_status',
    ['namespace', 'rollout', 'status'],
    '1 for the bake status of the newest deployment, 0 for the others.',
  ),
  reason: gauge(
    'kuberik_rollout_reason',
    ['namespace', 'rollout', 'reason'],
    'Always 1: what the Rollout does or waits for, the reason of its condition Progressing.',
  ),
  deployedAt: gauge(
    'kuberik_rollout_deployed_timestamp_seconds',
    ['namespace', 'rollout'],
    'When the newest deployment began, in Unix time.',
  ),
  candidates: gauge(
    'kuberik_rollout_release_candidates',
    ['namespace', 'rollout'],
    'Releases that are newer than what is deployed.',
  ),
  blockedSince: gauge(
    'kuberik_rollout_blocked_since_timestamp_seconds',
    ['namespace', 'rollout', 'reason'],
    'Since when a newer release is held back for this reason, in Unix time; absent when none is.',
  ),
} as const;

export const healthMetrics = {
  status: gauge(
    'kuberik_healthcheck_status',
    ['namespace', 'healthcheck', 'class', 'status'],
    '1 for the status of the check, 0 for the others.',
  ),
  ready: gauge(
    'kuberik_healthcheck_ready',
    ['namespace', 'healthcheck', 'class', 'reason'],
    'Whether the check can judge at all (condition Ready), and why not; absent for classes that others judge.',
  ),
  samples: counter(
    'kuberik_healthcheck_samples_total',
    ['class', 'result'],
    'Looks of classes that ask somebody, by what they brought: Healthy, Unhealthy or NoData.',
  ),
  sampleSeconds: histogram(
    'kuberik_healthcheck_sample_seconds',
    ['class'],
    'How long the answer to a look took.',
    [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
  ),
} as const;

const perController = ['controller'] as const;
const perQueue = ['name', 'controller'] as const;

/** Of the process, most of them under the names of controller-runtime and client-go. */
export const processMetrics = {
  leading: gauge('kuberik_controller_leading', [], '1 in the process that works, 0 in one that stands by.'),
  reconciles: counter('controller_runtime_reconcile_total', ['controller', 'result'], 'Reconciles by result.'),
  reconcileErrors: counter('controller_runtime_reconcile_errors_total', perController, 'Reconciles that failed.'),
  terminalErrors: counter(
    'controller_runtime_terminal_reconcile_errors_total',
    perController,
    'Reconciles that failed in a way that only a change of the object can heal.',
  ),
  reconcileTime: histogram(
    'controller_runtime_reconcile_time_seconds',
    perController,
    'Length of reconciles.',
    reconcileBuckets,
  ),
  maxConcurrent: gauge(
    'controller_runtime_max_concurrent_reconciles',
    perController,
    'Reconciles that may run at once.',
  ),
  activeWorkers: gauge('controller_runtime_active_workers', perController, 'Reconciles that run now.'),
  queueDepth: gauge('workqueue_depth', ['name', 'controller', 'priority'], 'Keys that are ready to be taken.'),
  queueAdds: counter('workqueue_adds_total', perQueue, 'Keys added.'),
  queueRetries: counter('workqueue_retries_total', perQueue, 'Keys added again after a failure.'),
  queueWait: histogram('workqueue_queue_duration_seconds', perQueue, 'Time from ready to taken.', queueBuckets),
  queueWork: histogram('workqueue_work_duration_seconds', perQueue, 'Time from taken to done.', queueBuckets),
  unfinished: gauge('workqueue_unfinished_work_seconds', perQueue, 'Time spent on work that is not done.'),
  longest: gauge('workqueue_longest_running_processor_seconds', perQueue, 'Longest running work.'),
  requests: counter('rest_client_requests_total', ['code', 'method', 'host'], 'Requests to the API server.'),
  eventsDropped: counter('kuberik_events_dropped_total', ['cause'], 'Events that were not sent.'),
} as const;

export interface MetricSection {
  readonly title: string;
  readonly description: string;
  readonly metrics: readonly MetricDoc[];
}

/** All of them, as the reference page tells them. */
export const metricSections: readonly MetricSection[] = [
  {
    title: 'Deliveries',
    description:
      'Facts, each counted once, by the process that wrote it into a status. A process that starts counts nothing that ' +
      'was written before; one that dies between the write and the count loses that count. A Rollout that is deleted ' +
      'loses its series.',
    metrics: Object.values(deliveryMetrics),
  },
  {
    title: 'State of Rollouts',
    description: 'Read from the watched objects when somebody scrapes, in the process that leads.',
    metrics: Object.values(stateMetrics),
  },
  {
    title: 'HealthChecks',
    description: 'The state is read as that of Rollouts; looks are counted as they happen.',
    metrics: Object.values(healthMetrics),
  },
  {
    title: 'The process',
    description:
      'As controller-runtime and client-go name them, so that boards and alerts for these keep working. Each replica has ' +
      'its own.',
    metrics: Object.values(processMetrics),
  },
];
