/**
 * The list of known releases, oldest first. Upstream samples only the newest tag; here every tag that the policy admits
 * after the deployed one is taken, and the policy's order decides which is newer, so that order never inverts silently.
 */
import type { HistoryEntry, ReleaseOrder, VersionInfo } from '../api/rollout.ts';
import type { Tag } from '../api/tag.ts';
import type { ReleaseObservation } from './observation.ts';

/**
 * New releases taken in one pass: a status must not grow with a registry's whole past. In order, so many wait at a time,
 * the oldest first; else the newest of them are taken.
 */
const MAX_NEW_RELEASES = 100;

/**
 * @param known `status.availableReleases`
 * @param history what runs now first; a version that no list names counts as newer than all that was known when it was
 *   deployed, so that only what is released afterwards replaces it. What is neither deployed nor in the registry any
 *   more is forgotten: it could not be pulled.
 */
export function mergeReleases(
  known: readonly VersionInfo[],
  observed: ReleaseObservation,
  history: readonly HistoryEntry[],
  order: ReleaseOrder = 'Newest',
): VersionInfo[] {
  const deployed = history[0]?.version;
  const needed = new Set(history.flatMap(({ version, resumeAfter }) => [version.tag, resumeAfter]));
  const isThere = (tag: Tag): boolean => observed.hasTag?.(tag) ?? true;
  const releases = new Map<Tag, VersionInfo>();
  for (const release of known) {
    if (needed.has(release.tag) || isThere(release.tag)) releases.set(release.tag, release);
  }
  if (deployed !== undefined && deployed.tag.length > 0 && !releases.has(deployed.tag))
    releases.set(deployed.tag, deployed);
  for (const tag of newTags(releases, observed, deployed?.tag, order)) releases.set(tag, { tag });
  const described = [...releases.values()].map((release) => describe(release, observed));
  const ranked = observed.ranked ?? observed.admitted;
  return ranked === undefined ? described : sortByPolicy(described, ranked);
}

function newTags(
  releases: ReadonlyMap<Tag, VersionInfo>,
  observed: ReleaseObservation,
  deployed: Tag | undefined,
  order: ReleaseOrder,
): readonly Tag[] {
  const latest = observed.latest === undefined || releases.has(observed.latest.tag) ? [] : [observed.latest.tag];
  const ranked = observed.ranked ?? observed.admitted ?? [];
  const admitted = new Set(observed.admitted);
  const anchor = ranked.findLastIndex((tag) => (deployed === undefined ? releases.has(tag) : tag === deployed));
  const after = anchor === -1 ? [] : ranked.slice(anchor + 1);
  const between = after.filter((tag) => admitted.has(tag) && !releases.has(tag));
  if (order === 'Newest') return [...new Set([...between.slice(-MAX_NEW_RELEASES), ...latest])];
  const room = Math.max(0, MAX_NEW_RELEASES - after.filter((tag) => releases.has(tag)).length);
  // The newest one would come before those that have no room yet.
  return between.length > room ? between.slice(0, room) : [...new Set([...between, ...latest])];
}

function describe(release: VersionInfo, observed: ReleaseObservation): VersionInfo {
  const metadata = observed.metadata.get(release.tag);
  const latest = observed.latest?.tag === release.tag ? observed.latest : undefined;
  return { ...release, ...metadata, ...latest };
}

/**
 * Sorts what the policy ranks and leaves what it does not rank (deleted from the registry, no longer admitted, deployed
 * by hand) right behind what preceded it.
 */
function sortByPolicy(releases: readonly VersionInfo[], ranked: readonly Tag[]): VersionInfo[] {
  const rank = new Map(ranked.map((tag, index) => [tag, index]));
  const groups: { rank: number; members: VersionInfo[] }[] = [{ rank: -1, members: [] }];
  for (const release of releases) {
    const position = rank.get(release.tag);
    if (position === undefined) groups.at(-1)?.members.push(release);
    else groups.push({ rank: position, members: [release] });
  }
  return groups.toSorted((one, other) => one.rank - other.rank).flatMap(({ members }) => members);
}

/** Newer than the deployed one, newest first; everything while nothing is deployed. */
export function candidatesAfter(releases: readonly VersionInfo[], deployed: Tag | undefined): VersionInfo[] {
  const position = releases.findIndex(({ tag }) => tag === deployed);
  return releases.slice(position + 1).toReversed();
}
