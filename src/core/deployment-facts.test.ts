import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, RolloutStatus } from '../api/rollout.ts';
import { parseTag } from '../api/tag.ts';
import { type DeploymentFact, deploymentFacts } from './deployment-facts.ts';
import { options, step, World } from './testing/random-world.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const at = (minutes: number): string => noon.add({ minutes }).toString();

function entry(id: number, tag: string, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const version = { tag: parseTag(tag), created: at(-60) };
  return { id, version, timestamp: at(0), trigger: 'Automatic', bakeStatus: 'Deploying', ...more };
}
/** The newest first. */
const status = (...history: HistoryEntry[]): RolloutStatus => ({ history });
const succeeded = { bakeStatus: 'Succeeded', bakeStartTime: at(1), bakeEndTime: at(6) } as const;
const failed = { bakeStatus: 'Failed', bakeStartTime: at(1), bakeEndTime: at(3) } as const;
const good = entry(1, 'v1', { ...succeeded, timestamp: at(-10), bakeStartTime: at(-9), bakeEndTime: at(-4) });
const began = (more: object = {}) => ({ kind: 'began', trigger: 'Automatic', isRollback: false, ...more });
const ended = (result: string, more: object = {}) => ({ kind: 'ended', trigger: 'Automatic', result, ...more });

interface Case {
  readonly name: string;
  readonly before?: RolloutStatus;
  readonly after: RolloutStatus;
  readonly facts: readonly object[];
}

const cases: readonly Case[] = [
  { name: 'nothing deployed yet', after: {}, facts: [] },
  { name: 'the first deployment', after: status(entry(1, 'v1')), facts: [began({ leadSeconds: 3600 })] },
  {
    name: 'a deployment that nobody judges',
    before: status(good),
    after: status(entry(2, 'v2', { bakeStatus: 'Succeeded' }), good),
    facts: [began({ leadSeconds: 3600 }), ended('Succeeded', { leadSeconds: 3600 })],
  },
  { name: 'a version found running', after: status(entry(1, 'v1', { ...succeeded, trigger: 'Adoption' })), facts: [] },
  {
    name: 'a bake that begins',
    before: status(entry(2, 'v2'), good),
    after: status(entry(2, 'v2', { bakeStatus: 'InProgress', bakeStartTime: at(1) }), good),
    facts: [],
  },
  {
    name: 'a bake that succeeds',
    before: status(entry(2, 'v2', { bakeStatus: 'InProgress', bakeStartTime: at(1) }), good),
    after: status(entry(2, 'v2', succeeded), good),
    facts: [ended('Succeeded', { bakeSeconds: 300, leadSeconds: 3960 })],
  },
  {
    name: 'a failure and the rollback, in one write',
    before: status(entry(2, 'v2', { bakeStatus: 'InProgress', bakeStartTime: at(1) }), good),
    after: status(
      entry(3, 'v1', { trigger: 'Rollback', rollbackOf: 2, timestamp: at(3) }),
      entry(2, 'v2', failed),
      good,
    ),
    facts: [ended('Failed', { bakeSeconds: 120 }), began({ trigger: 'Rollback', isRollback: true })],
  },
  {
    name: 'the end of a rollback restores',
    before: status(entry(3, 'v1', { trigger: 'Rollback', rollbackOf: 2, timestamp: at(3) }), entry(2, 'v2', failed)),
    after: status(
      entry(3, 'v1', { ...succeeded, trigger: 'Rollback', rollbackOf: 2, timestamp: at(3), bakeStartTime: at(4) }),
      entry(2, 'v2', failed),
    ),
    facts: [ended('Succeeded', { trigger: 'Rollback', bakeSeconds: 120, restoreSeconds: 180 })],
  },
  {
    name: 'the first of several failures is what is restored, whatever was cancelled in between',
    before: status(
      entry(4, 'v4'),
      entry(3, 'v3', { bakeStatus: 'Cancelled', bakeEndTime: at(4) }),
      entry(2, 'v2', { ...failed, bakeEndTime: at(2) }),
      entry(1, 'v1', { ...failed, bakeEndTime: at(1) }),
    ),
    after: status(
      entry(4, 'v4', succeeded),
      entry(3, 'v3', { bakeStatus: 'Cancelled', bakeEndTime: at(4) }),
      entry(2, 'v2', { ...failed, bakeEndTime: at(2) }),
      entry(1, 'v1', { ...failed, bakeEndTime: at(1) }),
    ),
    facts: [ended('Succeeded', { bakeSeconds: 300, leadSeconds: 3960, restoreSeconds: 300 })],
  },
  {
    name: 'a person who returns to an earlier version',
    before: status(entry(2, 'v2', succeeded), good),
    after: status(entry(3, 'v1', { trigger: 'Manual', rollbackOf: 2, resumeAfter: parseTag('v2') }), good),
    facts: [began({ trigger: 'Manual', isRollback: true })],
  },
  {
    name: 'a version that ran here before is no change',
    before: status(entry(2, 'v2', succeeded), good),
    after: status(entry(3, 'v1', { trigger: 'Manual' }), entry(2, 'v2', succeeded), good),
    facts: [began({ trigger: 'Manual' })],
  },
  {
    name: 'a deployment that another one replaces',
    before: status(entry(2, 'v2'), good),
    after: status(entry(3, 'v3'), entry(2, 'v2', { bakeStatus: 'Cancelled', bakeEndTime: at(1) }), good),
    facts: [ended('Cancelled'), began({ leadSeconds: 3600 })],
  },
  {
    name: 'a short history drops what the next deployment cancels',
    before: status(entry(2, 'v2')),
    after: status(entry(3, 'v3')),
    facts: [ended('Cancelled'), began({ leadSeconds: 3600 })],
  },
  {
    name: 'a short history drops what was rolled back',
    before: status(entry(2, 'v2')),
    after: status(entry(3, 'v1', { trigger: 'Rollback', rollbackOf: 2 })),
    facts: [ended('Failed'), began({ trigger: 'Rollback', isRollback: true })],
  },
  {
    name: 'an attempt that failed, with another one to come',
    before: status(entry(2, 'v2', { bakeStatus: 'InProgress', bakeStartTime: at(1) }), good),
    after: status(entry(2, 'v2', { retryAt: at(4) }), good),
    facts: [],
  },
  {
    name: 'what a person tries again ends again',
    before: status(entry(2, 'v2', { lastRetryTimestamp: at(4) }), good),
    after: status(entry(2, 'v2', { ...failed, lastRetryTimestamp: at(4) }), good),
    facts: [ended('Failed', { bakeSeconds: 120 })],
  },
  {
    name: 'an image that says 1970, and one of a clock that is ahead',
    after: status(
      entry(2, 'v2', { version: { tag: parseTag('v2'), created: at(5) } }),
      entry(1, 'v1', { ...succeeded, version: { tag: parseTag('v1'), created: '1970-01-01T00:00:00Z' } }),
    ),
    facts: [began(), ended('Succeeded', { bakeSeconds: 300 }), began({ leadSeconds: 0 })],
  },
  {
    name: 'entries of old versions have neither id nor trigger',
    before: status({ version: { tag: parseTag('v1') }, timestamp: at(-9), bakeStatus: 'Deploying' }),
    after: status({
      version: { tag: parseTag('v1') },
      timestamp: at(-9),
      bakeStatus: 'Succeeded',
      triggeredBy: { kind: 'User', name: 'alice' },
    }),
    facts: [ended('Succeeded', { trigger: 'Manual' })],
  },
];

