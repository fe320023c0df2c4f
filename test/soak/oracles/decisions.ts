/** I1, I4, I5 and I6, for each deployment as it is recorded: was it one that automation may make? */
import type { Approval } from '../../../src/api/approval.ts';
import type { Freeze } from '../../../src/api/freeze.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import type { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { type Application, minorOf } from '../fleet.ts';
import type { Change, Ledger } from '../history.ts';
import { entryText, historyOf, isPinned, placeOf, rolloutOf } from './entries.ts';
import type { Report } from './violation.ts';

/**
 * Milliseconds. What was closed all this long before a decision must have been seen by whoever decided, on however busy a
 * machine.
 */
const grace = 20_000;
const minute = 60_000;

interface Memory {
  readonly entries: Map<number, HistoryEntry>;
  readonly failed: Set<string>;
  /** What finished its bake. */
  readonly good: Set<string>;
  /** Automation resumes with what is newer. */
  ceiling: number | undefined;
}

export class DecisionOracle {
  readonly #fleet: ReadonlyMap<string, Application>;
  readonly #ledger: Ledger;
  readonly #report: Report;
  readonly #memories = new Map<string, Memory>();

  /** @param ledger has each change before it is seen here */
  constructor(fleet: readonly Application[], ledger: Ledger, report: Report) {
    this.#fleet = new Map(fleet.map((app) => [`${app.namespace}/${app.name}`, app]));
    this.#ledger = ledger;
    this.#report = report;
  }

  see({ resource, object }: Change): void {
    if (resource !== 'rollouts' || object === undefined) return;
    const rollout = rolloutOf(object);
    const { uid = '' } = rollout.metadata;
    const memory = this.#memories.get(uid) ?? {
      entries: new Map(),
      failed: new Set(),
      good: new Set(),
      ceiling: undefined,
    };
    this.#memories.set(uid, memory);
    const history = historyOf(rollout);
    const highest = Math.max(0, ...memory.entries.keys());
    const added = history.filter(({ id = 0 }) => id > highest).toReversed();
    // One write may end the newest deployment and begin another.
    for (const entry of history.slice(added.length).toReversed()) noteEnd(entry, memory);
    for (const entry of added) {
      this.#inspect(entry, rollout, memory);
      memory.ceiling = ceilingAfter(entry, rollout, memory);
      memory.entries.set(entry.id ?? 0, entry);
    }
    for (const entry of added) noteEnd(entry, memory);
  }

  #inspect(entry: HistoryEntry, rollout: Rollout, memory: Memory): void {
    const place = placeOf(rollout);
    const say = (invariant: string, message: string): void => {
      this.#report(invariant, place, `${entryText(entry)} ${message}`);
    };
    const { trigger, version } = entry;
    const judged = isJudged(entry, rollout);
    if (judged || trigger === 'Rollback') this.#inspectFreezes(entry, rollout, say);
    if (judged && memory.entries.size > 0) this.#inspectGates(entry, rollout, say);
    const isAutomatic = trigger === 'Automatic' || trigger === 'Rollback';
    if (isAutomatic && isPinned(rollout)) say('I4', `while ${rollout.spec.wantedVersion ?? ''} is pinned`);
    if (trigger === 'Automatic' && memory.ceiling !== undefined && minorOf(version.tag) <= memory.ceiling)
      say('I4', `is not newer than what was decided about (1.${memory.ceiling})`);
    if (trigger === 'Rollback') inspectRollback(entry, memory, say);
    if (trigger === 'Automatic' && memory.failed.has(version.tag)) say('I6', 'failed here before');
    const before = memory.entries.get((entry.id ?? 0) - 1);
    if (isAutomatic && before?.version.tag === version.tag) say('I3', 'ran already');
  }

  #inspectFreezes(entry: HistoryEntry, { metadata }: Rollout, say: Say): void {
    for (const versions of this.#before(entry, 'freezes') as Versions<Freeze>) {
      const isOn = versions.every((freeze) => freeze?.spec.rolloutSelector?.matchLabels?.app === metadata.name);
      if (isOn) say('I1', `during Freeze ${versions.at(-1)?.metadata.name ?? ''}`);
    }
  }

  #inspectGates(entry: HistoryEntry, rollout: Rollout, say: Say): void {
    const { namespace, name } = rollout.metadata;
    for (const versions of this.#before(entry, 'rolloutgates') as Versions<RolloutGate>) {
      const gate = versions.at(-1);
      // Those of schedules are judged by what the schedule says.
      if (gate?.spec.rolloutRef.name !== name || gate.metadata.namespace !== namespace || isScheduled(gate)) continue;
      if (versions.every((one) => one?.spec.passing === false))
        say('I1', `past the closed RolloutGate ${gate.metadata.name}`);
      const isManual = versions.every((one) => one?.spec.class === 'manual');
      if (isManual && !this.#isApproved(gate, entry.version.tag))
        say('I1', `past RolloutGate ${gate.metadata.name} without an approval`);
    }
    const at = decidedAt(entry);
    const denied = this.#fleet.get(placeOf(rollout))?.denied;
    // Recorded as the end of the second in which it was decided.
    const isDenied = denied?.has(Math.floor(at / minute)) === true && denied.has(Math.floor((at - 1000) / minute));
    if (isDenied) say('I1', `at ${entry.timestamp}, which its RolloutSchedule denies`);
  }

  #isApproved({ metadata }: RolloutGate, tag: string): boolean {
    const approvals = this.#ledger.all('approvals') as unknown as readonly Approval[];
    return approvals.some(
      (one) =>
        one.metadata.namespace === metadata.namespace &&
        one.spec.gateRef.name === metadata.name &&
        one.spec.version === tag,
    );
  }

  /** All that each object was, from well before the decision until it was recorded. */
  #before(entry: HistoryEntry, resource: string): unknown {
    return this.#ledger.since(resource, decidedAt(entry) - 1000 - grace);
  }
}

