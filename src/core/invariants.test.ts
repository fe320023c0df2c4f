/**
 * Random worlds: releases, gates, health, people and crashes in any order. The invariants I1 to I8 and I10 are checked
 * from outside after every look. (I9 is about two environments, and has its tests there.)
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, Rollout } from '../api/rollout.ts';
import { isUnfinished } from './bake.ts';
import type { RolloutPlan } from './plan.ts';
import { Scenario } from './testing/scenario.ts';
import { instantOf } from './time.ts';

type Step =
  | { readonly do: 'release' }
  | { readonly do: 'withdraw' }
  | { readonly do: 'gate'; readonly passing: boolean; readonly allow: number | undefined }
  | { readonly do: 'health'; readonly status: 'Healthy' | 'Unhealthy' | 'Pending'; readonly fresh: boolean }
  | { readonly do: 'force'; readonly index: number }
  | { readonly do: 'pin'; readonly index: number | undefined }
  | { readonly do: 'bypass'; readonly index: number }
  | { readonly do: 'annotate'; readonly key: 'retry' | 'unblock-failed' | 'deploy-user'; readonly value: string }
  | { readonly do: 'fault'; readonly on: boolean }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'crash' };

const index = fc.nat({ max: 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'release' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'withdraw' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('gate' as const),
      passing: fc.boolean(),
      allow: fc.option(index, { nil: undefined }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('health' as const),
      status: fc.constantFrom('Healthy', 'Unhealthy', 'Pending'),
      fresh: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('force' as const), index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pin' as const), index: fc.option(index, { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bypass' as const), index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('annotate' as const),
      key: fc.constantFrom('retry', 'unblock-failed', 'deploy-user'),
      value: fc.constantFrom('true', 'alice'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fault' as const), on: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat({ max: 900 }) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'crash' }) },
);

const options = fc.record({
  bakeTime: fc.constantFrom(undefined, '0s', '1m', '5m'),
  deployTimeout: fc.constantFrom(undefined, '2m', '10m'),
  versionHistoryLimit: fc.constantFrom(1, 2, 10),
  policy: fc.constantFrom('Rollback' as const, 'Halt' as const),
  checks: fc.boolean(),
});

class World {
  readonly scenario: Scenario;
  readonly tags: string[] = [];
  /** Every entry that ever was, by id, as it was first written. */
  readonly ledger = new Map<number, HistoryEntry>();
  #released = 0;

  constructor({
    policy,
    checks,
    ...spec
  }: {
    policy: 'Rollback' | 'Halt';
    checks: boolean;
    bakeTime: string | undefined;
    deployTimeout: string | undefined;
    versionHistoryLimit: number;
  }) {
    const healthCheckSelector = checks ? { healthCheckSelector: { matchLabels: { app: 'test-app' } } } : {};
    this.scenario = new Scenario({ policy, spec: { ...spec, ...healthCheckSelector } }).target('0.0.0');
    if (checks) this.scenario.check('hc', {});
  }

  #tag(position: number): string {
    return this.tags[position % Math.max(this.tags.length, 1)] ?? '1.0.0';
  }

  act(step: Step): RolloutPlan {
    const { scenario } = this;
    const now = scenario.now.toString();
    switch (step.do) {
      case 'release':
        this.tags.push(`1.${this.#released++}.0`);
        scenario.registry(...this.tags);
        break;
      case 'withdraw':
        this.tags.pop();
        scenario.registry(...this.tags);
        break;
      case 'gate':
        scenario.gate('gate', {
          passing: step.passing,
          ...(step.allow !== undefined && { allowedVersions: [this.#tag(step.allow)] }),
        });
        break;
      case 'health':
        if (scenario.checks.length === 0) break;
        scenario.check('hc', {
          status: step.status,
          lastChangeTime: now,
          ...(step.status === 'Unhealthy' && { lastErrorTime: step.fresh ? now : '2020-01-01T00:00:00Z' }),
        });
        break;
      case 'force':
        scenario.annotate({ 'rollout.kuberik.com/force-deploy': this.#tag(step.index) });
        break;
      case 'pin':
        scenario.spec({ wantedVersion: step.index === undefined ? undefined : this.#tag(step.index) });
        break;
      case 'bypass':
        scenario.annotate({ 'rollout.kuberik.com/bypass-gates': this.#tag(step.index) });
        break;
      case 'annotate':
        scenario.annotate({ [`rollout.kuberik.com/${step.key}`]: step.value });
        break;
      case 'fault':
        scenario.target(
          scenario.targets[0]?.carries,
          step.on ? { fault: { reason: 'TargetFailed', message: 'Kustomization apps/app: forbidden' } } : {},
        );
        break;
      case 'wait':
        scenario.now = scenario.now.add({ seconds: step.seconds });
        break;
      case 'crash':
        return scenario.look({ crashBeforeConsuming: true });
    }
    return scenario.look();
  }
}

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

  // I2: at most one unfinished deployment, the newest.
  expect(history.slice(1).filter(isUnfinished)).toEqual([]);

  for (const entry of added) {
    // I1: automation passes no closed gate and starts nothing into bad health, the first deployment excepted.
    if (entry.trigger === 'Automatic' && known.size > 0) {
      const bypassed = entry.message?.includes('with gate bypass') === true;
      for (const { spec } of bypassed ? [] : scenario.gates) {
        expect(spec.passing).not.toBe(false);
        if (spec.allowedVersions !== undefined) expect(spec.allowedVersions).toContain(entry.version.tag);
      }
      expect(scenario.checks.some(({ status }) => status?.status === 'Unhealthy')).toBe(false);
      // I6: what failed here is not chosen by automation again.
      expect((before.status?.rejectedReleases ?? []).map(({ tag }) => tag)).not.toContain(entry.version.tag);
    }
    // I4: automation takes over from a forced or rolled back version with something newer than all that was known then.
    const previous = before.status?.history?.[0];
    if (entry.trigger === 'Automatic' && previous?.resumeAfter !== undefined) {
      expect(minor(entry.version.tag)).toBeGreaterThan(minor(previous.resumeAfter));
    }
    // I5: back only to what finished its bake here, from an automatic deployment, once.
    if (entry.trigger === 'Rollback') {
      const failed = world.ledger.get(entry.rollbackOf ?? 0);
      expect(failed?.trigger).toBe('Automatic');
      const succeeded = (before.status?.history ?? []).filter(({ bakeStatus }) => bakeStatus === 'Succeeded');
      expect(succeeded.map(({ version }) => version.tag)).toContain(entry.version.tag);
      expect([...world.ledger.values()].filter(({ rollbackOf }) => rollbackOf === entry.rollbackOf)).toHaveLength(1);
    }
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

/** I7 and I10: with nothing new, looking again soon ends in silence: same status, no event, no wake-up at this instant. */
function settles(world: World): void {
  const { scenario } = world;
  for (let look = 0; look < 4; look++) {
    const before = scenario.rollout;
    const plan = scenario.look();
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

function minor(tag: string): number {
  return Number(tag.split('.')[1]);
}

describe('invariants', () => {
  it('hold in any world', () => {
    fc.assert(
      fc.property(options, fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (spec, steps) => {
        const world = new World(spec);
        for (const one of steps) check(world, one);
      }),
      { numRuns: Number(process.env['KUBERIK_PROPERTY_RUNS'] ?? 300) },
    );
  });

  it('reads back every instant it writes', () => {
    const world = new Scenario({ spec: { bakeTime: '1m' } }).latest('1.0.0');
    world.look();
    expect(instantOf(world.newest.timestamp)).toEqual(world.now);
  });
});
