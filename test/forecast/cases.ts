/** Small worlds for forecasts: what may hold a release, and what somebody might do about it. Everything is on a grid. */
import fc from 'fast-check';
import type { HistoryEntry, RolloutSpec } from '../../src/api/rollout.ts';
import type { RolloutGateSpec } from '../../src/api/rollout-gate.ts';
import type { ScheduleRule } from '../../src/api/schedule.ts';

/** A Saturday: the night after, clocks in Europe are put forward. */
export const START = Temporal.Instant.from('2026-03-28T12:00:00Z');
export const GRID = { minutes: 30 } as const;
export const HOURS = 36;

const grid = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((steps) => START.add({ minutes: steps * GRID.minutes }).toString());

const halfHour = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
const day = fc.constantFrom('2026-03-28', '2026-03-29', '2026-03-30');

const rule: fc.Arbitrary<ScheduleRule> = fc
  .record({
    timeRange: fc.option(fc.record({ start: halfHour, end: halfHour }), { nil: undefined, freq: 4 }),
    daysOfWeek: fc.option(fc.subarray(['Saturday', 'Sunday', 'Monday'] as const, { minLength: 1 }), {
      nil: undefined,
      freq: 2,
    }),
    dateRange: fc.option(
      fc.tuple(day, day).map(([one, other]) => (one < other ? { start: one, end: other } : { start: other, end: one })),
      { nil: undefined, freq: 1 },
    ),
  })
  .map((parts) => JSON.parse(JSON.stringify({ name: 'rule', ...parts })) as ScheduleRule);

const schedule = fc.record({
  action: fc.constantFrom('Allow' as const, 'Deny' as const),
  timezone: fc.constantFrom('UTC', 'Europe/Zagreb', 'America/New_York', 'Asia/Kolkata'),
  rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
});

const gate: fc.Arbitrary<Omit<RolloutGateSpec, 'rolloutRef'>> = fc.oneof(
  fc.record({ passing: fc.boolean() }),
  fc.record({ allowedVersions: fc.subarray(['1.1.0', '1.2.0', '1.3.0']) }),
  fc.record({
    class: fc.constant('manual'),
    approval: fc.record({
      required: fc.integer({ min: 1, max: 2 }),
      expiresAfter: fc.constantFrom('4h', '24h'),
    }),
  }),
);

const approval = fc.record({
  version: fc.constantFrom('1.1.0', '1.2.0'),
  by: fc.constantFrom('alice', 'bob'),
  decision: fc.constantFrom('Approve' as const, 'Approve' as const, 'Reject' as const),
});

export type Deed =
  | { readonly do: 'nothing' }
  | { readonly do: 'approve' | 'open' | 'unpin' }
  | { readonly do: 'push' | 'pin' | 'deploy' | 'force' | 'rollback'; readonly tag: string };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Deed>({ do: 'nothing' }) },
  { weight: 2, arbitrary: fc.constant<Deed>({ do: 'approve' }) },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ do: 'open' }, { do: 'unpin' }) },
  { weight: 2, arbitrary: fc.constant<Deed>({ do: 'push', tag: '1.3.0' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('pin' as const, 'deploy' as const, 'force' as const, 'rollback' as const),
      tag: fc.constantFrom('0.9.0', '1.0.0', '1.1.0', '1.2.0'),
    }),
  },
);

const spec: fc.Arbitrary<Partial<RolloutSpec>> = fc.record({
  bakeTime: fc.constantFrom(undefined, '30m', '3h'),
  deployTimeout: fc.constantFrom(undefined, '1h'),
  failurePolicy: fc.constantFrom('Rollback' as const, 'Halt' as const),
  retryPolicy: fc.constantFrom(undefined, undefined, { limit: 1, interval: '30m' }, { limit: 2, interval: '1h' }),
  releaseOrder: fc.constantFrom(undefined, undefined, 'Sequential' as const),
  wantedVersion: fc.option(fc.constantFrom('1.0.0', '1.1.0'), { nil: undefined, freq: 1 }),
});

type Entry = Pick<HistoryEntry, 'bakeStatus'> & { readonly tag: string };

export const generated = fc.record({
  spec,
  /** Newest first. */
  history: fc.constantFrom<readonly Entry[]>(
    [{ tag: '1.0.0', bakeStatus: 'Succeeded' }],
    [
      { tag: '1.0.0', bakeStatus: 'Succeeded' },
      { tag: '0.9.0', bakeStatus: 'Succeeded' },
    ],
    [
      { tag: '1.1.0', bakeStatus: 'InProgress' },
      { tag: '1.0.0', bakeStatus: 'Succeeded' },
    ],
    [
      { tag: '1.1.0', bakeStatus: 'Failed' },
      { tag: '1.0.0', bakeStatus: 'Succeeded' },
    ],
  ),
  tags: fc.constantFrom<readonly string[]>(
    ['0.9.0', '1.0.0'],
    ['0.9.0', '1.0.0', '1.1.0'],
    ['0.9.0', '1.0.0', '1.1.0', '1.2.0'],
  ),
  check: fc.constantFrom(undefined, 'Healthy' as const, 'Healthy' as const, 'Unhealthy' as const),
  gates: fc.array(gate, { maxLength: 2 }),
  approvals: fc.array(approval, { maxLength: 3 }),
  schedules: fc.array(schedule, { maxLength: 2 }),
  freeze: fc.option(fc.option(grid(1, 2 * HOURS), { nil: undefined, freq: 4 }), { nil: null, freq: 1 }),
  deed,
});
export type Case = typeof generated extends fc.Arbitrary<infer T> ? T : never;

/** Always the same ones. */
export function cases(count: number): readonly Case[] {
  return fc.sample(generated, { numRuns: count, seed: 20260328 });
}
