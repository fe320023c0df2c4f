/** Starts the bake of a failed deployment over. Failures before this moment no longer count. */
import type { HistoryEntry } from '../api/rollout.ts';
import { momentAfter } from './time.ts';

export function retryBake(entry: HistoryEntry, now: Temporal.Instant): HistoryEntry {
  return {
    ...entry,
    bakeStatus: 'Deploying',
    bakeStatusMessage: undefined,
    bakeStartTime: undefined,
    bakeEndTime: undefined,
    failedHealthChecks: undefined,
    lastRetryTimestamp: momentAfter(now),
  };
}
