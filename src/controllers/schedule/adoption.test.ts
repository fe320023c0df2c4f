/** Gates that upstream's controller made, and gates that are one too many. */
import { beforeEach, expect, test } from 'vitest';
import { ScheduleWorld } from './testing/fixture.ts';

let world: ScheduleWorld;
beforeEach(() => {
  world = new ScheduleWorld();
});

const labels = {
  'gate.kuberik.com/schedule-name': 'window',
  'gate.kuberik.com/schedule-kind': 'RolloutSchedule',
  'gate.kuberik.com/schedule-namespace': 'default',
  'gate.kuberik.com/rollout-name': 'shop',
};

function ownedBy(uid: string) {
  const owner = { apiVersion: 'kuberik.com/v1alpha1', kind: 'RolloutSchedule', name: 'window', uid };
  return { ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }] };
}

test('a gate with a random name is kept and told until when it counts', async () => {
  world.rollout('shop');
  world.schedule({});
  const owner = ownedBy(world.uid());
  world.gate({ name: 'schedule-gate-x7k2p', labels, ...owner }, { passing: false });
  await world.settle();
  expect(world.onlyGate()).toMatchObject({
    metadata: { name: 'schedule-gate-x7k2p', labels, ...owner },
    spec: { passing: true, validUntil: '2025-01-01T09:00:00Z' },
  });
  expect(world.status().managedGates).toEqual(['schedule-gate-x7k2p']);
});

test('a gate with a random name that loses its labels is still known by its owner', async () => {
  world.rollout('shop');
  world.schedule({});
  world.gate({ name: 'schedule-gate-x7k2p', ...ownedBy(world.uid()) });
  await world.settle();
  expect(world.onlyGate().metadata).toMatchObject({ name: 'schedule-gate-x7k2p', labels });
});

test('of several the oldest is kept, then the first by name, and the others go', async () => {
  world.rollout('shop');
  world.schedule({});
  const owner = ownedBy(world.uid());
  for (const name of ['schedule-gate-c', 'schedule-gate-b']) world.gate({ name, labels, ...owner });
  await world.clock.advance(1000);
  world.gate({ name: 'schedule-gate-a', labels, ...owner });
  await world.settle();
  expect(world.onlyGate().metadata.name).toBe('schedule-gate-b');
  world.written();
  await world.restart();
  expect(world.written()).toEqual([]);
});

test('gates of others are left alone, even if they are for the same Rollout', async () => {
  world.rollout('shop');
  world.schedule({});
  world.gate({ name: 'by-hand' }, { passing: false });
  world.gate({ name: 'of-another', labels: { ...labels, 'gate.kuberik.com/schedule-name': 'another' } });
  world.gate({
    name: 'of-a-cluster',
    labels: { ...labels, 'gate.kuberik.com/schedule-kind': 'ClusterRolloutSchedule' },
  });
  world.gate({ name: 'far', namespace: 'elsewhere', labels });
  await world.settle();
  await world.advance('PT1H');
  const others = world.gates().filter(({ metadata }) => !metadata.name.startsWith('window-'));
  expect(others.map(({ metadata }) => metadata.name).sort()).toEqual(['by-hand', 'far', 'of-a-cluster', 'of-another']);
  for (const gate of others) expect(gate.spec).not.toHaveProperty('validUntil');
  expect(world.gates()).toHaveLength(5);
});

test('a schedule that is made anew takes over the gates of the former one', async () => {
  world.rollout('shop');
  world.schedule({});
  world.gate({ name: 'schedule-gate-x7k2p', labels, ...ownedBy('of-the-former-one') });
  await world.settle();
  expect(world.onlyGate().metadata).toMatchObject({ name: 'schedule-gate-x7k2p', ...ownedBy(world.uid()) });
});

test('other owners of a gate stay', async () => {
  world.rollout('shop');
  world.schedule({});
  const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'other' };
  world.gate({ name: 'schedule-gate-x7k2p', labels, ownerReferences: [other] });
  await world.settle();
  expect(world.onlyGate().metadata.ownerReferences).toEqual([other, ...ownedBy(world.uid()).ownerReferences]);
});
