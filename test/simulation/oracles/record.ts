/**
 * I2, "at most one unfinished deployment per Rollout", and I3, "every version that ran has exactly one history entry;
 * ids only grow", and what I9 rests on, the digest: at each write of the record, by comparison with the one before.
 */
import { type HistoryEntry, ROLLOUT_DEFAULTS, type Rollout } from '../../../src/api/rollout.ts';
import { entryText, isUnfinished, type Memory } from './memory.ts';
import type { Report } from './violation.ts';

export function inspectRecord({ metadata: { name }, spec, status }: Rollout, memory: Memory, report: Report): void {
  const history = status?.history ?? [];
  const limit = spec.versionHistoryLimit ?? ROLLOUT_DEFAULTS.versionHistoryLimit;
  const say = (invariant: string, what: string): void => {
    report(invariant, `${name}: ${what}`);
  };
  inspectIds(history, memory, say);
  inspectLosses(history, memory, limit, say);
  for (const entry of history) {
    const before = memory.entries.get(entry.id ?? 0);
    if (before !== undefined) inspectChange(before, entry, entry === history[0], say);
  }
  const open = history.slice(1).filter(isUnfinished);
  if (open.length > 0) say('I2', `${open.map(entryText).join()} is unfinished below the newest`);
  for (const { id = 0, version } of history) {
    if (!memory.entries.has(id)) inspectDigest(version, say);
  }
  const [newest, previous] = history;
  if (newest === undefined || memory.entries.has(newest.id ?? 0) || newest.trigger !== 'Automatic') return;
  if (previous?.endedBy?.deployment === newest.id && previous?.bakeStatus === 'Cancelled')
    say('I2', `${entryText(newest)} was begun by automation while ${entryText(previous)} was under way`);
  if (previous?.version.tag === newest.version.tag) say('I3', `${entryText(newest)}, which ran already`);
}

/** New ids are the next ones. */
function inspectIds(history: readonly HistoryEntry[], { entries, history: before }: Memory, say: Report): void {
  const ids = history.map(({ id = 0 }) => id);
  if (ids.some((id, index) => index > 0 && id >= ids[index - 1]!)) say('I3', `ids are ${ids.join()}`);
  const highest = before[0]?.id ?? 0;
  const fresh = ids.filter((id) => !entries.has(id)).toReversed();
  const expected = fresh.map((_, index) => highest + 1 + index);
  if (fresh.join() !== expected.join()) say('I3', `id ${fresh.join()} after ${highest}`);
}

/** What was there is there, up to the limit; the last place may be kept by an older one that can be returned to. */
function inspectLosses(history: readonly HistoryEntry[], memory: Memory, limit: number, say: Report): void {
  const added = history.filter(({ id = 0 }) => !memory.entries.has(id)).length;
  const all = [...history.slice(0, added), ...memory.history].map(({ id }) => id);
  const expected = added > 0 ? all.slice(0, limit) : all;
  const kept = history.map(({ id }) => id);
  const isKept = (id: number | undefined, index: number): boolean =>
    kept[index] === id || (index === expected.length - 1 && all.length > limit && all.includes(kept[index]));
  if (kept.length === expected.length && expected.every(isKept)) return;
  say('I3', `the record has lost ${expected.filter((id) => !kept.includes(id)).join() || 'its order'}: ${kept.join()}`);
}

/** What was deployed, when and why never changes; how it ended does not once another one has come. */
function inspectChange(before: HistoryEntry, entry: HistoryEntry, isNewest: boolean, say: Report): void {
  const [was, is] = [identity(before), identity(entry)];
  if (was !== is) say('I3', `entry ${entry.id} was ${was} and is ${is}`);
  const digest = before.version.digest;
  if (digest !== undefined && digest !== entry.version.digest)
    say('I3', `entry ${entry.id} ran ${digest} and says ${entry.version.digest}`);
  const hasEnded = before.bakeStatus === 'Succeeded' || before.bakeStatus === 'Cancelled';
  const isOver = hasEnded || (!isNewest && before.bakeStatus === 'Failed');
  if (isOver && before.bakeStatus !== entry.bakeStatus)
    say('I3', `entry ${entry.id} had ended as ${before.bakeStatus} and is ${entry.bakeStatus}`);
}

/** I9, as far as one Rollout goes: the digest that a record names is of this tag. Digests of worlds begin with their tag. */
function inspectDigest({ tag, digest }: HistoryEntry['version'], say: Report): void {
  const hex = Buffer.from(tag).toString('hex');
  if (digest !== undefined && !digest.startsWith(`sha256:${hex}`)) say('I9', `${tag} is recorded as ${digest}`);
}

const identity = ({ version, timestamp, trigger, message }: HistoryEntry): string =>
  `${version.tag} ${timestamp} ${trigger} ${message}`;
