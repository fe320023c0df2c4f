/** From what was observed to what is to be written: gates that are made, corrected or deleted. Pure. */
import { sameJson } from '../../api/json.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import { assign } from './assignment.ts';
import { evaluateSchedule, type ScheduleEvaluation, type ScheduleFault } from './evaluate.ts';
import { closed, correctedGate, newGate, valueOf, withValue } from './gate.ts';
import type { ScheduleObservation } from './observation.ts';

export interface SchedulePlan {
  /** What the rules say, or why nobody can tell. */
  readonly evaluation: ScheduleEvaluation | ScheduleFault;
  /** How many Rollouts the schedule is for; undefined when that cannot be told. */
  readonly matching: number | undefined;
  readonly create: readonly RolloutGate[];
  readonly update: readonly RolloutGate[];
  readonly remove: readonly RolloutGate[];
  /** Gates that are there and stay, corrected or as they are. */
  readonly kept: readonly RolloutGate[];
}

/**
 * `passing` and `validUntil` change together, once for each transition. A schedule that cannot be understood deletes
 * nothing: the gates of `Allow` close, since nobody knows when they may be open; those of `Deny` stay as they are, until
 * what they were last written for ends.
 */
export function planSchedule(observed: ScheduleObservation, now: Temporal.Instant): SchedulePlan {
  const { schedule, fault, slots, gates } = observed;
  const { rules, timezone, action } = schedule.spec;
  const evaluation = fault === undefined ? evaluateSchedule(rules, timezone, now) : { fault };
  const matching = fault === undefined ? slots.length : undefined;
  const { kept, missing, surplus } = assign(observed);
  if (!('fault' in evaluation)) {
    const value = valueOf(schedule, evaluation);
    return {
      evaluation,
      matching,
      create: missing.map((slot) => newGate(schedule, slot, value)),
      update: kept.flatMap(({ gate, slot }) => change(gate, correctedGate(gate, schedule, slot, value))),
      remove: surplus,
      kept: kept.map(({ gate }) => gate),
    };
  }
  const closing = action === 'Allow';
  return {
    evaluation,
    matching,
    create: closing ? missing.map((slot) => newGate(schedule, slot, closed)) : [],
    update: closing ? gates.flatMap((gate) => change(gate, withValue(gate, closed))) : [],
    remove: [],
    kept: gates,
  };
}

function change(before: RolloutGate, after: RolloutGate): readonly RolloutGate[] {
  return sameJson(before, after) ? [] : [after];
}
