/** What was read from registries a moment ago, so that many Rollouts of one image ask once, and a failing one rests. */
import type { VersionInfo } from '../../api/rollout.ts';
import type { Fault } from '../../core/observation.ts';
import { createRecentMap, type RecentMap } from '../../oci/recent-map.ts';
import type { ManifestMetadata } from '../../oci/registry.ts';
import { createSharedFlight, type SharedFlight } from '../../oci/shared-flight.ts';

export interface TagList {
  readonly tags: readonly string[];
  readonly names: ReadonlySet<string>;
  /** Manifests read since, by tag or digest. */
  readonly manifests: Map<string, ManifestMetadata>;
  readonly readAt: Temporal.Instant;
}

export interface Rest {
  readonly failures: number;
  readonly retryAt: Temporal.Instant;
  readonly fault: Fault;
}

/** Lives as long as the controller; losing it costs at most one read for each release that is still to be recorded. */
export interface ReleaseMemory {
  /** By ImageRepository, scan and newest tag. */
  readonly lists: RecentMap<TagList>;
  readonly listFlights: SharedFlight<TagList>;
  readonly manifestFlights: SharedFlight<ManifestMetadata>;
  /** By ImageRepository: until when its registry is left alone. */
  readonly rests: RecentMap<Rest>;
  /** By Rollout: when its tag list was read for `spec.releaseUpdateInterval`; at first, when the Rollout was first seen. */
  readonly refreshed: RecentMap<Temporal.Instant>;
}

export function createReleaseMemory(): ReleaseMemory {
  return {
    lists: createRecentMap(100),
    listFlights: createSharedFlight(),
    manifestFlights: createSharedFlight(),
    rests: createRecentMap(5_000),
    refreshed: createRecentMap(20_000),
  };
}

const firstRestSeconds = 30;
const longestRestSeconds = 600;

/** 30 s, doubling to 10 min; up to an hour when the registry asks for it. */
export function nextRest(
  previous: Rest | undefined,
  fault: Omit<Fault, 'retryAt'>,
  now: Temporal.Instant,
  asked: Temporal.Instant | undefined,
): Rest {
  const failures = (previous?.failures ?? 0) + 1;
  const seconds = Math.min(firstRestSeconds * 2 ** Math.min(failures - 1, 10), longestRestSeconds);
  const earliest = now.add({ seconds }).epochMilliseconds;
  const latest = now.add({ hours: 1 }).epochMilliseconds;
  const wished = asked?.epochMilliseconds ?? earliest;
  const retryAt = Temporal.Instant.fromEpochMilliseconds(Math.min(Math.max(wished, earliest), latest));
  return { failures, retryAt, fault: { ...fault, retryAt } };
}

/** A release as its manifest describes it. */
export function versionInfo(tag: VersionInfo['tag'], manifest: ManifestMetadata): VersionInfo {
  const { digest, version, revision, created } = manifest;
  return {
    tag,
    digest,
    ...(version !== undefined && { version }),
    ...(revision !== undefined && { revision }),
    ...(created !== undefined && { created }),
  };
}
