/** metav1.Condition lists: a condition's time moves only when its `status` flips, and the order never changes. */
import type { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import { timestamp } from '../api/instant.ts';
import type { Condition } from '../api/meta.ts';
import { shorten } from './text.ts';

export interface ConditionUpdate<R extends string = ConditionReason> {
  readonly type: RolloutConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: R;
  readonly message: string;
  /** When it changed, where that is not the time of the look. */
  readonly since?: Temporal.Instant;
}

// metav1.Condition allows 32768; longer texts come from other systems' errors.
const longestMessage = 4096;

export function setConditions(
  present: readonly Condition[],
  updates: readonly ConditionUpdate<string>[],
  generation: number | undefined,
  now: Temporal.Instant,
): Condition[] {
  const conditions = [...present];
  for (const update of updates) {
    const index = conditions.findIndex(({ type }) => type === update.type);
    const before = conditions[index];
    const next: Condition = {
      ...before,
      type: update.type,
      status: update.status,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastTransitionTime: before?.status === update.status ? before.lastTransitionTime : timestamp(update.since ?? now),
      reason: update.reason,
      message: shorten(update.message, longestMessage),
    };
    if (before === undefined) conditions.push(next);
    else conditions[index] = next;
  }
  return conditions;
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: RolloutConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** An event for a `Ready` that became False, for another reason, or True again; never for one that stays (I7). */
export function readyChange(
  before: readonly Condition[] | undefined,
  after: readonly Condition[] | undefined,
): { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string } | undefined {
  const [old, present] = [before, after].map((conditions) => findCondition(conditions, 'Ready'));
  if (present === undefined) return undefined;
  const { status, reason, message } = present;
  if (status === 'True') return old?.status === 'False' ? { type: 'Normal', reason, message } : undefined;
  return old?.status === 'False' && old.reason === reason ? undefined : { type: 'Warning', reason, message };
}
