/**
 * Random worlds: releases, gates, health, people, faults, clocks and crashes in any order. The invariants I1 to I8 and
 * I10 are checked from outside after every look. (I9 is about two environments, and has its tests there.)
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../api/instant.ts';
import type { HistoryEntry, Rollout } from '../api/rollout.ts';
import { isUnfinished } from './bake.ts';
import { activeFreezes } from './freezes.ts';
import type { RolloutPlan } from './plan.ts';
import { minor, options, type Step, step, World } from './testing/random-world.ts';
import { Scenario } from './testing/scenario.ts';

function check(world: World, step: Step): void {
  const before = world.scenario.rollout;
  const plan = world.act(step);
  inspect(world, before, plan);
  settles(world);
}

/** What must hold after any look, `before` being the Rollout that it saw or something older than the last write. */
function inspect(world: World, before: Rollout, plan: RolloutPlan): void {
  const { scenario } = world;
  const { history } = scenario;
  const [newest] = history;
  const known = new Set((before.status?.history ?? []).map(({ id }) => id));
  const added = history.filter(({ id }) => !known.has(id));

  // I3: ids only grow, one by one; an entry's version, time and cause never change.
  const ids = history.map(({ id }) => id ?? 0);
  expect(ids).toEqual(ids.toSorted((one, other) => other - one));
  expect(new Set(ids).size).toBe(ids.length);
  for (const entry of history) {
    const first = world.ledger.get(entry.id ?? 0);
    if (first === undefined) world.ledger.set(entry.id ?? 0, entry);
    else
      expect([entry.version.tag, entry.timestamp, entry.trigger, entry.message]).toEqual([
        first.version.tag,
        first.timestamp,
        first.trigger,
        first.message,
      ]);
  }
  expect(Math.max(0, ...ids)).toBe(world.ledger.size);

  // I2: at most one unfinished deployment, the newest; automation ends none to start another.
  expect(history.slice(1).filter(isUnfinished)).toEqual([]);
  if (
    added[0] !== undefined &&
    isJudged(added[0], scenario) &&
    isUnfinished(before.status?.history?.[0]) &&
    history.length > 1
  ) {
    expect(history[1]?.bakeStatus).not.toBe('Cancelled');
  }

  for (const entry of added.toReversed()) {
    // I1: nothing automatic during a freeze, and nothing that nobody approved.
    const judged = isJudged(entry, scenario);
    if (judged || entry.trigger === 'Rollback') {
      expect(activeFreezes(scenario.freezes, scenario.now)).toEqual([]);
    }
    const bypassed = entry.message?.includes('with gate bypass') === true;
    for (const { spec } of judged && !bypassed ? scenario.gates : []) {
      if (spec.class !== 'manual') continue;
      const people = new Set(entry.approvals?.map(({ by }) => by));
      expect(people.size).toBeGreaterThanOrEqual(spec.approval?.required ?? 1);
    }
    // I1: automation passes no closed gate and starts nothing into bad health, the first deployment excepted.
    if (judged && known.size > 0) {
      for (const { spec } of bypassed ? [] : scenario.gates) {
        expect(spec.passing).not.toBe(false);
        if (spec.allowedVersions !== undefined) expect(spec.allowedVersions).toContain(entry.version.tag);
      }
      expect(scenario.checks.some(({ status }) => status?.status === 'Unhealthy')).toBe(false);
    }
    if (entry.trigger === 'Automatic' && known.size > 0) {
      // I6: what failed here or was revoked is not chosen by automation again, nor what nobody has or admits.
      expect([...world.failed]).not.toContain(entry.version.tag);
      if (world.admits !== undefined) expect(world.admits).toContain(entry.version.tag);
      expect((before.status?.rejectedReleases ?? []).map(({ tag }) => tag)).not.toContain(entry.version.tag);
    }
    if (entry.trigger === 'Automatic' || entry.trigger === 'Rollback') {
      expect([...world.revoked]).not.toContain(entry.version.tag);
    }
    // I3: what runs already is not recorded again.
    expect(history[history.indexOf(entry) + 1]?.version.tag).not.toBe(entry.version.tag);
    // I4: while a person holds the version, nobody else decides.
    if (scenario.rollout.spec.wantedVersion) expect(['Manual', 'Adoption']).toContain(entry.trigger);
    // I4: automation takes over from a forced or rolled back version with something newer than all that was known then.
    if (entry.trigger === 'Automatic' && world.ceiling !== undefined) {
      expect(minor(entry.version.tag)).toBeGreaterThan(world.ceiling);
    }
    // In order, none is passed over that automation could have taken.
    if (entry.trigger === 'Automatic' && isSequential(scenario) && known.size > 0) {
      expect(passedOver(entry, before, world)).toEqual([]);
    }
    world.ceiling = ceilingAfter(entry, scenario, world);
    // I5: back only to what finished its bake here, from an automatic deployment, once.
    if (entry.trigger === 'Rollback') {
      const failed = world.ledger.get(entry.rollbackOf ?? 0);
      expect(failed?.trigger).toBe('Automatic');
      const succeeded = (before.status?.history ?? []).filter(({ bakeStatus }) => bakeStatus === 'Succeeded');
      expect(succeeded.map(({ version }) => version.tag)).toContain(entry.version.tag);
      expect([...world.ledger.values()].filter(({ rollbackOf }) => rollbackOf === entry.rollbackOf)).toHaveLength(1);
      // And not while failures did not count.
      const recovery = before.status?.conditions?.find(({ type }) => type === 'BakeFailureDisabled');
      expect(recovery?.status).not.toBe('True');
      const back = history.find(({ id }) => id === entry.rollbackOf);
      if (back !== undefined) expect(back).toMatchObject({ bakeStatus: 'Failed', rolledBackBy: entry.id });
    }
  }
  for (const entry of history) {
    // Every end says who or what made it; a bake is started over as often as its policy says, and only automation's.
    const isEnd = entry.bakeEndTime !== undefined;
    expect(isEnd).toBe(entry.endedBy !== undefined);
    if (entry.bakeStatus === 'Failed' || entry.bakeStatus === 'Cancelled') expect(isEnd).toBe(true);
    expect(entry.retries ?? 0).toBeLessThanOrEqual(mostRetries);
    if (entry.retryAt !== undefined) expect(entry).toMatchObject({ bakeStatus: 'Deploying', trigger: 'Automatic' });
    if (entry.trigger !== 'Automatic') expect(entry).not.toHaveProperty('retries');
    if (entry.rolledBackBy !== undefined) expect(world.ledger.get(entry.rolledBackBy)?.rollbackOf).toBe(entry.id);
  }

  // The targets are told what the record says, and nothing else.
  expect(plan.desired).toBe(newest?.version.tag);
  // I8: a Rollout that stands still says why.
  expect(plan.reasons.length).toBeGreaterThan(0);
  for (const { message } of plan.reasons) expect(message).not.toBe('');
  // I10: it is never woken in the past, nor at once without something to do.
  if (plan.requeueAt !== undefined) {
    expect(Temporal.Instant.compare(plan.requeueAt, scenario.now)).toBeGreaterThanOrEqual(0);
  }
}

