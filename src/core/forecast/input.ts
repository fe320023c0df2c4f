/** What a forecast looks ahead from. */
import type { RolloutObservation } from '../observation.ts';
import type { AnySchedule } from '../schedule/observation.ts';

/** A schedule and the gate that it keeps for this Rollout. */
export interface ScheduledGate {
  readonly gate: string;
  readonly schedule: AnySchedule;
}

export interface ForecastInput {
  readonly observed: RolloutObservation;
  readonly schedules: readonly ScheduledGate[];
}
