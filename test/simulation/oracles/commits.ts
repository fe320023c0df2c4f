/** I1 to I6, at the instant of each status write: was this deployment one that automation may make? */
import type { Approval } from '../../../src/api/approval.ts';
import type { Freeze } from '../../../src/api/freeze.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import type { RolloutGate } from '../../../src/api/rollout-gate.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Ledger } from './ledger.ts';
import type { Report } from './violation.ts';

/**
 * What is closed in this moment may have been open when the controller looked: a request is on its way for some
 * milliseconds. What was closed all this long must have been seen.
 */
const grace = 1_000;

/** For each object, all that it was in this time. */
type Versions<T> = readonly (readonly (T | undefined)[])[];

/** What is remembered of one Rollout object, by its uid. */
interface Memory {
  readonly entries: Map<number, HistoryEntry>;
  readonly failed: Set<string>;
  /** What finished its bake. */
  readonly good: Set<string>;
  /** Automation resumes with what is newer. */
  ceiling: number | undefined;
}

export class Commits {
  readonly #world: SimulatedWorld;
  readonly #ledger: Ledger;
  readonly #report: Report;
  readonly #memories = new Map<string, Memory>();
  deployments = 0;

  constructor(world: SimulatedWorld, ledger: Ledger, report: Report) {
    this.#world = world;
    this.#ledger = ledger;
    this.#report = report;
  }

  /** How often a version was deployed by this Rollout. */
  readonly deployedAs = (uid: string, tag: string): number =>
    [...(this.#memories.get(uid)?.entries.values() ?? [])].filter(({ version }) => version.tag === tag).length;

  inspect(rollout: Rollout): void {
    const { uid = '', name } = rollout.metadata;
    const memory = this.#memories.get(uid) ?? {
      entries: new Map(),
      failed: new Set(),
      good: new Set(),
      ceiling: undefined,
    };
    this.#memories.set(uid, memory);
    const history = rollout.status?.history ?? [];
    this.#inspectRecord(name, history, memory);
    const added = history.filter(({ id = 0 }) => !memory.entries.has(id)).toReversed();
    // One write may end the newest deployment and begin another; how older ones ended does not change any more.
    for (const entry of history.slice(added.length, added.length + 1)) noteEnd(entry, memory);
    for (const entry of added) {
      this.deployments += 1;
      this.#world.journal.note('store', `${name}: ${entryText(entry)}`);
      this.#inspectEntry(entry, rollout, memory);
      memory.ceiling = ceilingAfter(entry, rollout, memory);
      memory.entries.set(entry.id ?? 0, entry);
    }
    for (const entry of history.slice(0, added.length)) noteEnd(entry, memory);
  }

  /** I2 and I3: one unfinished at most; ids are unique and grow one by one; what was written never changes. */
  #inspectRecord(name: string, history: readonly HistoryEntry[], { entries }: Memory): void {
    const ids = history.map(({ id = 0 }) => id);
    const expected = Array.from({ length: ids.length }, (_, index) => (ids[0] ?? 0) - index);
    if (ids.join() !== expected.join()) this.#report('I3', `${name}: ids are ${ids.join()}`);
    const highest = Math.max(0, ...entries.keys());
    const fresh = ids.filter((id) => !entries.has(id));
    if (fresh.some((id) => id <= highest)) this.#report('I3', `${name}: id ${fresh.join()} after ${highest}`);
    for (const entry of history) {
      const first = entries.get(entry.id ?? 0);
      if (first !== undefined && identity(first) !== identity(entry)) {
        this.#report('I3', `${name}: entry ${entry.id} was ${identity(first)} and is ${identity(entry)}`);
      }
    }
    const open = history.slice(1).filter(({ bakeStatus }) => bakeStatus === 'Deploying' || bakeStatus === 'InProgress');
    if (open.length > 0) this.#report('I2', `${name}: ${open.map(entryText).join()} is unfinished below the newest`);
  }

