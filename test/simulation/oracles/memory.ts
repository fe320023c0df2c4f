/** What is remembered of one Rollout object: what its record has said so far. */
import type { HistoryEntry, Rollout, VersionInfo } from '../../../src/api/rollout.ts';

export interface Memory {
  /** All there ever were. */
  readonly entries: Map<number, HistoryEntry>;
  /** As it was written last, the newest first. */
  history: readonly HistoryEntry[];
  /** Failed here and not succeeded since: the digest by tag. */
  readonly failed: Map<string, string | undefined>;
  /** What finished its bake: `tag` and `tag@digest`. */
  readonly good: Set<string>;
  /** The digest by tag. */
  readonly revoked: Map<string, string | undefined>;
  /** Automation resumes with what is newer than this minor. */
  ceiling: number | undefined;
  /** What people have asked for and nobody has deployed yet. */
  wishes: number;
  /** Failures do not fail the newest deployment. */
  recovering: boolean;
}

export const emptyMemory = (): Memory => ({
  entries: new Map(),
  history: [],
  failed: new Map(),
  good: new Set(),
  revoked: new Map(),
  ceiling: undefined,
  wishes: 0,
  recovering: false,
});

/** Takes over what a write of the record says of the deployments that have ended, the oldest first. */
export function learn(memory: Memory, { status }: Rollout): void {
  const history = status?.history ?? [];
  for (const entry of history.toReversed()) {
    const before = memory.entries.get(entry.id ?? 0);
    memory.entries.set(entry.id ?? 0, entry);
    if (before?.bakeStatus !== entry.bakeStatus) noteEnd(memory, entry);
  }
  memory.history = history;
  memory.recovering = isRecovering({ status });
  for (const { tag, digest, reason } of status?.rejectedReleases ?? [])
    if (reason === 'Revoked') memory.revoked.set(tag, digest);
}

export function isRecovering({ status }: Pick<Rollout, 'status'>): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'BakeFailureDisabled' && is === 'True') === true;
}

function noteEnd({ failed, good }: Memory, { bakeStatus, version }: HistoryEntry): void {
  if (bakeStatus === 'Failed') failed.set(version.tag, version.digest);
  if (bakeStatus !== 'Succeeded') return;
  failed.delete(version.tag);
  good.add(version.tag).add(`${version.tag}@${version.digest}`);
}

const requests = ['deploy', 'force-deploy', 'rollback'].map((name) => `rollout.kuberik.com/${name}`);

/** How many deployments somebody asks for with this write. */
export function wishesIn(rollout: Rollout, before: Rollout | undefined): number {
  const asked = ({ metadata: { annotations = {} }, spec }: Rollout): readonly string[] => [
    ...requests.flatMap((key) => (annotations[key] === undefined ? [] : [`${key}=${annotations[key]}`])),
    ...[spec.wantedVersion, spec.releasesImagePolicy.wantedVersion].flatMap((pin) => pin || []),
  ];
  const known = before === undefined ? [] : asked(before);
  return asked(rollout).filter((one) => !known.includes(one)).length;
}

/** A tag that was moved to another digest is another version. */
export function isAmong(versions: ReadonlyMap<string, string | undefined>, { tag, digest }: VersionInfo): boolean {
  if (!versions.has(tag)) return false;
  const known = versions.get(tag);
  return known === undefined || digest === undefined || known === digest;
}

export const entryText = ({ id, version, trigger, bakeStatus }: HistoryEntry): string =>
  `#${id} ${version.tag} ${trigger} ${bakeStatus ?? ''}`;
export const isUnfinished = ({ bakeStatus }: HistoryEntry): boolean =>
  bakeStatus === 'Deploying' || bakeStatus === 'InProgress';