describe('facts of a write', () => {
  it.each(cases)('$name', ({ before, after, facts }) => {
    expect(deploymentFacts(before, after)).toEqual(facts);
  });

  it.each(cases)('$name: no fact twice', ({ after }) => {
    expect(deploymentFacts(after, after)).toEqual([]);
  });

  it('tell of each deployment that it began once, and that it ended once for each time that it was tried', () => {
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 40 }), (choices, steps) => {
        const world = new World(choices);
        const facts: DeploymentFact[] = [];
        const adopted = new Set<number>();
        for (const one of steps) {
          const before = world.scenario.rollout.status;
          world.act(one);
          facts.push(...deploymentFacts(before, world.scenario.rollout.status));
          for (const { id = 0, trigger } of world.scenario.history) if (trigger === 'Adoption') adopted.add(id);
        }
        const began = facts.filter(({ kind }) => kind === 'began').length;
        const ended = facts.length - began;
        const [newest] = world.scenario.history;
        const open = newest?.bakeStatus === 'Deploying' || newest?.bakeStatus === 'InProgress' ? 1 : 0;
        const retries = steps.filter((one) => one.do === 'annotate' && one.key === 'retry').length;
        expect(began).toBe((newest?.id ?? 0) - adopted.size);
        expect(ended).toBeGreaterThanOrEqual(began - open);
        expect(ended).toBeLessThanOrEqual(began - open + retries);
      }),
      { numRuns: 300 },
    );
  });
});