  #inspectEntry(entry: HistoryEntry, rollout: Rollout, memory: Memory): void {
    const { name } = rollout.metadata;
    const told = `${name}: ${entryText(entry)}`;
    const judged = isJudged(entry, rollout);
    if (judged || entry.trigger === 'Rollback') this.#inspectFreezes(told, name);
    if (judged && memory.entries.size > 0 && entry.message?.includes('with gate bypass') !== true) {
      this.#inspectGates(told, rollout, entry);
    }
    const { trigger, version } = entry;
    const isAutomatic = trigger === 'Automatic' || trigger === 'Rollback';
    const pins = this.#rollouts(name).map((one) => one?.spec.wantedVersion ?? '');
    if (isAutomatic && pins.every((pin) => pin !== '')) this.#report('I4', `${told} while ${pins.join()} is pinned`);
    if (trigger === 'Automatic' && memory.ceiling !== undefined && minorOf(version.tag) <= memory.ceiling) {
      this.#report('I4', `${told}, which is not newer than what a person decided about (1.${memory.ceiling})`);
    }
    if (trigger === 'Rollback') this.#inspectRollback(told, entry, memory);
    if (trigger === 'Automatic' && memory.failed.has(version.tag)) this.#report('I6', `${told}, which failed here`);
    const previous = rollout.status?.history?.[1];
    if (previous?.version.tag === version.tag && entry === rollout.status?.history?.[0] && isAutomatic) {
      this.#report('I3', `${told}, which ran already`);
    }
  }

  /** I5: back to what finished its bake here, and once for each that failed. */
  #inspectRollback(told: string, entry: HistoryEntry, { entries, good }: Memory): void {
    if (!good.has(entry.version.tag)) this.#report('I5', `${told}, which never succeeded`);
    const twice = [...entries.values()].some(({ rollbackOf }) => rollbackOf === entry.rollbackOf);
    if (twice) this.#report('I5', `${told}: ${entry.rollbackOf} is rolled back twice`);
  }

  #inspectFreezes(told: string, name: string): void {
    for (const versions of this.#freezes()) {
      const isOn = versions.every((freeze) => freeze?.spec.rolloutSelector?.matchLabels?.app === name);
      if (isOn) this.#report('I1', `${told} during Freeze ${versions[0]?.metadata.name}`);
    }
  }

  #inspectGates(told: string, { metadata }: Rollout, { version }: HistoryEntry): void {
    const { name } = metadata;
    for (const versions of this.#gates()) {
      const [gate] = versions;
      if (gate?.spec.rolloutRef.name !== name) continue;
      const isClosed = versions.every((one) => one?.spec.passing === false);
      if (isClosed) this.#report('I1', `${told} past the closed RolloutGate ${gate.metadata.name}`);
      if (gate.spec.class === 'manual' && !this.#isApproved(gate.metadata.name, version.tag)) {
        this.#report('I1', `${told} past RolloutGate ${gate.metadata.name} without an approval`);
      }
    }
    const app = this.#world.setting.applications.find((one) => one.name === name);
    const opens = app?.opens;
    if (opens !== undefined && !isOpen(opens, this.#now) && !isOpen(opens, this.#now - grace)) {
      const age = this.#now - Temporal.Instant.from(metadata.creationTimestamp ?? '').epochMilliseconds;
      const made = `${Math.floor(age / 1000)} s after it was made`;
      this.#report('I1', `${told} outside of the window of its RolloutSchedule, ${made}`);
    }
  }

  #isApproved(gate: string, tag: string): boolean {
    return this.#approvals().some((versions) =>
      versions.some((one) => one?.spec.gateRef.name === gate && one.spec.version === tag),
    );
  }

  get #now(): number {
    return this.#world.clock.milliseconds;
  }

  #freezes() {
    return this.#all('kuberik.com/freezes') as Versions<Freeze>;
  }

  #gates() {
    return this.#all('kuberik.com/rolloutgates') as Versions<RolloutGate>;
  }

  #approvals() {
    return this.#all('kuberik.com/approvals') as Versions<Approval>;
  }

  #rollouts(name: string) {
    const versions: unknown = this.#ledger.of('kuberik.com/rollouts', name, this.#now - grace, this.#now);
    return versions as readonly (Rollout | undefined)[];
  }

  #all(resource: string): unknown {
    return this.#ledger.during(resource, this.#now - grace, this.#now);
  }
}

function noteEnd({ bakeStatus, version }: HistoryEntry, { failed, good }: Memory): void {
  if (bakeStatus === 'Failed') failed.add(version.tag);
  if (bakeStatus !== 'Succeeded') return;
  failed.delete(version.tag);
  good.add(version.tag);
}

/** Automation's own, and what a person asked it to take: both are for gates and freezes to judge. */
function isJudged({ trigger, message = '', rollbackOf }: HistoryEntry, { spec }: Rollout): boolean {
  if (trigger === 'Automatic') return true;
  if (trigger !== 'Manual' || (spec.wantedVersion ?? '') !== '') return false;
  return rollbackOf === undefined && !message.includes('with force deploy');
}

function ceilingAfter(entry: HistoryEntry, { spec, status }: Rollout, { entries }: Memory): number | undefined {
  if (entry.trigger === 'Rollback') return minorOf(entries.get(entry.rollbackOf ?? 0)?.version.tag ?? '');
  const forced = entry.trigger === 'Manual' && (spec.wantedVersion ?? '') === '';
  return forced ? Math.max(...(status?.availableReleases ?? []).map(({ tag }) => minorOf(tag))) : undefined;
}

/** As the plan's schedules have it: until 18:00, UTC. */
function isOpen(opens: string, at: number): boolean {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').toPlainTime();
  return Temporal.PlainTime.compare(time, opens) >= 0 && time.hour < 18;
}

const minorOf = (tag: string): number => Number(tag.split('.')[1] ?? -1);
const identity = ({ version, timestamp, trigger }: HistoryEntry): string => `${version.tag} ${timestamp} ${trigger}`;
const entryText = ({ id, version, trigger, bakeStatus }: HistoryEntry): string =>
  `#${id} ${version.tag} ${trigger} ${bakeStatus ?? ''}`;
