/** Whether two are the same release: a tag that was moved to another digest is another one. */
import type { VersionInfo } from '../api/rollout.ts';

type Identity = Pick<VersionInfo, 'tag' | 'digest'>;

/** Where a digest is not known, the tag has to do. */
export function isSameVersion(one: Identity, other: Identity): boolean {
  if (one.tag !== other.tag) return false;
  return one.digest === undefined || other.digest === undefined || one.digest === other.digest;
}
