/** Whether a newer release is held back, why, and since when, as far as a status tells. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import { instantOf, latest } from '../api/instant.ts';
import type { RolloutStatus } from '../api/rollout.ts';
import { findCondition } from './condition.ts';

export interface HeldBack {
  /** Of the condition Progressing: the first reason of the plan. */
  readonly reason: string;
  /** For who has not seen it begin: never too early, unless the release did not say when it was made. */
  readonly since: Temporal.Instant | undefined;
}

/** What holds nothing back: there is no release that could be deployed. */
const idle: ReadonlySet<string> = new Set([ConditionReason.UpToDate, ConditionReason.WaitingForRelease]);

/** The condition that says since when, of reasons that have one. */
const tellers: Readonly<Record<string, RolloutConditionType>> = {
  [ConditionReason.WaitingForGates]: RolloutConditionType.GatesPassing,
  [ConditionReason.WaitingForHealth]: RolloutConditionType.DeploymentBlocked,
  [ConditionReason.Frozen]: RolloutConditionType.DeploymentBlocked,
  [ConditionReason.WaitingForTarget]: RolloutConditionType.TargetsUpdated,
};

export function heldBack(status: RolloutStatus | undefined): HeldBack | undefined {
  const { conditions, history, releaseCandidates = [] } = status ?? {};
  const progressing = findCondition(conditions, RolloutConditionType.Progressing);
  if (progressing === undefined || releaseCandidates.length === 0 || idle.has(progressing.reason)) return undefined;
  const { reason } = progressing;
  const teller = findCondition(conditions, tellers[reason] ?? RolloutConditionType.Progressing) ?? progressing;
  const newest = history?.[0];
  // A gate that has been closed for weeks holds back only since there is something to hold back.
  const since = latest(
    instantOf(teller.lastTransitionTime),
    instantOf(newest?.bakeEndTime ?? newest?.bakeStartTime ?? newest?.timestamp),
    instantOf(releaseCandidates.at(-1)?.created),
  );
  return { reason, since };
}
