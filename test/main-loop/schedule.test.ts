/** Deployment windows by the clock of the world, and schedules that nobody can understand. */
import { expect, test } from 'vitest';
import { ClusterRolloutSchedule } from '../../src/api/cluster-rollout-schedule.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { type ScheduleRule, type ScheduleStatus, Weekday } from '../../src/api/schedule.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { judgedBy, object, rollout } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

const Event: ResourceType = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  parse: (object) => object as KubeObject,
};

function schedule(rules: readonly ScheduleRule[], more: Readonly<Record<string, unknown>> = {}) {
  return object('kuberik.com/v1alpha1', 'RolloutSchedule', 'window', { rolloutSelector: {}, rules, ...more });
}

/** Waits until the schedule has said this, and every gate is written. */
async function says(space: Space, expected: Partial<ScheduleStatus>): Promise<void> {
  await eventually(async () => {
    const { status } = await space.get(RolloutSchedule, 'window');
    expect(status).toMatchObject({ ...expected, conditions: [{ type: 'Ready', status: 'True', reason: 'Evaluated' }] });
  });
}

async function gatesOf(...spaces: readonly Space[]): Promise<readonly string[]> {
  const lists = await Promise.all(spaces.map(({ client, namespace }) => client.list(RolloutGate, { namespace })));
  return lists
    .flatMap(({ items }) => items.map((item) => RolloutGate.parse(item)))
    .map(({ metadata, spec }) => `${metadata.namespace}/${spec.rolloutRef.name} ${spec.passing} ${metadata.name}`);
}

test.concurrent('a window holds a release, and an edit of the schedule lets it go', async () => {
  const space = await world().space('window');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(schedule([{ name: 'freeze' }]));
  await says(space, { active: true, activeRules: ['freeze'], matchingRollouts: 1 });
  const [gate = ''] = (await space.get(RolloutSchedule, 'window')).status?.managedGates ?? [];
  expect(gate).toMatch(/^window-app-[0-9a-f]{8}$/);
  await space.push('v1.1.0');
  expect(await space.says('GatesPassing', 'False', 'SomeGatesBlocking')).toContain(gate);
  const today = world().clock.now().toZonedDateTimeISO('UTC').dayOfWeek;
  // Neither today nor tomorrow, should it be midnight soon.
  const another = Weekday[(today + 2) % 7];
  await space.put(schedule([{ name: 'freeze', daysOfWeek: another === undefined ? [] : [another] }]));
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await says(space, { active: false, activeRules: [] });
  expect((await space.get(RolloutGate, gate)).spec).toMatchObject({
    passing: true,
    validUntil: expect.any(String) as string,
  });
});

test.concurrent('a release goes out when the window ends, and not before', async () => {
  const space = await world().space('minute');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const zone = 'Asia/Kathmandu';
  const now = world().clock.now().toZonedDateTimeISO(zone);
  const end = now.add({ seconds: 5 }).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
  const timeOf = (time: Temporal.ZonedDateTime): string => time.toPlainTime().toString({ smallestUnit: 'minute' });
  const timeRange = { start: timeOf(end.subtract({ hours: 2 })), end: timeOf(end) };
  await space.put(schedule([{ timeRange }], { timezone: zone }));
  await eventually(async () => {
    expect(await gatesOf(space)).toHaveLength(1);
  });
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic'], 'app', 100_000);
  const [entry] = await space.entries();
  expect(Temporal.Instant.compare(entry?.timestamp ?? '', end.toInstant())).toBeGreaterThanOrEqual(0);
  const [gate = ''] = await gatesOf(space);
  expect(gate).toContain('/app true ');
  await space.remove(RolloutSchedule, 'window');
  await eventually(async () => {
    expect(await gatesOf(space)).toEqual([]);
  });
}, 180_000);

