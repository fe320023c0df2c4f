/** What every annotation and label key is for: the source of the reference page. */
import * as keys from './annotations.ts';

export interface KeyDoc {
  readonly key: string;
  readonly as: 'annotation' | 'label';
  /** Kinds of objects that carry it. */
  readonly on: string;
  /** What the value is. */
  readonly value: string;
  readonly description: string;
}

export interface KeySection {
  readonly title: string;
  readonly description: string;
  readonly keys: readonly KeyDoc[];
}

const annotation = (on: string, key: string, value: string, description: string): KeyDoc => {
  return { key, as: 'annotation', on, value, description };
};
const label = (on: string, key: string, value: string, description: string): KeyDoc => {
  return { key, as: 'label', on, value, description };
};
/** A key with a part of the user's choosing: the number 0 stands for it. */
const step = (key: (step: number) => string): string => key(0).replace('step-0-', 'step-<N>-');

const requests: KeySection = {
  title: 'Requests to a Rollout',
  description: 'Each is removed once it was fulfilled or refused.',
  keys: [
    annotation(
      'Rollout',
      keys.DEPLOY,
      'a tag or a digest',
      'Deploys this version next, as soon as the gates and health checks allow it. Automation waits for it.',
    ),
    annotation(
      'Rollout',
      keys.FORCE_DEPLOY,
      'a tag or a digest',
      'Deploys this known release now, past gates and health checks.',
    ),
    annotation(
      'Rollout',
      keys.ROLLBACK,
      'a tag, or nothing',
      'Returns now to this version, which finished its bake here, past gates and health checks. Empty: to the last one.',
    ),
    annotation(
      'Rollout',
      keys.REVOKE,
      'a tag',
      'Never selects this release automatically again. It stays where it runs already.',
    ),
    annotation('Rollout', keys.DEPLOY_MESSAGE, 'text', 'Message of the next manual deployment, shown in the history.'),
    annotation(
      'Rollout',
      keys.DEPLOY_USER,
      'a name',
      'Who asks for the next manual deployment, in the same write; shown in the history. Must be whoever writes it.',
    ),
    annotation('Rollout', keys.BYPASS_GATES, 'a tag', 'Lets this release past the gates; health checks still count.'),
    annotation('Rollout', keys.UNBLOCK_FAILED, '`true`', 'Lets automation go on after a failed bake.'),
    annotation('Rollout', keys.RETRY, 'anything, even empty', 'Starts the bake of a failed deployment over.'),
    annotation(
      'Rollout',
      keys.RETRY_MODE,
      '`skip` or `retry`',
      'What a retry does with failed tests of a canary step. Default: `retry` runs them again.',
    ),
  ],
};

const targets: KeySection = {
  title: 'What a Rollout deploys to',
  description: 'On Flux objects in the namespace of the Rollout.',
  keys: [
    annotation(
      'Kustomization',
      'rollout.kuberik.com/substitute.<VARIABLE>.from',
      'name of a Rollout',
      'The Rollout writes its version to `spec.postBuild.substitute.<VARIABLE>`. One for each variable.',
    ),
    annotation('OCIRepository', keys.OCI_REPOSITORY_ROLLOUT, 'name of a Rollout', 'The Rollout writes `spec.ref.tag`.'),
    annotation(
      'OCIRepository',
      keys.OCI_REPOSITORY_ROLLOUT_NAME,
      'name of a Rollout',
      'Older form, read only to find the Rollout that a canary belongs to.',
    ),
    annotation('OCIRepository', keys.OCI_REPOSITORY_ROLLOUT_NAMESPACE, 'a namespace', 'Where that Rollout is.'),
    label('any', keys.FLUX_KUSTOMIZATION_NAME, 'a name', 'Written by Flux: the Kustomization that applied the object.'),
    label('any', keys.FLUX_KUSTOMIZATION_NAMESPACE, 'a namespace', 'Written by Flux: where that Kustomization is.'),
  ],
};

