/** What is known about one schedule when its gates are decided upon. */
import type { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import type { ObjectKey } from '../../api/meta.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { RolloutSchedule } from '../../api/rollout-schedule.ts';

export type AnySchedule = RolloutSchedule | ClusterRolloutSchedule;

/** The gate that a Rollout should have. */
export interface GateSlot {
  readonly rollout: ObjectKey;
  /** Of a gate that has yet to be made; one that is there keeps its name. */
  readonly gateName: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ScheduleObservation {
  readonly schedule: AnySchedule;
  /** Why its Rollouts cannot be told, for people; `slots` is empty then. */
  readonly fault?: string;
  /** One for each Rollout that it is for, in order. */
  readonly slots: readonly GateSlot[];
  /** Those that it made, or upstream's controller did for it; in order. */
  readonly gates: readonly RolloutGate[];
}
