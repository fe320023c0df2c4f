/** Starts the bake of a failed deployment over. Failures before this moment no longer count. */

import { momentAfter } from '../api/instant.ts';
import type { HistoryEntry } from '../api/rollout.ts';

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
