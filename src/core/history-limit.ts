/** Which deployments `status.history` keeps: the newest, and always one that could be returned to. */
import type { HistoryEntry } from '../api/rollout.ts';
import { goodBefore } from './rollback.ts';

/**
 * The newest ones. When none of them could be rolled back to, the newest earlier one that could takes the last place:
 * a row of failures must not push it out.
 */
export function withinLimit(history: readonly HistoryEntry[], limit: number): HistoryEntry[] {
  const kept = history.slice(0, limit);
  if (kept.length === history.length || limit < 2 || goodBefore(kept).length > 0) return kept;
  const [good] = goodBefore(history);
  return good === undefined ? kept : [...kept.slice(0, -1), good];
}
