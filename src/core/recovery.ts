/**
 * Recovery mode: a deployment that replaces something bad is not failed by bad health, which it may well cure. It is in
 * the condition `BakeFailureDisabled`, and it ends: as soon as every check is healthy, and after an hour at the latest.
 */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import { instantOf, isBefore, timestamp } from '../api/instant.ts';
import type { Condition } from '../api/meta.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
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
  // Times of conditions are whole seconds, cut off.
  return { recovering: false, recoveredAt: ended.add({ seconds: 1 }) };
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

export const recoveryEnded: ConditionUpdate = {
  type,
  status: 'False',
  reason: ConditionReason.Normal,
  message: 'Recovery mode has ended. Health check failures fail this deployment again.',
};
