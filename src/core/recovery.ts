/**
 * Recovery mode: a deployment that replaces something bad is not failed by bad health, which it may well cure. It is in
 * the condition `BakeFailureDisabled`, and it ends: as soon as every check is healthy, and after an hour at the latest.
 */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import type { HealthCheck } from '../api/health-check.ts';
import { instantOf, isBefore, latest, timestamp } from '../api/instant.ts';
import type { Condition } from '../api/meta.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import { furthestAhead } from './beginning.ts';
import { type ConditionUpdate, findCondition } from './condition.ts';

const longest = { hours: 1 } as const;
const type = RolloutConditionType.BakeFailureDisabled;

export interface Recovery {
  /** Failures do not fail the newest deployment. */
  readonly recovering: boolean;
  /** It was in recovery mode until then: what failed before does not count. */
  readonly recoveredAt?: Temporal.Instant;
}

/** As the status tells it. */
export function recoveryOf(conditions: readonly Condition[] | undefined, newest: HistoryEntry | undefined): Recovery {
  const condition = findCondition(conditions, type);
  if (condition?.status === 'True') return { recovering: true };
  const [ended, deployed] = [instantOf(condition?.lastTransitionTime), instantOf(newest?.timestamp)];
  if (ended === undefined || deployed === undefined || !isBefore(deployed, ended)) return { recovering: false };
  return { recovering: false, recoveredAt: forgivenUntil(ended) };
}

/** What failed before this does not count. Times of conditions are whole seconds, cut off. */
export function forgivenUntil(ended: Temporal.Instant): Temporal.Instant {
  return ended.add({ seconds: 1 });
}

export function recoveryEnded(checks: readonly HealthCheck[], now: Temporal.Instant): ConditionUpdate {
  const message = 'Recovery mode has ended. Health check failures fail this deployment again.';
  return { type, status: 'False', reason: ConditionReason.Normal, message, since: recoveryEnd(checks, now) };
}

/** When it ends in this look. Not before what has been told by now: whoever judges may have a clock that is ahead. */
export function recoveryEnd(checks: readonly HealthCheck[], now: Temporal.Instant): Temporal.Instant {
  const errors = checks.map(({ status }) => instantOf(status?.lastErrorTime));
  const heeded = errors.filter((error) => error !== undefined && !isBefore(now.add(furthestAhead), error));
  return Temporal.Instant.from(timestamp(latest(now, ...heeded) ?? now));
}

/** The latest end, whatever the checks say: an hour after the deployment, or `deployTimeout` when that is longer. */
export function recoveryLimit(
  deployed: Temporal.Instant,
  { deployTimeout }: Pick<ResolvedRolloutSpec, 'deployTimeout'>,
): Temporal.Instant {
  const limit = Temporal.Duration.from(longest);
  const isLonger = deployTimeout !== undefined && Temporal.Duration.compare(deployTimeout, limit) > 0;
  return deployed.add(isLonger ? deployTimeout : limit);
}

/**
 * For a new deployment.
 * @param situation `unhealthy`: a selected check is Unhealthy right now; `recovering`: what it supersedes was recovering
 */
export function recoveryMode(
  isManual: boolean,
  previous: HistoryEntry | undefined,
  situation: { readonly unhealthy: boolean; readonly recovering: boolean },
  until: Temporal.Instant,
): ConditionUpdate {
  const goesOn = `Health check failures will not fail this deployment until every check is healthy, at the latest until ${timestamp(until)}.`;
  if (isManual && situation.unhealthy) {
    const message = `Deployed during an active incident. ${goesOn}`;
    return { type, status: 'True', reason: ConditionReason.DeployedWithUnhealthyHealthChecks, message };
  }
  // A superseded healthy bake is no reason to look away; one that was itself a recovery is.
  const isBad = previous?.bakeStatus === 'Failed' || (previous?.bakeStatus === 'Cancelled' && situation.recovering);
  if (!isBad) return { type, status: 'False', reason: ConditionReason.Normal, message: '' };
  const message = `Previous deployment failed. ${goesOn}`;
  return { type, status: 'True', reason: ConditionReason.PreviousBakeFailed, message };
}
