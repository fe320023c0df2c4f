/** What a verb would do: the sentence for people, the change, what it needs, and when it has had its effect. */
import type { Approval } from '../../api/approval.ts';
import type { Freeze } from '../../api/freeze.ts';
import type { OperationName } from '../../api/operations.ts';
import type { Rollout } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { CliError, ExitCode } from '../errors.ts';
import type { Facts } from './facts.ts';

/** What is not waited for although it would hold the version. */
export interface PassedOver {
  readonly kind: 'RolloutGate' | 'Freeze' | 'HealthChecks';
  readonly name: string;
  /** Why it would hold it. */
  readonly why: string;
}

export type Change =
  /** Null removes an annotation, or the pin. Nothing is changed that has changed since it was read. */
  | {
      readonly kind: 'request';
      readonly annotations: Readonly<Record<string, string | null>>;
      readonly pin?: Tag | null;
    }
  | { readonly kind: 'decide'; readonly approvals: readonly Pick<Approval, 'spec'>[] }
  | { readonly kind: 'freeze'; readonly name: string; readonly spec: Freeze['spec'] }
  | { readonly kind: 'unfreeze'; readonly name: string };

/** What has to be allowed beside it: a row of the table of operations, or plain access to a kind. */
export type Need =
  | { readonly operation: OperationName }
  | { readonly verb: string; readonly resource: string; readonly what: string };

export type Progress =
  | { readonly state: 'going'; readonly text: string }
  | { readonly state: 'done'; readonly text: string }
  | { readonly state: 'failed'; readonly text: string }
  /** The request is gone and nothing came of it: an event says why. */
  | { readonly state: 'ignored'; readonly text: string };

/** How far it is, from the Rollout as it is now; `look` reads the rest anew. */
export type Goal = (rollout: Rollout, look: () => Promise<Facts>) => Progress | Promise<Progress>;

export interface Plan {
  readonly operation: string;
  /** One whole sentence, without the full stop. */
  readonly sentence: string;
  readonly version?: Tag;
  readonly passesOver: readonly PassedOver[];
  /** What ends, or is replaced, because of it. */
  readonly undoes?: string;
  /** What a person should know beside it. */
  readonly notes: readonly string[];
  readonly needs: readonly Need[];
  readonly change: Change;
  /** What was asked for, when it is done: "deployment of v1.4.0 requested". */
  readonly done: string;
  /** Absent: it has its effect at once. */
  readonly goal?: Goal;
}

/** It cannot work, whoever asks. */
export function refuse(message: string, remedy?: string): CliError {
  return new CliError(ExitCode.Failure, message, remedy);
}