const mostRetries = 3;

function isSequential({ rollout }: Scenario): boolean {
  return rollout.spec.releaseOrder === 'Sequential';
}

/** Releases older than the new one and newer than the one before it, which nothing forbids. */
function passedOver(
  { version, id }: HistoryEntry,
  before: Rollout,
  { tags, failed, revoked, ceiling, scenario }: World,
) {
  const previous = scenario.history.find((entry) => entry.id === (id ?? 0) - 1);
  const from = Math.max(minor(previous?.version.tag ?? ''), ceiling ?? -1);
  const rejected = new Set<string>(
    (scenario.rollout.status?.rejectedReleases ?? before.status?.rejectedReleases)?.map(({ tag }) => tag),
  );
  return tags.filter((tag) => {
    const isBetween = minor(tag) > from && minor(tag) < minor(version.tag);
    return isBetween && !failed.has(tag) && !revoked.has(tag) && !rejected.has(tag);
  });
}

/** Automation's own, and what a person asked it to take: both are for gates, freezes and health to judge. */
function isJudged({ trigger, message = '', rollbackOf }: HistoryEntry, { rollout }: Scenario): boolean {
  if (trigger === 'Automatic') return true;
  if (trigger !== 'Manual' || rollout.spec.wantedVersion) return false;
  return rollbackOf === undefined && !message.includes('with force deploy');
}

