/** Freezes stop the line: nothing automatic is deployed while one is on. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import { InvalidValueError } from '../api/errors.ts';
import type { Freeze } from '../api/freeze.ts';
import { instantOf, isBefore, timestamp } from '../api/instant.ts';
import { compileLabelSelector, type LabelMatcher } from '../api/label-selector.ts';
import type { LabelSelector } from '../api/meta.ts';
import type { ConditionUpdate } from './condition.ts';
import type { Reason } from './plan.ts';
import { shorten } from './text.ts';

const longestReason = 512;

type Labels = Readonly<Record<string, string>> | undefined;

/** By the labels of the Rollout itself. A selector that cannot be understood selects: better to stand still. */
export function selectsRollout({ spec }: Freeze, labels: Labels): boolean {
  return matcher(spec.rolloutSelector)(labels);
}

/** By the labels of its namespace; `unknown` ones are selected. */
export function selectsNamespace({ spec }: Freeze, labels: Labels | 'unknown'): boolean {
  return labels === 'unknown' || matcher(spec.namespaceSelector)(labels);
}

/** Whether the labels of a namespace do not matter. */
export function isEverywhere({ spec }: Freeze): boolean {
  return Object.keys(spec.namespaceSelector ?? {}).length === 0;
}

function matcher(selector: LabelSelector | undefined): LabelMatcher {
  return understood(selector) ?? (() => true);
}

/** Undefined for a selector that cannot be understood. */
function understood(selector: LabelSelector | undefined): LabelMatcher | undefined {
  try {
    return compileLabelSelector(selector ?? {});
  } catch (error) {
    if (error instanceof InvalidValueError) return undefined;
    throw error;
  }
}

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
      message: `Freeze ${metadata.name} is on${end}: ${shorten(spec.reason, longestReason)}${doubt(spec)}`,
      remedy: `whoever may delete Freeze ${metadata.name} ends it; a person may still roll back or force a version`,
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    };
  });
}

function doubt({ rolloutSelector, namespaceSelector }: Freeze['spec']): string {
  const faulty = [rolloutSelector, namespaceSelector].some((selector) => understood(selector) === undefined);
  return faulty ? ' (its selector cannot be understood, so that it selects everything)' : '';
}

export function frozenCondition(freezes: readonly Freeze[]): ConditionUpdate {
  const message = freezeReasons(freezes)
    .map((reason) => reason.message)
    .join('; ');
  return { type: RolloutConditionType.DeploymentBlocked, status: 'True', reason: ConditionReason.Frozen, message };
}