test.concurrent('a schedule of the cluster follows the labels of namespaces', async () => {
  const [one, other] = await Promise.all([world().space('one'), world().space('other')]);
  const name = one.namespace;
  const label = async ({ client, namespace }: Space, value: string | null): Promise<void> => {
    const type = await one.typeOf({ apiVersion: 'v1', kind: 'Namespace' });
    const body = { metadata: { labels: { window: value } } };
    await client.patch(type, { namespace: '', name: namespace }, { type: 'merge', body });
  };
  for (const space of [one, other]) await space.put(rollout('app'));
  const namespaceSelector = { matchLabels: { window: name } };
  const spec = { rolloutSelector: {}, namespaceSelector, rules: [{ name: 'freeze' }] };
  await one.put(object('kuberik.com/v1alpha1', 'ClusterRolloutSchedule', name, spec));
  const holds = async (...spaces: readonly Space[]): Promise<void> => {
    await eventually(async () => {
      const gates = await gatesOf(one, other);
      expect(gates).toEqual(
        spaces.map(({ namespace }) => expect.stringContaining(`${namespace}/app false ${name}-app-`)),
      );
    });
  };
  await label(one, name);
  await holds(one);
  await label(other, name);
  await holds(one, other);
  // The gates come first.
  await eventually(async () => {
    const { status } = await one.client.get(ClusterRolloutSchedule, { namespace: '', name });
    expect(status).toMatchObject({ active: true, matchingRollouts: 2 });
  });
  await label(one, null);
  await holds(other);
  await one.client.remove(ClusterRolloutSchedule, { namespace: '', name });
  await holds();
});

test.concurrent('a Rollout that is made anew outside of a window deploys nothing but what runs', async () => {
  const space = await world().space('anew');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(schedule([{ name: 'freeze' }]));
  await says(space, { active: true, matchingRollouts: 1 });
  await space.push('v1.1.0');
  expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('window');
  await space.remove(Rollout, 'app');
  await eventually(async () => {
    expect(await gatesOf(space)).toEqual([]);
  });
  await space.put(rollout('app', judgedBy('app')));
  expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('window');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Adoption']);
  expect(await space.carried()).toEqual(['v1.0.0']);
});

test.concurrent('a zone that does not exist is named, and closes what was allowed', async () => {
  const space = await world().space('zone');
  await space.put(rollout('app'), schedule([{ name: 'always' }], { action: 'Allow' }));
  await says(space, { active: true });
  await space.put(schedule([{ name: 'always' }], { action: 'Allow', timezone: 'Mars/Base' }));
  await eventually(async () => {
    const { status, metadata } = await space.get(RolloutSchedule, 'window');
    expect(status?.conditions).toMatchObject([
      { status: 'False', reason: 'InvalidSpec', observedGeneration: metadata.generation },
    ]);
    expect(status?.conditions?.[0]?.message).toContain('"Mars/Base" is not a time zone');
    expect(await gatesOf(space)).toEqual([expect.stringContaining('/app false ')]);
  });
  await eventually(async () => {
    const { items } = await space.client.list(Event, { namespace: space.namespace });
    const events = items.map((item) => Event.parse(item)).filter(({ reason }) => reason === 'InvalidSpec');
    const involvedObject = { kind: 'RolloutSchedule', name: 'window' };
    expect(events).toMatchObject([{ type: 'Warning', involvedObject }]);
  });
});

test.concurrent('a gate that was edited or deleted is put right', async () => {
  const space = await world().space('repair');
  await space.put(rollout('app'), schedule([{ name: 'freeze' }]));
  await says(space, { active: true, matchingRollouts: 1 });
  const [name = ''] = (await space.get(RolloutSchedule, 'window')).status?.managedGates ?? [];
  await space.patch(RolloutGate, name, { spec: { passing: true } });
  await eventually(async () => {
    expect((await space.get(RolloutGate, name)).spec.passing).toBe(false);
  });
  await space.remove(RolloutGate, name);
  await eventually(async () => {
    expect((await space.get(RolloutGate, name)).spec.passing).toBe(false);
  });
});
