/** `schedule` is about schedules on a real API server: what it accepts of them, what upstream left, what a crash leaves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../../src/api/rollout-schedule.ts';
import { eventually } from '../../support/eventually.ts';
import { object, rollout } from '../../support/objects.ts';
import { type ControlPlane, connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import { type ControllerProcess, startController } from '../support/controller.ts';
import type { ClusterSpace } from '../support/space.ts';

let plane: ControlPlane;
let cluster: Cluster;
let controller: ControllerProcess;
const parts = new AsyncDisposableStack();

beforeAll(async () => {
  // As OpenShift's API server: who names an owner must be allowed to keep it from being deleted.
  const apiServerFlags = ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'];
  plane = parts.use(await startControlPlane({ name: 'schedules', workloads: false, apiServerFlags }));
  cluster = parts.use(openClusterAt(connectionTo(plane)));
  controller = parts.use(await startController(connectionTo(plane), 'schedules-controller'));
});
afterAll(() => parts.disposeAsync());

function schedule(
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  annotations: Record<string, string> = {},
) {
  const whole = { rolloutSelector: {}, rules: [{ name: 'freeze' }], ...spec };
  return object('kuberik.com/v1alpha1', 'RolloutSchedule', name, whole, { annotations });
}

async function gatesOf({ client, namespace }: ClusterSpace): Promise<readonly RolloutGate[]> {
  const { items } = await client.list(RolloutGate, { namespace });
  return items.map((item) => RolloutGate.parse(item));
}

/** `rollout open`, in order. */
async function holds(space: ClusterSpace, ...expected: readonly string[]): Promise<void> {
  await eventually(async () => {
    const said = (await gatesOf(space)).map(
      ({ spec }) => `${spec.rolloutRef.name} ${spec.passing === false ? 'closed' : 'open'}`,
    );
    expect(said.sort()).toEqual(expected);
  });
}

test('names of any length are accepted', async () => {
  const space = await cluster.space('long');
  const name = `${'b'.repeat(249)}.end`;
  await space.put(rollout(`${'a'.repeat(240)}.one`), rollout(`${'a'.repeat(240)}.two`), schedule(name));
  await eventually(async () => {
    expect(await gatesOf(space)).toHaveLength(2);
    const { status } = await space.get(RolloutSchedule, name);
    expect(status).toMatchObject({ matchingRollouts: 2, conditions: [{ reason: 'Evaluated' }] });
  });
});

test('gates that upstream wrote are taken over, with texts that it would have left there; second ones go', async () => {
  const space = await cluster.space('upstream');
  const { namespace } = space;
  // Selected later, so that the gates of upstream are there before.
  await space.put(rollout('app'), schedule('window', { rolloutSelector: { matchLabels: { app: 'none' } } }));
  const { uid = '' } = (await space.get(RolloutSchedule, 'window')).metadata;
  const owner = { apiVersion: 'kuberik.com/v1alpha1', kind: 'RolloutSchedule', name: 'window', uid };
  const metadata = {
    namespace,
    labels: {
      'gate.kuberik.com/schedule-name': 'window',
      'gate.kuberik.com/schedule-kind': 'RolloutSchedule',
      'gate.kuberik.com/schedule-namespace': namespace,
      'gate.kuberik.com/rollout-name': 'app',
    },
    annotations: { 'gate.kuberik.com/description': 'dropped since' },
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
  await controller.part.kill('SIGKILL');
  for (const name of ['schedule-gate-1', 'schedule-gate-2']) {
    const gate = object('kuberik.com/v1alpha1', 'RolloutGate', name, { rolloutRef: { name: 'app' }, passing: true });
    await space.client.create(RolloutGate, { ...gate, metadata: { ...metadata, name } }, { fieldManager: 'manager' });
  }
  await space.put(schedule('window', {}, { 'gate.kuberik.com/pretty-name': 'Freeze' }));
  await controller.part.restart();
  await holds(space, 'app closed');
  const [gate] = await gatesOf(space);
  expect(gate?.metadata.name).toMatch(/^schedule-gate-/);
  expect(gate?.metadata.annotations).toEqual({ 'gate.kuberik.com/pretty-name': 'Freeze' });
  expect(gate?.metadata.ownerReferences).toEqual(metadata.ownerReferences);
});

test('what was changed while nobody ran the controller is put right when it is back', async () => {
  const space = await cluster.space('crash');
  const labelled = (name: string, app: string) => {
    const { apiVersion, kind, spec } = rollout(name);
    return { apiVersion, kind, metadata: { name, labels: { app } }, spec };
  };
  const spec = { rolloutSelector: { matchLabels: { app: 'shop' } } };
  await space.put(
    labelled('one', 'shop'),
    labelled('two', 'shop'),
    labelled('three', 'other'),
    schedule('window', spec),
  );
  await holds(space, 'one closed', 'two closed');
  await controller.part.kill('SIGKILL');
  for (const { metadata } of await gatesOf(space)) {
    await space.patch(RolloutGate, metadata.name, { spec: { passing: true }, metadata: { ownerReferences: null } });
  }
  await space.put(labelled('three', 'shop'));
  await space.remove(Rollout, 'two');
  await controller.part.restart();
  await holds(space, 'one closed', 'three closed');
});
