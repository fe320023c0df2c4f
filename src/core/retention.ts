/** Which known releases are kept. */

import { instantOf, isBefore } from '../api/instant.ts';
import type { HistoryEntry, VersionInfo } from '../api/rollout.ts';

export interface RetentionRules {
  /** Releases created before this instant may go. */
  readonly cutoff: Temporal.Instant;
  /** Releases kept in any case. */
  readonly minimum: number;
}

/** A status must stay far below the API server's object size limit, whatever a registry holds. */
export const MAX_RELEASES = 500;

/**
 * Keeps the newest K releases, K being the largest of: from the oldest one that history or a hold names; everything
 * newer than the first one, from the newest back, that is known to be older than the cutoff; the minimum.
 * A list in which no release says when it was created is bounded by the minimum alone.
 */
export function retainReleases(
  releases: readonly VersionInfo[],
  history: readonly HistoryEntry[],
  rules: RetentionRules,
): VersionInfo[] {
  const needed = new Set(history.flatMap(({ version, resumeAfter }) => [version.tag, resumeAfter]));
  const firstNeeded = releases.findIndex(({ tag }) => needed.has(tag));
  const byHistory = firstNeeded === -1 ? 0 : releases.length - firstNeeded;
  const keep = Math.max(byHistory, byAge(releases, rules.cutoff), Math.min(rules.minimum, releases.length));
  return releases.slice(-Math.min(keep, MAX_RELEASES) || releases.length);
}

function byAge(releases: readonly VersionInfo[], cutoff: Temporal.Instant): number {
  const times = releases.map(({ created }) => instantOf(created));
  if (times.every((time) => time === undefined)) return 0;
  const lastOld = times.findLastIndex((time) => time !== undefined && isBefore(time, cutoff));
  return releases.length - 1 - lastOld;
}
