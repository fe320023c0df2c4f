/** Releases that automation does not select again: they failed their bake here, or a person revoked them (I6). */
import { timestamp } from '../api/instant.ts';
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';
import { isSameVersion } from './same-version.ts';

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
    if (entry.bakeStatus !== 'Failed' || rejected.some((rejection) => isSameVersion(rejection, entry.version)))
      continue;
    const rejection: RejectedRelease = {
      tag: entry.version.tag,
      ...(entry.version.digest === undefined ? {} : { digest: entry.version.digest }),
      reason: 'BakeFailed',
      timestamp: entry.bakeEndTime ?? entry.timestamp,
    };
    if (!succeededSince(rejection, history)) rejected.push(rejection);
  }
  return bounded(rejected);
}

/** What a person decided outlives what happened. */
function bounded(rejected: readonly RejectedRelease[]): RejectedRelease[] {
  if (rejected.length <= MAX_REJECTED) return [...rejected];
  const revoked = rejected.filter(({ reason }) => reason === 'Revoked').slice(-MAX_REJECTED);
  const failed = rejected.filter(({ reason }) => reason !== 'Revoked').toReversed();
  const kept = new Set([...revoked, ...failed.slice(0, MAX_REJECTED - revoked.length)]);
  return rejected.filter((rejection) => kept.has(rejection));
}

/** Takes the place of an earlier rejection of the same release. A release that is not known yet is revoked by its tag. */
export function revoke(
  rejected: readonly RejectedRelease[],
  release: VersionInfo,
  now: Temporal.Instant,
): RejectedRelease[] {
  const others = rejected.filter((rejection) => !isSameVersion(rejection, release));
  const { tag, digest } = release;
  const rejection: RejectedRelease = {
    tag,
    ...(digest === undefined ? {} : { digest }),
    reason: 'Revoked',
    timestamp: timestamp(now),
  };
  return bounded([...others, rejection]);
}

export function isRevoked(release: VersionInfo, rejected: readonly RejectedRelease[]): boolean {
  return rejected.some((rejection) => rejection.reason === 'Revoked' && isSameVersion(rejection, release));
}

function succeededSince(rejection: RejectedRelease, history: readonly HistoryEntry[]): boolean {
  return history.some(
    (entry) =>
      entry.bakeStatus === 'Succeeded' &&
      isSameVersion(rejection, entry.version) &&
      (entry.bakeEndTime ?? entry.timestamp) > rejection.timestamp,
  );
}

export function isRejected(release: VersionInfo, rejected: readonly RejectedRelease[]): boolean {
  return rejected.some((rejection) => isSameVersion(rejection, release));
}
