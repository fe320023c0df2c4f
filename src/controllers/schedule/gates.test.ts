/** What becomes of gates by the clock, and by people. */
import { beforeEach, expect, test } from 'vitest';
import { GATE_DESCRIPTION, GATE_PRETTY_NAME } from '../../api/annotations.ts';
import { ScheduleWorld } from './testing/fixture.ts';

let world: ScheduleWorld;
beforeEach(() => {
  world = new ScheduleWorld();
});

const annotations = { [GATE_PRETTY_NAME]: 'Office hours', [GATE_DESCRIPTION]: 'Ask Jane', other: 'not copied' };

test('each Rollout that is selected gets a gate that names whose it is', async () => {
  for (const [name, labels] of Object.entries({
    shop: { app: 'shop' },
    api: { app: 'shop' },
    other: { app: 'other' },
  })) {
    world.rollout(name, labels);
  }
  world.rollout('shop', { app: 'shop' }, 'elsewhere');
  world.schedule({ action: 'Allow' }, { annotations });
  await world.settle();
  expect(world.said()).toEqual(['default/api closed 2025-01-01T09:00:00Z', 'default/shop closed 2025-01-01T09:00:00Z']);
  const gate = world.gates().find(({ spec }) => spec.rolloutRef.name === 'shop');
  expect(gate?.metadata).toMatchObject({
    name: expect.stringMatching(/^window-shop-[0-9a-f]{8}$/),
    labels: {
      'gate.kuberik.com/schedule-name': 'window',
      'gate.kuberik.com/schedule-kind': 'RolloutSchedule',
      'gate.kuberik.com/schedule-namespace': 'default',
      'gate.kuberik.com/rollout-name': 'shop',
    },
    ownerReferences: [
      {
        apiVersion: 'kuberik.com/v1alpha1',
        kind: 'RolloutSchedule',
        name: 'window',
        uid: world.uid(),
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  });
  expect(gate?.metadata.annotations).toEqual({ [GATE_PRETTY_NAME]: 'Office hours', [GATE_DESCRIPTION]: 'Ask Jane' });
  expect(world.status()).toMatchObject({
    active: false,
    activeRules: [],
    nextTransition: '2025-01-01T09:00:00Z',
    matchingRollouts: 2,
    managedGates: world.gates().map(({ metadata }) => metadata.name),
  });
  expect(world.ready()).toBe('True Evaluated 2 gates are closed until 2025-01-01T09:00:00Z');
  expect(world.events).toEqual([]);
});

test('a transition costs one write for the gate and one for the status, and nothing happens before it', async () => {
  world.rollout('shop');
  world.schedule({});
  await world.settle();
  expect(world.said()).toEqual(['default/shop open 2025-01-01T09:00:00Z']);
  world.written();
  const looks = world.looks;
  await world.advance('PT59M59.999S');
  expect(world.looks).toBe(looks);
  await world.advance('PT0.001S');
  expect(world.said()).toEqual(['default/shop closed 2025-01-01T17:00:00Z']);
  const { name } = world.onlyGate().metadata;
  const writes = [`replace RolloutGate/default/${name}`, 'replace RolloutSchedule/default/window status'];
  expect(world.written()).toEqual(writes);
  expect(world.status()).toMatchObject({ active: true, activeRules: ['office'] });
  await world.advance('P3D');
  // Opened and closed three times, and nothing else.
  expect(world.written()).toEqual(Array.from({ length: 6 }, () => writes).flat());
});

test('a schedule that never changes leaves its gates without an end, and itself alone', async () => {
  world.rollout('shop');
  world.schedule({ rules: [{ name: 'freeze' }] });
  await world.settle();
  expect(world.said()).toEqual(['default/shop closed for ever']);
  expect(world.status()).not.toHaveProperty('nextTransition');
  const looks = world.looks;
  await world.advance('PT20000H');
  expect(world.looks).toBe(looks);
});

test('while nobody runs the controller a gate ends its own opening, and the next one catches up', async () => {
  world.rollout('shop');
  world.schedule({ action: 'Allow' });
  await world.settle();
  await world.advance('PT2H');
  expect(world.said()).toEqual(['default/shop open 2025-01-01T17:00:00Z']);
  await world.clock.advance(12 * 3_600_000);
  expect(world.said()).toEqual(['default/shop open 2025-01-01T17:00:00Z']);
  await world.restart();
  expect(world.said()).toEqual(['default/shop closed 2025-01-02T09:00:00Z']);
});

test('an edit of the schedule counts at once', async () => {
  world.rollout('shop');
  world.schedule({}, { annotations });
  await world.settle();
  world.schedule({ rules: [{ daysOfWeek: ['Wednesday'] }] }, { annotations: { other: 'not copied' } });
  await world.settle();
  expect(world.said()).toEqual(['default/shop closed 2025-01-02T00:00:00Z']);
  expect(world.onlyGate().metadata.annotations).toEqual({});
  world.schedule({ action: 'Allow', timezone: 'Asia/Tokyo' }, { annotations });
  await world.settle();
  expect(world.said()).toEqual(['default/shop closed 2025-01-02T00:00:00Z']);
  expect(world.onlyGate().metadata.annotations).toEqual({
    [GATE_PRETTY_NAME]: 'Office hours',
    [GATE_DESCRIPTION]: 'Ask Jane',
  });
});

test('whatever is edited in a gate is put right, and what is not the schedule’s stays', async () => {
  world.rollout('shop');
  world.schedule({}, { annotations });
  await world.settle();
  const gate = world.onlyGate();
  const { labels = {}, ownerReferences = [] } = gate.metadata;
  const edits = [
    { spec: { ...gate.spec, passing: false } },
    { spec: { ...gate.spec, validUntil: '2030-01-01T00:00:00Z' } },
    { spec: { ...gate.spec, rolloutRef: { name: 'other' } } },
    { metadata: { ...gate.metadata, annotations: {} } },
    { metadata: { ...gate.metadata, ownerReferences: [] } },
    { metadata: { ...gate.metadata, ownerReferences: ownerReferences.map((owner) => ({ ...owner, uid: 'former' })) } },
    { metadata: { ...gate.metadata, labels: { ...labels, 'gate.kuberik.com/rollout-name': 'other' } } },
    {
      metadata: { ...gate.metadata, labels: { ...labels, 'gate.kuberik.com/rollout-name': 'other' } },
      spec: { ...gate.spec, rolloutRef: { name: 'other' } },
    },
    { metadata: { ...gate.metadata, labels: {} } },
    { metadata: { ...gate.metadata, labels: {}, ownerReferences: [] } },
  ];
  for (const edit of edits) {
    world.edit(gate, edit);
    await world.settle();
    const { name, uid, labels: before, annotations: texts, ownerReferences: owners } = gate.metadata;
    expect(world.onlyGate().metadata).toMatchObject({
      name,
      uid,
      labels: before,
      annotations: texts,
      ownerReferences: owners,
    });
    expect(world.onlyGate().spec).toEqual(gate.spec);
  }
  const ours = world.onlyGate();
  const mine = { labels: { ...labels, team: 'mine' }, annotations: { ...ours.metadata.annotations, note: 'mine' } };
  world.edit(ours, { metadata: { ...ours.metadata, ...mine }, spec: { ...ours.spec, allowedVersions: ['1.0.0'] } });
  world.written();
  await world.settle();
  expect(world.written()).toEqual([]);
  await world.advance('PT1H');
  expect(world.onlyGate()).toMatchObject({ metadata: mine, spec: { allowedVersions: ['1.0.0'], passing: false } });
});

test('a gate that is deleted comes back under its name', async () => {
  world.rollout('shop');
  world.schedule({});
  await world.settle();
  const gate = world.onlyGate();
  await world.remove(gate);
  await world.settle();
  expect(world.onlyGate().metadata.name).toBe(gate.metadata.name);
  expect(world.onlyGate().metadata.uid).not.toBe(gate.metadata.uid);
});

test('deployments of a Rollout wake nobody', async () => {
  world.rollout('shop');
  world.schedule({});
  world.clusterSchedule({});
  await world.settle();
  const looks = world.looks;
  world.rollout('shop', { app: 'shop' }, 'default', { history: [] });
  await world.settle();
  expect(world.looks).toBe(looks);
});

test('names of any length make names and labels that fit', async () => {
  const long = 'a'.repeat(120);
  world.rollout(`${long}.one`);
  world.rollout(`${long}.two`);
  world.schedule({}, { name: `${'b'.repeat(249)}.end` });
  await world.settle();
  const [one, two, ...others] = world.gates();
  expect(others).toEqual([]);
  expect(one?.metadata.name).not.toBe(two?.metadata.name);
  for (const gate of [one, two]) {
    expect(gate?.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])$/);
    for (const value of Object.values(gate?.metadata.labels ?? {})) {
      expect(value).toMatch(/^[A-Za-z0-9][-A-Za-z0-9_.]{0,61}[A-Za-z0-9]$/);
    }
  }
  expect(one?.metadata.labels).not.toEqual(two?.metadata.labels);
  // They are found again: nothing is written a second time.
  world.written();
  await world.restart();
  expect(world.written()).toEqual([]);
});

test('the gates of two schedules that hyphens make alike are two', async () => {
  world.rollout('b-c');
  world.rollout('c');
  world.schedule({}, { name: 'a' });
  world.schedule({}, { name: 'a-b' });
  await world.settle();
  expect(world.gates()).toHaveLength(4);
});
