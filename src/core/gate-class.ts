/** What a class of gates is given, and what it answers about one version. */
import { GATE_PRETTY_NAME } from '../api/annotations.ts';
import type { Approval } from '../api/approval.ts';
import type { HistoryApproval } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import type { Tag } from '../api/tag.ts';
import type { Reason } from './plan.ts';

/** What gates are judged with, beside themselves. */
export interface GateContext {
  readonly approvals: readonly Approval[];
  /** The version that a person asked for, and who it was; `by` is undefined when that is not known. */
  readonly requested: { readonly tag: Tag; readonly by: string | undefined } | undefined;
  /** Whether there is such a release, as far as is known. */
  readonly knows: (tag: Tag) => boolean;
  /** Timestamp of the newest deployment. */
  readonly deployedAt: string | undefined;
  readonly now: Temporal.Instant;
}

/** What a class says of one version. */
export interface ClassVerdict {
  /** Absent: it may go. */
  readonly hold?: Pick<Reason, 'message' | 'details' | 'until' | 'remedy'>;
  readonly approvals?: readonly HistoryApproval[];
  /** When the verdict changes by itself. */
  readonly changesAt?: Temporal.Instant;
}

/** `RolloutGate qa`, and what people call it. */
export function gateName({ metadata }: RolloutGate): string {
  const pretty = metadata.annotations?.[GATE_PRETTY_NAME]?.trim();
  const name = `RolloutGate ${metadata.name}`;
  return pretty ? `${name} ("${pretty.slice(0, 100)}")` : name;
}
