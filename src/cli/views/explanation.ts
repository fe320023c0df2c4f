/** What an explanation is made of. */
import type { Rollout } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import type { TargetObservation } from '../../core/observation.ts';
import type { RolloutPlan } from '../../core/plan.ts';

export interface Explanation {
  /** As it is stored now. */
  readonly rollout: Rollout;
  readonly targets: readonly TargetObservation[];
  /** What a controller would do about it now. */
  readonly plan: Pick<RolloutPlan, 'status' | 'reasons' | 'requeueAt' | 'candidates'>;
  /** What the person asks about. Absent: whatever comes next. */
  readonly version?: Tag;
  /** Whether the registry has that version; absent when nobody knows. */
  readonly isInRegistry?: boolean | undefined;
}
