/** A target was deleted and made anew while nobody was looking, and a bake ended well on what carried no version. */
import { expect, it } from 'vitest';
import { parseTag } from '../api/tag.ts';
import { bake } from './bake.ts';
import { at, Scenario } from './testing/scenario.ts';

const now = Temporal.Instant.from('2026-01-01T12:10:00Z');
const entry = {
  id: 1,
  version: { tag: parseTag('1.0.0') },
  timestamp: '2026-01-01T12:00:00Z',
  bakeStatus: 'InProgress',
  bakeStartTime: '2026-01-01T12:00:30Z',
};
const spec = { bakeTime: Temporal.Duration.from({ minutes: 5 }) };

const bakeWith = (target: object) => {
  const targets = [{ kind: 'Kustomization' as const, name: 'app', carries: undefined, ...target }];
  return bake(entry, { spec, checks: [], targets, recovering: false, recoveredAt: undefined }, now).entry.bakeStatus;
};

it.each([
  ['carries nothing', {}, 'InProgress'],
  ['carries another version', { carries: parseTag('0.9.0') }, 'InProgress'],
  ['carries the version', { carries: parseTag('1.0.0') }, 'Succeeded'],
  [
    'refused it a moment ago',
    { fault: { reason: 'TargetFailed' as const, message: 'a webhook says no' } },
    'InProgress',
  ],
  [
    'another Rollout is named for too',
    { contested: true, fault: { reason: 'TargetFailed' as const, message: 'two' } },
    'Succeeded',
  ],
  ['cannot carry it', { fault: { reason: 'TargetOutranked' as const, message: 'a digest' } }, 'Succeeded'],
])('at the end of its bake a target that %s', (_what, target, status) => {
  expect(bakeWith(target)).toBe(status);
});

it.each([
  ['+60s', 'Baking 1.0.0 until 2026-01-05T12:05:00Z'],
  ['+5m', 'Baking 1.0.0; waiting for every target to carry it'],
])('says so when it would be over: %s', (later, message) => {
  const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'InProgress', timestamp: at('+0s'), bakeStartTime: at('+0s') }];
  const world = new Scenario({ spec: { bakeTime: '5m' }, available: ['1.0.0'], history }).target(undefined);
  expect(world.advance(later).look().reasons[0]?.message).toBe(message);
});
