/** When a deployment, or a retry of one, begins: the stamp that tells verdicts about it from those about what was before. */
import { instantOf, isBefore, latest, momentAfter } from '../api/instant.ts';
import type { HistoryEntry } from '../api/rollout.ts';

/** Who is further ahead has a wrong clock, which is not to be followed for ever. */
const furthestAhead = Temporal.Duration.from({ minutes: 10 });

/**
 * Always later than what began before it, whatever the clock says: of two deployments with one stamp, or with stamps the
 * other way round, each would be judged by what was said about the other.
 */
export function beginning(previous: HistoryEntry | undefined, now: Temporal.Instant): Temporal.Instant {
  const begins = Temporal.Instant.from(momentAfter(now));
  const last = latest(instantOf(previous?.timestamp), instantOf(previous?.lastRetryTimestamp));
  const next = last?.add({ seconds: 1 });
  if (next === undefined || isBefore(next, begins) || isBefore(now.add(furthestAhead), next)) return begins;
  return Temporal.Instant.from(momentAfter(next));
}
