/** Releases that automation does not select again: they failed their bake here, or a person revoked them (I6). */
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';

/** A status must stay far below the API server's object size limit. The newest are kept. */
const MAX_REJECTED = 200;

/**
 * The stored rejections plus what history itself proves, less what has succeeded since. History and the list of known
 * releases are trimmed, so a failure must outlive both: a pin on an old version makes everything after it known again.
 */
export function rejectedReleases(
  stored: readonly RejectedRelease[],
  history: readonly HistoryEntry[],
): RejectedRelease[] {
  const rejected = stored.filter(
    (rejection) => rejection.reason !== 'BakeFailed' || !succeededSince(rejection, history),
  );
  for (const entry of history.toReversed()) {
    if (entry.bakeStatus !== 'Failed' || rejected.some((rejection) => concerns(rejection, entry.version))) continue;
    const rejection: RejectedRelease = {
      tag: entry.version.tag,
      ...(entry.version.digest === undefined ? {} : { digest: entry.version.digest }),
      reason: 'BakeFailed',
      timestamp: entry.bakeEndTime ?? entry.timestamp,
    };
    if (!succeededSince(rejection, history)) rejected.push(rejection);
  }
  return rejected.slice(-MAX_REJECTED);
}

function succeededSince(rejection: RejectedRelease, history: readonly HistoryEntry[]): boolean {
  return history.some(
    (entry) =>
      entry.bakeStatus === 'Succeeded' &&
      concerns(rejection, entry.version) &&
      (entry.bakeEndTime ?? entry.timestamp) > rejection.timestamp,
  );
}

/** A tag that was moved to another digest is another release. */
function concerns(rejection: RejectedRelease, release: VersionInfo): boolean {
  if (rejection.tag !== release.tag) return false;
  return rejection.digest === undefined || release.digest === undefined || rejection.digest === release.digest;
}

export function isRejected(release: VersionInfo, rejected: readonly RejectedRelease[]): boolean {
  return rejected.some((rejection) => concerns(rejection, release));
}
