/** Starts the bake of a failed deployment over: on request, or by `spec.retryPolicy`. Older failures no longer count. */
import { ConditionReason, EventReason } from '../api/conditions.ts';
import { momentAfter } from '../api/instant.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import { beginning } from './beginning.ts';
import type { PlannedEvent } from './plan.ts';

interface Retry {
  readonly entry: HistoryEntry;
  readonly events: readonly PlannedEvent[];
}

/** On request: automatic retries are counted anew. */
export function retryBake(entry: HistoryEntry, now: Temporal.Instant): HistoryEntry {
  return { ...startedOver(entry, now), bakeStatusMessage: undefined, retries: undefined };
}

/**
 * Waits for the next attempt, while what failed stays on record. Undefined: a person deployed it, or there is no attempt
 * left.
 */
export function retryLater(
  entry: HistoryEntry,
  failure: string,
  { retryPolicy }: Partial<Pick<ResolvedRolloutSpec, 'retryPolicy'>>,
  now: Temporal.Instant,
): Retry | undefined {
  const { retries = 0, trigger } = entry;
  if (retryPolicy === undefined || trigger !== 'Automatic' || retries >= retryPolicy.limit) return undefined;
  const retryAt = momentAfter(now.add(retryPolicy.interval));
  const message = `${failure} Retry ${retries + 1} of ${retryPolicy.limit} begins at ${retryAt}.`;
  return {
    entry: {
      ...entry,
      bakeStatus: 'Deploying',
      bakeStatusMessage: message,
      bakeStartTime: undefined,
      retryAt,
    },
    events: [{ type: 'Warning', reason: EventReason.BakeTimeFailed, message }],
  };
}

/** The attempt that `retryLater` has announced. */
export function retryNow(
  entry: HistoryEntry,
  { retryPolicy }: Partial<Pick<ResolvedRolloutSpec, 'retryPolicy'>>,
  now: Temporal.Instant,
): Retry {
  const retries = (entry.retries ?? 0) + 1;
  const attempt = `Retry ${retries}${retryPolicy === undefined ? '' : ` of ${retryPolicy.limit}`}`;
  const message = `${attempt}: the bake of ${entry.version.tag} is started over`;
  return {
    entry: { ...startedOver(entry, now), bakeStatusMessage: `${attempt}: waiting for health checks.`, retries },
    events: [{ type: 'Normal', reason: ConditionReason.BakeTimeRetrying, message }],
  };
}

function startedOver(entry: HistoryEntry, now: Temporal.Instant): HistoryEntry {
  return {
    ...entry,
    bakeStatus: 'Deploying',
    bakeStartTime: undefined,
    bakeEndTime: undefined,
    failedHealthChecks: undefined,
    endedBy: undefined,
    retryAt: undefined,
    lastRetryTimestamp: beginning(entry, now).toString(),
  };
}
