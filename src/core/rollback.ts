/** Automatic rollback: which version to return to when the newest deployment has just failed its bake (I5). */
import type { FailurePolicy, HistoryEntry, RejectedRelease } from '../api/rollout.ts';
import { isRejected } from './rejection.ts';

export interface RollbackContext {
  readonly history: readonly HistoryEntry[];
  readonly rejected: readonly RejectedRelease[];
  readonly policy: FailurePolicy;
  /** A person holds the version: `wantedVersion`, or a forced deployment that waits. */
  readonly manual: boolean;
}

/** Earlier deployments that finished their bake here, of another version than what runs; newest first. */
export function goodBefore([present, ...older]: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return older.filter(({ bakeStatus, version }) => bakeStatus === 'Succeeded' && version.tag !== present?.version.tag);
}

/**
 * Only from an automatic deployment, never from a rollback, and only to a version that finished its bake here.
 * Undefined: stay halted.
 */
export function rollbackTarget({ history, rejected, policy, manual }: RollbackContext): HistoryEntry | undefined {
  const [failed] = history;
  if (manual || policy !== 'Rollback' || failed?.trigger !== 'Automatic') return undefined;
  return goodBefore(history).find(({ version }) => !isRejected(version, rejected));
}
