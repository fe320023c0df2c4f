/** A schedule that cannot be understood, and gates that cannot be written. */
import { beforeEach, expect, test } from 'vitest';
import { ScheduleWorld } from './testing/fixture.ts';

let world: ScheduleWorld;
beforeEach(() => {
  world = new ScheduleWorld();
});

const leapDay = { dateRange: { start: '2025-02-28', end: '2025-02-29' } };
const operator = { matchExpressions: [{ key: 'app', operator: 'Like', values: ['shop'] }] };

const faults = [
  ['a zone', { timezone: 'Mars/Base' }, 'spec.timezone: "Mars/Base" is not a time zone of the IANA database'],
  ['a date', { rules: [leapDay] }, 'spec.rules[0].dateRange.end: "2025-02-29" is not a day of the calendar'],
  ['a selector', { rolloutSelector: operator }, 'spec.rolloutSelector: "Like" is not an operator'],
] as const;

test.each(faults)('%s that is wrong closes the gates of Allow, in words and for good', async (_what, spec, text) => {
  world.rollout('shop');
  world.schedule({ action: 'Allow' });
  await world.advance('PT1H');
  expect(world.said()).toEqual(['default/shop open 2025-01-01T17:00:00Z']);
  world.schedule({ action: 'Allow', ...spec });
  await world.settle();
  expect(world.said()).toEqual(['default/shop closed for ever']);
  expect(world.ready()).toContain(`False InvalidSpec ${text}`);
  expect(world.ready()).toContain('; its gates are closed until it is corrected');
  expect(world.status()).not.toHaveProperty('active');
  expect(world.status()).not.toHaveProperty('nextTransition');
  expect(world.events).toEqual([expect.stringContaining(`InvalidSpec ${text}`)]);
  await world.restart();
  await world.advance('P7D');
  expect(world.events).toHaveLength(1);
  world.schedule({ action: 'Allow' });
  await world.settle();
  expect(world.said()).toEqual(['default/shop open 2025-01-08T17:00:00Z']);
});

test.each(faults)('%s that is wrong leaves the gates of Deny as they are', async (_what, spec, text) => {
  world.rollout('shop');
  world.schedule({});
  await world.settle();
  world.written();
  world.schedule(spec);
  await world.settle();
  expect(world.said()).toEqual(['default/shop open 2025-01-01T09:00:00Z']);
  expect(world.written()).toEqual(['replace RolloutSchedule/default/window status']);
  expect(world.ready()).toContain(`False InvalidSpec ${text}`);
  expect(world.events).toHaveLength(1);
  await world.advance('P7D');
  expect(world.written()).toEqual([]);
});

test('a new Rollout is not free while nobody knows its Allow schedule', async () => {
  world.schedule({ action: 'Allow', timezone: 'Mars/Base' });
  world.rollout('shop');
  await world.settle();
  expect(world.said()).toEqual(['default/shop closed for ever']);
});

test('another fault is another event', async () => {
  world.rollout('shop');
  world.schedule({ timezone: 'Mars/Base' });
  await world.settle();
  world.schedule({ timezone: 'Venus/Base' });
  await world.settle();
  expect(world.events).toHaveLength(2);
});

test('a namespace selector that is wrong is a fault too', async () => {
  world.rollout('shop');
  world.clusterSchedule({});
  await world.settle();
  world.clusterSchedule({ namespaceSelector: operator });
  await world.settle();
  expect(world.ready('ClusterRolloutSchedule')).toContain('False InvalidSpec spec.namespaceSelector: "Like"');
  expect(world.gates()).toHaveLength(1);
});

test('a gate that is refused holds up no other, is said once, and is tried again ever more seldom', async () => {
  for (const name of ['api', 'shop', 'web']) world.rollout(name);
  world.schedule({});
  await world.settle();
  const refused = world.gates().find(({ spec }) => spec.rolloutRef.name === 'shop')!.metadata.name;
  for (let attempt = 0; attempt < 500; attempt++) {
    world.cluster.refuse(new RegExp(`^replace RolloutGate/default/${refused}`), 403);
  }
  await world.advance('PT1H');
  expect(world.said()).toEqual([
    'default/api closed 2025-01-01T17:00:00Z',
    'default/shop open 2025-01-01T09:00:00Z',
    'default/web closed 2025-01-01T17:00:00Z',
  ]);
  expect(world.ready()).toContain(`False GatesFailed RolloutGate default/${refused} cannot be written: `);
  expect(world.status().managedGates).toHaveLength(3);
  const looks = world.looks;
  await world.advance('PT1H');
  expect(world.looks - looks).toBeLessThan(25);
  expect(world.events).toHaveLength(1);
  // The others are on time although one of them fails.
  await world.advance('PT7H');
  expect(world.said()).toEqual(expect.arrayContaining(['default/web open 2025-01-02T09:00:00Z']));
});

test('a gate that was refused is written when it is allowed', async () => {
  world.rollout('shop');
  world.cluster.refuse(/^create RolloutGate/, 403);
  world.schedule({});
  await world.settle();
  expect(world.gates()).toEqual([]);
  expect(world.status()).toMatchObject({ matchingRollouts: 1, managedGates: [] });
  await world.advance('PT2S');
  expect(world.said()).toEqual(['default/shop open 2025-01-01T09:00:00Z']);
  expect(world.ready()).toBe('True Evaluated 1 gate is open until 2025-01-01T09:00:00Z');
});

test('losing a race is no fault: nothing is said, and it is tried again', async () => {
  world.rollout('shop');
  world.schedule({});
  await world.settle();
  world.cluster.refuse(/^replace RolloutGate/, 409);
  await expect(world.advance('PT1H')).rejects.toThrow('Refused');
  expect(world.events).toEqual([]);
  expect(world.ready()).toContain('True Evaluated');
  await world.restart();
  expect(world.said()).toEqual(['default/shop closed 2025-01-01T17:00:00Z']);
});