function ceilingAfter(entry: HistoryEntry, { rollout }: Scenario, world: World): number | undefined {
  if (entry.trigger === 'Rollback') return minor(world.ledger.get(entry.rollbackOf ?? 0)?.version.tag ?? '');
  const forced = entry.trigger === 'Manual' && !rollout.spec.wantedVersion;
  return forced ? Math.max(...(rollout.status?.availableReleases ?? []).map(({ tag }) => minor(tag))) : undefined;
}

/** I7 and I10: with nothing new, looking again soon ends in silence: same status, no event, no wake-up at this instant. */
function settles(world: World): void {
  const { scenario } = world;
  for (let look = 0; look < 4; look++) {
    const before = scenario.rollout;
    const plan = world.look();
    inspect(world, before, plan);
    const quiet = plan.status === before.status && plan.events.length === 0 && plan.consume.length === 0;
    if (quiet) {
      const due = plan.requeueAt === undefined || Temporal.Instant.compare(plan.requeueAt, scenario.now) > 0;
      expect(due).toBe(true);
      return;
    }
  }
  expect.unreachable('the Rollout does not come to rest');
}

/** A good version runs, and a newer one, which automation or a person deployed, has failed. */
function incident({ newer, forced, pinned }: { newer: number; forced: boolean; pinned: boolean }): Step[] {
  const healthy: Step = { do: 'health', status: 'Healthy', fresh: true };
  return [
    { do: 'release' },
    healthy,
    { do: 'wait', seconds: 700 },
    { do: 'gate', passing: false, allow: undefined },
    ...Array.from({ length: newer }, (): Step => ({ do: 'release' })),
    ...(forced ? [{ do: 'force', index: newer } as const] : []),
    { do: 'remove-gate' },
    { do: 'wait', seconds: 1 },
    { do: 'health', status: 'Unhealthy', fresh: true },
    ...(pinned ? [{ do: 'pin', index: 0 } as const] : []),
    healthy,
    { do: 'wait', seconds: 700 },
    { do: 'pin', index: undefined },
  ];
}

const runs = Number(process.env['KUBERIK_PROPERTY_RUNS'] ?? 250);

describe('invariants', () => {
  it('hold after an incident', () => {
    const story = fc.record({ newer: fc.integer({ min: 1, max: 3 }), forced: fc.boolean(), pinned: fc.boolean() });
    const afterwards = fc.array(step, { maxLength: 20, size: 'max' });
    fc.assert(
      fc.property(options, story, afterwards, (spec, told, steps) => {
        const world = new World({ ...spec, bakeTime: '5m', checks: true });
        for (const one of [...incident(told), ...steps]) check(world, one);
      }),
      { numRuns: runs },
    );
  });

  it('hold in any world', () => {
    fc.assert(
      fc.property(options, fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (spec, steps) => {
        const world = new World(spec);
        for (const one of steps) check(world, one);
      }),
      { numRuns: runs },
    );
  });

  it('reads back every instant it writes', () => {
    const world = new Scenario({ spec: { bakeTime: '1m' } }).latest('1.0.0');
    world.look();
    expect(instantOf(world.newest.timestamp)).toEqual(world.now);
  });
});