/** For each object, all that it was in some time; undefined: not there. */
type Versions<T> = readonly (readonly (T | undefined)[])[];
type Say = (invariant: string, message: string) => void;

const decidedAt = ({ timestamp }: HistoryEntry): number => Date.parse(timestamp);
const isScheduled = ({ metadata }: RolloutGate): boolean =>
  metadata.labels?.['gate.kuberik.com/schedule-name'] !== undefined;

/** I5: back to what finished its bake here, and once for each that failed. */
function inspectRollback({ version, rollbackOf }: HistoryEntry, { entries, good }: Memory, say: Say): void {
  if (!good.has(version.tag)) say('I5', 'never succeeded here');
  if ([...entries.values()].some((other) => other.rollbackOf === rollbackOf && other.trigger === 'Rollback'))
    say('I5', `rolls #${rollbackOf ?? 0} back a second time`);
}

function noteEnd({ bakeStatus, version }: HistoryEntry, { failed, good }: Memory): void {
  if (bakeStatus === 'Failed') failed.add(version.tag);
  if (bakeStatus !== 'Succeeded') return;
  failed.delete(version.tag);
  good.add(version.tag);
}

/** Automation's own, and what a person asked it to take: both are for gates and freezes to judge. */
function isJudged({ trigger, message = '', rollbackOf }: HistoryEntry, rollout: Rollout): boolean {
  if (trigger === 'Automatic') return true;
  if (trigger !== 'Manual' || isPinned(rollout)) return false;
  return rollbackOf === undefined && !message.includes('with force deploy');
}

function ceilingAfter(entry: HistoryEntry, rollout: Rollout, { entries }: Memory): number | undefined {
  if (entry.trigger === 'Rollback') return minorOf(entries.get(entry.rollbackOf ?? 0)?.version.tag ?? '');
  if (entry.trigger !== 'Manual' || isPinned(rollout)) return undefined;
  return Math.max(...(rollout.status?.availableReleases ?? []).map(({ tag }) => minorOf(tag)));
}
