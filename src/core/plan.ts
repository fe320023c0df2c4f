/** The output of `decide`: what to write, in which order, when to look again, and why. */
import type { ConditionReason, EventReason } from '../api/conditions.ts';
import type { RolloutStatus, VersionInfo } from '../api/rollout.ts';
import type { Tag } from '../api/tag.ts';

/** Why something happens or does not. Ordered: the first one is what a person should read first. */
export interface Reason {
  readonly code: ConditionReason;
  /** What is waited for, or what is going on. Stable: the same facts give the same text. */
  readonly message: string;
  /** What each thing that is waited for says. Changes often: for people who ask, never for a status. */
  readonly details?: readonly string[];
  /** Since when. */
  readonly since?: Temporal.Instant;
  /** When it changes by itself. */
  readonly until?: Temporal.Instant;
  /** Who or what can change it. */
  readonly remedy?: string;
}

export interface PlannedEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason | ConditionReason;
  readonly message: string;
}

/** A one-shot annotation that has been acted upon; removed only while it still has this value. */
export interface ConsumedAnnotation {
  readonly key: string;
  readonly value: string;
}

/** A release that could run here and does not, and everything that holds it back; nothing when it is deployed next. */
export interface HeldCandidate {
  readonly version: VersionInfo;
  readonly reasons: readonly Reason[];
}

export interface RolloutPlan {
  /** The whole next status. Equal to the present one when nothing changed. */
  readonly status: RolloutStatus;
  /** What every target must carry: the version of `status.history[0]`. Absent: leave the targets alone. */
  readonly desired?: Tag;
  readonly consume: readonly ConsumedAnnotation[];
  readonly events: readonly PlannedEvent[];
  /** Absent: only a change can change the decision. Never in the past. */
  readonly requeueAt?: Temporal.Instant;
  readonly reasons: readonly Reason[];
  /**
   * What a person asked for first, then the candidates, the first choice first. For people who ask, never for a status: found out
   * when it is read.
   */
  readonly candidates: readonly HeldCandidate[];
}
