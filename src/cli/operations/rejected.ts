/** What automation does not select any more, and why: a person who deploys it should know. */
import type { RejectedRelease, VersionInfo } from '../../api/rollout.ts';
import { isRejected } from '../../core/rejection.ts';
import type { Facts } from './facts.ts';

export function rejectionOf(facts: Facts, version: VersionInfo): RejectedRelease | undefined {
  const rejected = facts.rollout.status?.rejectedReleases ?? [];
  return rejected.findLast((rejection) => isRejected(version, [rejection]));
}

export function rejectionNote(facts: Facts, version: VersionInfo): string | undefined {
  const rejection = rejectionOf(facts, version);
  if (rejection === undefined) return undefined;
  const what = rejection.reason === 'Revoked' ? 'was revoked' : 'failed its bake here';
  return `${version.tag} ${what} on ${rejection.timestamp}`;
}
