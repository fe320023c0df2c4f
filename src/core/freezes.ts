/** Freezes stop the line: nothing automatic is deployed while one is on. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import type { Freeze } from '../api/freeze.ts';
import { instantOf, isBefore, timestamp } from '../api/instant.ts';
import type { ConditionUpdate } from './condition.ts';
import type { Reason } from './plan.ts';
import { shorten } from './text.ts';

const longestReason = 512;

/** Those that are not over; an end that cannot be read is none. */
export function activeFreezes(freezes: readonly Freeze[], now: Temporal.Instant): readonly Freeze[] {
  return freezes.filter(({ spec }) => {
    const until = instantOf(spec.until);
    return until === undefined || isBefore(now, until);
  });
}

export function freezeReasons(freezes: readonly Freeze[]): readonly Reason[] {
  return freezes.map(({ metadata, spec }) => {
    const until = instantOf(spec.until);
    const end = until === undefined ? '' : ` until ${timestamp(until)}`;
    const since = instantOf(metadata.creationTimestamp ?? undefined);
    return {
      code: ConditionReason.Frozen,
      message: `Freeze ${metadata.name} is on${end}: ${shorten(spec.reason, longestReason)}`,
      remedy: `whoever may delete Freeze ${metadata.name} ends it; a person may still roll back or force a version`,
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    };
  });
}

export function frozenCondition(freezes: readonly Freeze[]): ConditionUpdate {
  const message = freezeReasons(freezes)
    .map((reason) => reason.message)
    .join('; ');
  return { type: RolloutConditionType.DeploymentBlocked, status: 'True', reason: ConditionReason.Frozen, message };
}
