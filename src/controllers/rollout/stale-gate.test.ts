import { expect, it } from 'vitest';
import { GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME } from '../../api/annotations.ts';
import { RolloutWorld } from './testing/world.ts';

/** As a schedule leaves its gate; nobody evaluates it here. */
function written(world: RolloutWorld, passing: boolean, validUntil: string): void {
  world.put('RolloutGate', 'window-app-1', {
    metadata: { labels: { [GATE_SCHEDULE_NAME]: 'window', [GATE_SCHEDULE_KIND]: 'RolloutSchedule' } },
    spec: { rolloutRef: { name: 'app' }, passing, validUntil },
  });
}

/** 1.0.0 runs at noon, and the gate is open until one o'clock. */
async function running(): Promise<RolloutWorld> {
  const world = new RolloutWorld().release('1.0.0').target('app', '1.0.0');
  await world.settle();
  written(world, true, '2026-01-05T13:00:00Z');
  await world.settle();
  return world;
}

const toOneOClock = 3_600_000;

async function said(world: RolloutWorld, type: string): Promise<string | undefined> {
  return (await world.status()).conditions?.find((condition) => condition.type === type)?.message;
}

it('A12: past the moment that an open gate was computed for, nothing is deployed, and it is said why', async () => {
  const world = await running();
  await world.clock.advance(toOneOClock);
  world.release('1.0.0', '1.1.0');
  await world.settle();
  expect(await world.carries('app')).toBe('1.0.0');
  expect(await said(world, 'Progressing')).toContain(
    'RolloutGate window-app-1 was open until 2026-01-05T13:00:00Z and has not been evaluated since',
  );
});

it('A12: nor by a process that starts then, however long the schedules stay away', async () => {
  const world = await running();
  await world.clock.advance(toOneOClock);
  world.release('1.0.0', '1.1.0').restart();
  await world.settle();
  await world.clock.advance(72 * toOneOClock);
  await world.settle();
  expect(await world.carries('app')).toBe('1.0.0');
  expect((await world.status()).history).toHaveLength(1);
  // The schedule is evaluated again.
  written(world, true, '2026-01-08T17:00:00Z');
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');
});

it('up to that moment it is believed, and what is held until then is looked at when it comes', async () => {
  const world = await running();
  await world.clock.advance(toOneOClock - 1);
  world.release('1.0.0', '1.1.0');
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');

  written(world, false, '2026-01-05T15:00:00Z');
  world.release('1.0.0', '1.1.0', '1.2.0');
  await world.settle();
  await world.clock.advance(3 * toOneOClock);
  await world.settle();
  // A closed gate stays closed: nobody has opened it.
  expect(await world.carries('app')).toBe('1.1.0');
  expect(await said(world, 'Progressing')).toContain('RolloutGate window-app-1 is closed by RolloutSchedule window');
});

it('what closes while the registry is asked holds what the registry knows', async () => {
  const world = await running();
  const { registry } = world;
  const listTags = registry.listTags.bind(registry);
  registry.listTags = async (...question) => {
    written(world, false, '2026-01-05T13:00:00Z');
    return listTags(...question);
  };
  world.release('1.0.0', '1.1.0');
  await world.settle();
  expect(await world.carries('app')).toBe('1.0.0');
});
