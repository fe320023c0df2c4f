/** Every annotation and label key that Kuberik reads or writes. The keys are wire: they never change. */

/** On a Rollout: one-shot requests of a person. Each is consumed by the deployment it was meant for. */
export const RETRY = 'rollout.kuberik.com/retry';
export const BYPASS_GATES = 'rollout.kuberik.com/bypass-gates';
export const UNBLOCK_FAILED = 'rollout.kuberik.com/unblock-failed';
export const FORCE_DEPLOY = 'rollout.kuberik.com/force-deploy';
export const DEPLOY_MESSAGE = 'rollout.kuberik.com/deploy-message';
export const DEPLOY_USER = 'rollout.kuberik.com/deploy-user';
/** The next three are ours: upstream knows no deployment by hand that gates judge, no rollback, no revocation. */
export const DEPLOY = 'rollout.kuberik.com/deploy';
export const ROLLBACK = 'rollout.kuberik.com/rollback';
export const REVOKE = 'rollout.kuberik.com/revoke';

/** On an OCIRepository: the Rollout that owns `spec.ref.tag`. */
export const OCI_REPOSITORY_ROLLOUT = 'rollout.kuberik.com/rollout';

/** On a Kustomization: `rollout.kuberik.com/substitute.<VARIABLE>.from: <rollout>`. */
const substituteExpression = /^rollout\.kuberik\.com\/substitute\.([^.]+)\.from$/;

/** The variable that a Kustomization annotation hands to a Rollout; undefined for any other key. */
export function substituteVariable(key: string): string | undefined {
  return substituteExpression.exec(key)?.[1];
}

/** On a HealthCheck. */
export const HEALTH_CHECK_KUSTOMIZATION = 'healthcheck.kuberik.com/kustomization';
export const HEALTH_CHECK_REQUEUE_INTERVAL = 'healthcheck.kuberik.com/requeue-interval';
export const HEALTH_CHECK_PROMETHEUS_URL = 'healthcheck.kuberik.com/prometheus-url';
export const HEALTH_CHECK_PROMETHEUS_ALERT_LABELS = 'healthcheck.kuberik.com/prometheus-alert-labels';

/** On schedules and gates: texts for people. */
export const GATE_PRETTY_NAME = 'gate.kuberik.com/pretty-name';
export const GATE_DESCRIPTION = 'gate.kuberik.com/description';

/** Labels on gates that a schedule made. */
export const GATE_SCHEDULE_NAME = 'gate.kuberik.com/schedule-name';
export const GATE_SCHEDULE_KIND = 'gate.kuberik.com/schedule-kind';
export const GATE_SCHEDULE_NAMESPACE = 'gate.kuberik.com/schedule-namespace';
export const GATE_ROLLOUT_NAME = 'gate.kuberik.com/rollout-name';

/** Labels that Flux puts on everything a Kustomization applied. */
export const FLUX_KUSTOMIZATION_NAME = 'kustomize.toolkit.fluxcd.io/name';
export const FLUX_KUSTOMIZATION_NAMESPACE = 'kustomize.toolkit.fluxcd.io/namespace';

/** On a Rollout: what a retry does with the tests of a canary step. Read by the step gate, which removes it. */
export const RETRY_MODE = 'rollouttest.kuberik.com/retry-mode';
/** The value of RETRY_MODE that takes failed tests for passed; any other value runs them again. */
export const RETRY_MODE_SKIP = 'skip';

/** On an OCIRepository, older form of OCI_REPOSITORY_ROLLOUT, read to find the Rollout of a canary. */
export const OCI_REPOSITORY_ROLLOUT_NAME = 'rollout.kuberik.com/name';
export const OCI_REPOSITORY_ROLLOUT_NAMESPACE = 'rollout.kuberik.com/namespace';

/** On a Kruise Rollout. The domain is `kuberik.io` here, unlike anywhere else; `step` counts from 1. */
export const stepReadyTimeout = (step: number): string => `rollout.kuberik.io/step-${step}-ready-timeout`;
export const stepBakeTime = (step: number): string => `rollout.kuberik.io/step-${step}-bake-time`;
/** On a Kruise Rollout: the tag that its canary stands for, when it is not the newest deployment. */
export const KRUISE_VERSION = 'version';

/** On a Kruise Rollout, written by the step gate: RFC 3339 times with whole seconds, in UTC. */
export const LAST_STEP_INDEX = 'internal.rollout.kuberik.io/last-step-index';
export const stepStartedAt = (step: number): string => `internal.rollout.kuberik.io/step-${step}-started-at`;
export const stepReadyAt = (step: number): string => `internal.rollout.kuberik.io/step-${step}-ready-at`;
export const stepLastRevision = (step: number): string => `internal.rollout.kuberik.io/step-${step}-last-revision`;

/** Labels on the Jobs of a HealthCheck of class `job`, beside MANAGED_BY. Names that are too long for a label are cut. */
export const JOB_HEALTH_CHECK = 'healthcheck.kuberik.com/name';
export const JOB_HEALTH_CHECK_ROLLOUT = 'healthcheck.kuberik.com/rollout';

/** Labels on the Job of a RolloutTest. */
export const JOB_ROLLOUT_TEST = 'rollout-test';
export const JOB_CANARY_REVISION = 'rollout.kuberik.io/canary-revision';

/** On anything that people see in the dashboard. */
export const DISPLAY_NAME = 'kuberik.com/display-name';
/** On a RolloutTest: `rollout.kuberik.com/link.<Label>: <URL>` is a button. */
export const LINK_PREFIX = 'rollout.kuberik.com/link.';

/** On a DatadogMonitor: `true` makes a HealthCheck of it. */
export const DATADOG_HEALTH_CHECK = 'kuberik.com/health-check';
/** On the HealthCheck of a DatadogMonitor: labels, then annotations. */
export const DATADOG_MONITOR = 'kuberik.com/datadog-monitor';
export const MANAGED_BY = 'kuberik.com/managed-by';
export const DATADOG_MONITOR_NAME = 'kuberik.com/datadog-monitor-name';
export const DATADOG_MONITOR_UID = 'kuberik.com/datadog-monitor-uid';

/**
 * The value that an annotation was meant to have. A value copied from a document with the line continuation of a shell,
 * `key: \` and the value below it, is read by YAML as `\ value`.
 */
export function annotationValue(text: string): string {
  return text.replaceAll(/\\\s+/g, '').trim();
}
