/** The deck's demo: push, the schedule holds, it opens, deploy, bake. */
import { expect, test } from 'vitest';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { Weekday } from '../../src/api/schedule.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck, gate, judgedBy, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** @param days from today on */
function onlyIn(days: number): object {
  const today = world().clock.now().toZonedDateTimeISO('UTC').dayOfWeek;
  // `Weekday` begins with Monday, which is 1.
  return { daysOfWeek: [Weekday[(today - 1 + days) % 7]] };
}

async function window(space: Space, rule: object): Promise<void> {
  const spec = { rolloutSelector: {}, action: 'Allow', rules: [{ name: 'working-hours', ...rule }] };
  await space.put(object('kuberik.com/v1alpha1', 'RolloutSchedule', 'window', spec));
}

test.concurrent('push, the schedule holds it, it opens, it is deployed, it bakes', async () => {
  const space = await world().space('deck-window');
  await space.application({ ...judgedBy('judge'), bakeTime: '2s' });
  await space.put(foreignCheck('judge'));
  const first = ['v1.0.0 Succeeded Automatic'];
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(first);
  });
  // In three days: neither today nor tomorrow, should it be midnight soon.
  await window(space, onlyIn(3));
  await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
  await space.push('v1.1.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toMatch(
      /RolloutGate window-app-\w+ is closed by RolloutSchedule window until \d{4}-\d\d-\d\dT00:00:00Z/,
    );
  });
  expect(await space.history()).toEqual(first);
  await window(space, {});
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', ...first]);
  });
  const seen = new Set<string>();
  await space.judgeUntil('judge', 'Healthy', async () => {
    const [newest = ''] = await space.history();
    seen.add(newest);
    expect(newest).toBe('v1.1.0 Succeeded Automatic');
  });
  expect(seen).toContain('v1.1.0 InProgress Automatic');
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});

test.concurrent('a window beside a gate of another kind: both must be open, each is named', async () => {
  const space = await world().space('two-gates');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await window(space, onlyIn(3));
  await space.guard(gate('qa', 'app', { passing: false }));
  await eventually(async () => {
    expect((await space.get(RolloutSchedule, 'window')).status).toMatchObject({ active: false, matchingRollouts: 1 });
  });
  await space.push('v1.1.0');
  await eventually(async () => {
    const said = await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
    expect(said).toContain('RolloutGate qa is closed');
    expect(said).toContain('is closed by RolloutSchedule window');
  });
  await window(space, {});
  await eventually(async () => {
    const said = await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
    expect(said).toContain('RolloutGate qa is closed');
    expect(said).not.toContain('RolloutSchedule');
  });
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.patch(RolloutGate, 'qa', { spec: { passing: true } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
