/** Every annotation and label key that Kuberik reads or writes. The keys are wire: they never change. */

/** On a Rollout: one-shot requests of a person. Each is consumed by the deployment it was meant for. */
export const RETRY = 'rollout.kuberik.com/retry';
export const BYPASS_GATES = 'rollout.kuberik.com/bypass-gates';
export const UNBLOCK_FAILED = 'rollout.kuberik.com/unblock-failed';
export const FORCE_DEPLOY = 'rollout.kuberik.com/force-deploy';
export const DEPLOY_MESSAGE = 'rollout.kuberik.com/deploy-message';
export const DEPLOY_USER = 'rollout.kuberik.com/deploy-user';

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
