/**
 * A Rollout without history may stand beside a running application: it was deleted and made again, or is new there.
 * What its targets carry then becomes its first entry, so that the newest release is not shipped past closed gates.
 */
import type { VersionInfo } from '../api/rollout.ts';
import type { Tag } from '../api/tag.ts';
import type { ReleaseObservation, TargetObservation } from './observation.ts';

export type Adoption =
  /** This release runs already. */
  | { readonly kind: 'adopt'; readonly version: VersionInfo }
  /** Something runs that may be a release: nobody can tell, or the policy does not admit it. Gates hold as ever. */
  | { readonly kind: 'unknown'; readonly carried: Tag }
  /** Nothing runs, or a placeholder that no registry knows. */
  | { readonly kind: 'none' };

export function findRunningVersion(targets: readonly TargetObservation[], releases: ReleaseObservation): Adoption {
  const carried = [...new Set(targets.flatMap(({ carries }) => (carries === undefined ? [] : [carries])))];
  if (carried.length === 0) return { kind: 'none' };
  const admitted = releases.admitted ?? (releases.latest === undefined ? [] : [releases.latest.tag]);
  // Several versions at once: the newest has been let out already.
  const running = admitted.findLast((tag) => carried.includes(tag));
  if (running !== undefined) {
    const latest = releases.latest?.tag === running ? releases.latest : undefined;
    return { kind: 'adopt', version: { tag: running, ...releases.metadata.get(running), ...latest } };
  }
  const { hasTag } = releases;
  const doubtful = carried.find((tag) => hasTag?.(tag) ?? true);
  return doubtful === undefined ? { kind: 'none' } : { kind: 'unknown', carried: doubtful };
}
