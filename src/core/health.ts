/** Health that stops an automatic deployment from starting: a selected check that is Unhealthy right now. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import type { HealthCheck } from '../api/health-check.ts';
import type { ConditionUpdate } from './condition.ts';
import type { Reason } from './plan.ts';

export interface HealthVerdict {
  /** The first Unhealthy check, by namespace and name. */
  readonly unhealthy: HealthCheck | undefined;
  readonly condition: ConditionUpdate;
  readonly reason: Reason | undefined;
}

/** `Pending`, an empty status and no check at all do not block: they are the bake's business. */
export function evaluateHealth(checks: readonly HealthCheck[], manual: boolean): HealthVerdict {
  const type = RolloutConditionType.DeploymentBlocked;
  const unhealthy = checks.find(({ status }) => status?.status === 'Unhealthy');
  if (manual) {
    const condition = { type, status: 'False', reason: ConditionReason.ManualDeployment, message: '' } as const;
    return { unhealthy, condition, reason: undefined };
  }
  if (unhealthy === undefined) {
    const condition = { type, status: 'False', reason: ConditionReason.HealthChecksHealthy, message: '' } as const;
    return { unhealthy, condition, reason: undefined };
  }
  const { name, namespace } = unhealthy.metadata;
  const detail = unhealthy.status?.message ? `: ${unhealthy.status.message}` : '';
  const message = `HealthCheck '${name}' in namespace '${namespace ?? ''}' is not healthy (status: Unhealthy)${detail}`;
  return {
    unhealthy,
    condition: { type, status: 'True', reason: ConditionReason.UnhealthyHealthChecks, message },
    reason: {
      code: ConditionReason.WaitingForHealth,
      message,
      remedy: 'an automatic deployment waits until the check is healthy; a forced one does not',
    },
  };
}
