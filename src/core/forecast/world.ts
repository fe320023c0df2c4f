/** How the world around a Rollout answers a plan, as far as a forecast assumes it: at once, and well. */

import type { HealthCheck } from '../../api/health-check.ts';
import type { HistoryEntry } from '../../api/rollout.ts';
import { isUnfinished } from '../bake.ts';
import type { ReleaseObservation, RolloutObservation, TargetObservation } from '../observation.ts';
import type { RolloutPlan } from '../plan.ts';

/**
 * Nothing new is released, and what cannot be read stays so: asking again, which a controller does, changes nothing.
 * What has no verdict yet about a deployment under way gets a good one.
 */
export function stillStanding(observed: RolloutObservation): RolloutObservation {
  const { releases, rollout, healthChecks, targets } = observed;
  const [newest] = rollout.status?.history ?? [];
  return {
    ...observed,
    releases: withoutRetries(releases),
    targets: targets.map(withoutWaits),
    healthChecks:
      newest === undefined || !isUnfinished(newest)
        ? healthChecks
        : healthChecks.map((check) => answered(check, newest)),
  };
}

function withoutRetries(releases: ReleaseObservation): ReleaseObservation {
  const { fault, policyFault, refreshAt, ...rest } = releases;
  return {
    ...rest,
    ...(fault && { fault: { reason: fault.reason, message: fault.message } }),
    ...(policyFault && { policyFault: { reason: policyFault.reason, message: policyFault.message } }),
  };
}

/** What fails goes on failing, and what Flux is at is applied. */
function withoutWaits({ waits: _, applying, ...target }: TargetObservation): TargetObservation {
  return target.failure === undefined || applying === undefined ? target : { ...target, applying };
}

/** The status is written, the targets take the version, what was used is removed, and checks judge what is new. */
export function carriedOut(observed: RolloutObservation, plan: RolloutPlan): RolloutObservation {
  const { rollout, targets } = observed;
  const [newest] = plan.status.history ?? [];
  const [before] = rollout.status?.history ?? [];
  const isNew = newest?.id !== before?.id || newest?.lastRetryTimestamp !== before?.lastRetryTimestamp;
  const used = new Set(
    plan.consume.filter(({ key, value }) => rollout.metadata.annotations?.[key] === value).map(({ key }) => key),
  );
  const kept = Object.entries(rollout.metadata.annotations ?? {}).filter(([key]) => !used.has(key));
  const isBehind = targets.some(({ carries, fault }) => fault === undefined && carries !== plan.desired);
  return {
    ...observed,
    rollout: {
      ...rollout,
      metadata: { ...rollout.metadata, annotations: Object.fromEntries(kept) },
      status: plan.status,
    },
    targets: plan.desired === undefined || !isBehind ? targets : targets.map((target) => delivered(target, plan)),
    healthChecks:
      newest === undefined || !isNew
        ? observed.healthChecks
        : observed.healthChecks.map((check) => answered(check, newest, true)),
  };
}

function delivered(target: TargetObservation, { desired }: RolloutPlan): TargetObservation {
  if (target.fault !== undefined) return target;
  const { failure: _, applying: __, ...sound } = target;
  return { ...sound, carries: desired, claimed: true };
}

/**
 * A check that is bad finds what comes next bad as well: that it recovers would be a guess.
 * @param isNew the deployment or retry has just begun
 */
function answered(check: HealthCheck, { timestamp, lastRetryTimestamp }: HistoryEntry, isNew = false): HealthCheck {
  const lastChangeTime = lastRetryTimestamp ?? timestamp;
  if (check.status?.status !== 'Unhealthy') {
    return { ...check, status: { ...check.status, status: 'Healthy', lastChangeTime } };
  }
  return isNew ? { ...check, status: { ...check.status, lastChangeTime, lastErrorTime: lastChangeTime } } : check;
}
