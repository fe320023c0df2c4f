/** When a deployment, or a retry of one, begins: the stamp that tells verdicts about it from those about what was before. */
import { instantOf, isBefore, latest, momentAfter } from '../api/instant.ts';
import type { HistoryEntry } from '../api/rollout.ts';

/** Who is further ahead has a wrong clock, which is not to be followed for ever. */
export const furthestAhead = Temporal.Duration.from({ minutes: 10 });

/**
 * Always later than what began before it, whatever the clock says: of two deployments with one stamp, or with stamps the
 * other way round, each would be judged by what was said about the other.
 */
export function beginning(previous: HistoryEntry | undefined, now: Temporal.Instant): Temporal.Instant {
  const last = latest(instantOf(previous?.timestamp), instantOf(previous?.lastRetryTimestamp));
  return notBefore(last?.add({ seconds: 1 }), now);
}

/** Of what happens to a deployment: never before it began. */
export function momentOf({ timestamp }: HistoryEntry, now: Temporal.Instant): string {
  return notBefore(instantOf(timestamp), now).toString();
}

function notBefore(least: Temporal.Instant | undefined, now: Temporal.Instant): Temporal.Instant {
  const isAhead = least !== undefined && isBefore(now, least) && !isBefore(now.add(furthestAhead), least);
  return Temporal.Instant.from(momentAfter(isAhead ? least : now));
}
