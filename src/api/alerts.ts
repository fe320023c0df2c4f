/** The alert rules that are shipped: the source of `deploy/monitoring`, and of their table in the reference. */

export interface AlertRule {
  readonly name: string;
  /** One line for who wonders which to keep. */
  readonly about: string;
  readonly severity: 'critical' | 'warning';
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  /** With labels of the expression, as Prometheus writes them. */
  readonly summary: string;
  readonly description: string;
}

/** Every alert has a heading of its own there. */
export const RUNBOOK = 'https://github.com/kuberik/kuberik/blob/main/docs/guides/metrics.md';

/** Of the process that works, whatever the job that scrapes it is called. */
const ofLeader = (expr: string): string => `${expr} * on (job, instance) group_left () kuberik_controller_leading`;
const rollout = '{{ $labels.namespace }}/{{ $labels.rollout }}';
const check = '{{ $labels.namespace }}/{{ $labels.healthcheck }}';

export const alertRules: readonly AlertRule[] = [
  {
    name: 'KuberikRolloutHalted',
    about: 'A deployment failed and stays; nothing goes on without a person.',
    severity: 'warning',
    expr: 'max by (namespace, rollout) (kuberik_rollout_reason{reason="Halted"}) == 1',
    for: '5m',
    summary: `Rollout ${rollout} waits for a person`,
    description: 'A deployment failed its bake and was not rolled back. Roll back, retry, unblock or force a version.',
  },
  {
    name: 'KuberikRolloutBlockedLong',
    about: 'A newer release is held back for a day, and nobody said so: not by a pin and not by a Freeze.',
    severity: 'warning',
    expr:
      'time() - max by (namespace, rollout, reason) ' +
      '(kuberik_rollout_blocked_since_timestamp_seconds{reason!~"Pinned|Frozen|Halted"}) > 86400',
    for: '10m',
    summary: `Rollout ${rollout} holds a newer release back: {{ $labels.reason }}`,
    description: 'For {{ $value | humanizeDuration }} now. `kuberik explain rollout` says who or what can change it.',
  },
  {
    name: 'KuberikDeploymentStuck',
    about: 'A deployment is not healthy an hour after it began, and has not failed either.',
    severity: 'warning',
    expr:
      'max by (namespace, rollout) (kuberik_rollout_bake_status{status="Deploying"}) == 1 and ' +
      'time() - max by (namespace, rollout) (kuberik_rollout_deployed_timestamp_seconds) > 3600',
    for: '5m',
    summary: `The deployment of Rollout ${rollout} does not become healthy`,
    description: 'Its checks are neither healthy nor failed. `spec.deployTimeout` bounds how long that may take.',
  },
  {
    name: 'KuberikRollbackRate',
    about: 'Three or more automatic rollbacks within six hours.',
    severity: 'warning',
    // The increase is extrapolated: two can come out as a little more.
    expr: 'sum by (namespace, rollout) (increase(kuberik_rollout_rollbacks_total{trigger="Rollback"}[6h])) > 2.5',
    for: '0s',
    summary: `Rollout ${rollout} is rolled back again and again`,
    description: '{{ $value | printf "%.0f" }} automatic rollbacks in six hours: release after release fails its bake.',
  },
  {
    name: 'KuberikHealthCheckNoData',
    about: 'Who is asked about health has not answered for ten minutes; deployments that it judges wait.',
    severity: 'warning',
    expr: 'max by (namespace, healthcheck, class) (kuberik_healthcheck_ready{reason="NoData"} == bool 0) == 1',
    for: '10m',
    summary: `HealthCheck ${check} has no data`,
    description:
      'The {{ $labels.class }} check gets no answer that says anything. Its condition Ready says what came instead.',
  },
  {
    name: 'KuberikHealthCheckBroken',
    about: 'A check cannot judge, since its options, its Secret or what it refers to are wrong.',
    severity: 'warning',
    expr: 'max by (namespace, healthcheck, class, reason) (kuberik_healthcheck_ready{reason!="NoData"} == bool 0) == 1',
    for: '10m',
    summary: `HealthCheck ${check} cannot judge: {{ $labels.reason }}`,
    description: 'Deployments that it judges wait for it. Its condition Ready says what to correct.',
  },
  {
    name: 'KuberikControllerDown',
    about: 'No process of the controller works: nothing is deployed, judged or rolled back.',
    severity: 'critical',
    expr: 'absent(kuberik_controller_leading == 1)',
    for: '2m',
    summary: 'No Kuberik controller is at work',
    description: 'No process that is scraped leads. What runs goes on to run; nothing is deployed or rolled back.',
  },
  {
    name: 'KuberikControllerErrors',
    about: 'The controller fails again and again at the same work.',
    severity: 'warning',
    expr: `sum by (controller) (${ofLeader('increase(controller_runtime_reconcile_errors_total[15m])')}) > 20`,
    for: '15m',
    summary: 'The {{ $labels.controller }} controller of Kuberik fails',
    description: '{{ $value | printf "%.0f" }} errors in 15 minutes. The log of the controller names the objects.',
  },
  {
    name: 'KuberikControllerQueueStuck',
    about: 'Work waits, or one piece of it does not end.',
    severity: 'warning',
    expr:
      `max by (name) (${ofLeader('workqueue_longest_running_processor_seconds')}) > 180 or ` +
      `sum by (name) (${ofLeader('workqueue_depth')}) > 500`,
    for: '10m',
    summary: 'The {{ $labels.name }} controller of Kuberik does not keep up',
    description: 'Work of more than 180 seconds, or more than 500 objects that wait: {{ $value | humanize }}.',
  },
];