const checks: KeySection = {
  title: 'Health checks',
  description: 'Settings of a HealthCheck by its class.',
  keys: [
    annotation(
      'HealthCheck',
      keys.HEALTH_CHECK_KUSTOMIZATION,
      '`name` or `namespace/name`',
      'Class `kustomization`: the Flux Kustomization whose objects are judged.',
    ),
    annotation(
      'HealthCheck',
      keys.HEALTH_CHECK_REQUEUE_INTERVAL,
      'a duration',
      'How often a class that asks somebody does so: the same as `spec.interval`. What is no duration counts as absent. ' +
        'Default: `30s`; least: `5s`.',
    ),
    annotation(
      'HealthCheck',
      keys.HEALTH_CHECK_PROMETHEUS_URL,
      'a URL',
      'Class `prometheus-alert`: address of Prometheus.',
    ),
    annotation(
      'HealthCheck',
      keys.HEALTH_CHECK_PROMETHEUS_ALERT_LABELS,
      '`name=value,name=value`',
      'Class `prometheus-alert`: labels of the alerts that count, all of them.',
    ),
    annotation('DatadogMonitor', keys.DATADOG_HEALTH_CHECK, '`true`', 'Makes a HealthCheck of the monitor.'),
    label('HealthCheck', keys.DATADOG_MONITOR, 'a name', 'The DatadogMonitor that the check was made of.'),
    label(
      'HealthCheck, Job',
      keys.MANAGED_BY,
      '`datadog-controller`, `health-check-controller`',
      'Who made the check; that the Job is run by a check.',
    ),
    label('Job', keys.JOB_HEALTH_CHECK, 'a name, cut if too long', 'The HealthCheck that runs the Job.'),
    label('Job', keys.JOB_HEALTH_CHECK_ROLLOUT, 'a name, cut if too long', 'The Rollout that the Job judges.'),
    annotation('HealthCheck', keys.DATADOG_MONITOR_NAME, 'a name', 'The DatadogMonitor that the check was made of.'),
    annotation('HealthCheck', keys.DATADOG_MONITOR_UID, 'a UID', 'The same, by identity.'),
  ],
};

const gates: KeySection = {
  title: 'Gates and schedules',
  description: 'A schedule hands its texts on to the gates that it makes.',
  keys: [
    annotation('RolloutGate, schedules', keys.GATE_PRETTY_NAME, 'text', 'Name of the gate for people.'),
    annotation('RolloutGate, schedules', keys.GATE_DESCRIPTION, 'text', 'What the gate waits for, for people.'),
    label('RolloutGate', keys.GATE_SCHEDULE_NAME, 'a name', 'The schedule that made the gate.'),
    label('RolloutGate', keys.GATE_SCHEDULE_KIND, '`RolloutSchedule` or `ClusterRolloutSchedule`', 'Its kind.'),
    label('RolloutGate', keys.GATE_SCHEDULE_NAMESPACE, 'a namespace', 'Its namespace, if it has one.'),
    label('RolloutGate', keys.GATE_ROLLOUT_NAME, 'a name', 'The Rollout that the gate is for.'),
  ],
};

const canary: KeySection = {
  title: 'Canary steps',
  description: 'Settings on a Kruise Rollout use the domain `kuberik.io`. `<N>` is the number of the step, from 1.',
  keys: [
    annotation(
      'Kruise Rollout',
      step(keys.stepBakeTime),
      'a duration',
      'How long a step must stay ready before the next one. Also lets a step without tests go on by itself.',
    ),
    annotation(
      'Kruise Rollout',
      step(keys.stepReadyTimeout),
      'a duration',
      'How long a step may take to be ready, tests included, before the canary is stalled. Default: no limit.',
    ),
    annotation('Kruise Rollout', keys.KRUISE_VERSION, 'a tag', 'The release of the canary, if not the newest one.'),
    annotation('Kruise Rollout', keys.LAST_STEP_INDEX, 'a number', 'Written by Kuberik: the step last seen.'),
    annotation('Kruise Rollout', step(keys.stepStartedAt), 'a time', 'Written by Kuberik: when the step began.'),
    annotation('Kruise Rollout', step(keys.stepReadyAt), 'a time', 'Written by Kuberik: when the step became ready.'),
    annotation(
      'Kruise Rollout',
      step(keys.stepLastRevision),
      'a revision',
      'Written by Kuberik: the canary last seen.',
    ),
    label('Job', keys.JOB_ROLLOUT_TEST, 'a name', 'The RolloutTest that the Job belongs to.'),
    label('Job', keys.JOB_CANARY_REVISION, 'a revision', 'The canary that the Job tests.'),
    annotation('RolloutTest', `${keys.LINK_PREFIX}<Label>`, 'a URL', 'A button of the dashboard.'),
    annotation('HealthCheck, RolloutTest', keys.DISPLAY_NAME, 'text', 'Name for people.'),
  ],
};

export const keySections: readonly KeySection[] = [requests, targets, checks, gates, canary];
