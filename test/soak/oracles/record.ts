/** I2 and I3: one unfinished deployment at most; ids without gap or repeat; nothing that was written is lost or altered. */
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import type { Change } from '../history.ts';
import { entryText, historyOf, identityOf, isOpen, placeOf, rolloutOf } from './entries.ts';
import type { Report } from './violation.ts';

interface Memory {
  /** Every entry that ever was there, by id, as it was first. */
  readonly entries: Map<number, HistoryEntry>;
  /** The newest version of the record. */
  history: readonly HistoryEntry[];
}

export class RecordOracle {
  readonly #report: Report;
  readonly #memories = new Map<string, Memory>();
  /** By what triggered them. */
  readonly deployments = new Map<string, number>();
  /** Entries as they are added. */
  onEntry: (rollout: Rollout, entry: HistoryEntry) => void = () => undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  /** How often this object deployed the version. */
  readonly deployedAs = (uid: string, tag: string): number =>
    [...(this.#memories.get(uid)?.entries.values() ?? [])].filter(({ version }) => version.tag === tag).length;

  see({ resource, object }: Change): void {
    if (resource !== 'rollouts' || object === undefined) return;
    const rollout = rolloutOf(object);
    const { uid = '' } = rollout.metadata;
    const memory = this.#memories.get(uid) ?? { entries: new Map<number, HistoryEntry>(), history: [] };
    this.#memories.set(uid, memory);
    const say = (message: string): void => {
      this.#report('I3', placeOf(rollout), message);
    };
    const history = historyOf(rollout);
    inspectIds(history, memory, limitOf(rollout), say);
    inspectEntries(history, memory, say);
    const unfinished = history.slice(1).filter(isOpen);
    if (unfinished.length > 0)
      this.#report('I2', placeOf(rollout), `${unfinished.map(entryText).join()} is unfinished below the newest`);
    for (const entry of history.toReversed()) {
      if (entry.id === undefined || memory.entries.has(entry.id)) continue;
      memory.entries.set(entry.id, entry);
      const trigger = entry.trigger ?? 'unknown';
      this.deployments.set(trigger, (this.deployments.get(trigger) ?? 0) + 1);
      this.onEntry(rollout, entry);
    }
    memory.history = history;
  }

  get count(): number {
    return [...this.deployments.values()].reduce((sum, each) => sum + each, 0);
  }
}

const limitOf = ({ spec }: Rollout): number => spec.versionHistoryLimit ?? 10;
const idsOf = (history: readonly HistoryEntry[]): number[] => history.map(({ id }) => id ?? Number.NaN);

/** The newest ones without a gap; the last of a full record may be an older one, to which one can go back. */
function inspectIds(history: readonly HistoryEntry[], { entries }: Memory, limit: number, say: (text: string) => void) {
  const ids = idsOf(history);
  const row = ids.length >= limit ? ids.slice(0, -1) : ids;
  const [newest = 0] = ids;
  const hasGap = row.some((id, index) => id !== newest - index) || (ids.at(-1) ?? 0) > newest - ids.length + 1;
  if (hasGap) say(`ids are ${ids.join()}`);
  const highest = Math.max(0, ...entries.keys());
  const fresh = ids.filter((id) => !entries.has(id));
  if (fresh.some((id) => id <= highest)) say(`id ${fresh.join()} is new after ${highest}`);
  if (fresh.length > 0 && Math.min(...fresh) > highest + 1) say(`id ${fresh.join()} follows ${highest}`);
  if (ids.length > limit) say(`${ids.length} entries, the limit is ${limit}`);
}

function inspectEntries(history: readonly HistoryEntry[], memory: Memory, say: (text: string) => void): void {
  const ids = new Set(idsOf(history));
  for (const entry of history) {
    const first = memory.entries.get(entry.id ?? 0);
    if (first !== undefined && identityOf(first) !== identityOf(entry))
      say(`entry ${entry.id ?? 0} was "${identityOf(first)}" and is "${identityOf(entry)}"`);
  }
  // An entry gives way to newer ones alone, and the oldest ones first.
  const missing = memory.history.filter(({ id = 0 }) => !ids.has(id));
  const added = history.filter(({ id = 0 }) => !memory.entries.has(id)).length;
  if (missing.length > added)
    say(`${missing.map(entryText).join()} is lost: ${memory.history.length} became ${history.length} entries`);
}
