/** Which Rollouts get a gate, and what becomes of the gates of those that do not any more. */
import { beforeEach, expect, test } from 'vitest';
import { ScheduleWorld } from './testing/fixture.ts';

let world: ScheduleWorld;
beforeEach(() => {
  world = new ScheduleWorld();
  world.namespace('prod', { env: 'prod' });
  world.namespace('dev', { env: 'dev' });
});

const until = '2025-01-01T09:00:00Z';

test('a Rollout that is selected no more, or is gone, loses its gate', async () => {
  for (const name of ['shop', 'api', 'web']) world.rollout(name);
  world.schedule({});
  await world.settle();
  expect(world.gates()).toHaveLength(3);
  world.rollout('shop', { app: 'other' });
  await world.settle();
  expect(world.said()).toEqual([`default/api open ${until}`, `default/web open ${until}`]);
  await world.remove(world.cluster.find('Rollout', 'api')!);
  await world.settle();
  expect(world.said()).toEqual([`default/web open ${until}`]);
  expect(world.status()).toMatchObject({ matchingRollouts: 1, managedGates: [world.onlyGate().metadata.name] });
  world.rollout('shop', { app: 'shop' });
  await world.settle();
  expect(world.said()).toEqual([`default/shop open ${until}`, `default/web open ${until}`]);
});

test('a selector that is edited is a clean-up too; an empty one means every Rollout', async () => {
  world.rollout('shop');
  world.rollout('other', {});
  world.schedule({ rolloutSelector: {} });
  await world.settle();
  expect(world.gates()).toHaveLength(2);
  world.schedule({ rolloutSelector: { matchLabels: { app: 'none' } } });
  await world.settle();
  expect(world.gates()).toEqual([]);
  expect(world.ready()).toBe('True Evaluated It selects no Rollout');
});

test('without a namespace selector a ClusterRolloutSchedule is for every namespace', async () => {
  world.rollout('shop', {}, 'prod');
  world.rollout('shop', {}, 'dev');
  world.rollout('shop', {}, 'of-no-known-namespace');
  world.clusterSchedule({});
  await world.settle();
  const namespaces = ['dev', 'of-no-known-namespace', 'prod'];
  expect(world.said()).toEqual(namespaces.map((namespace) => `${namespace}/shop open ${until}`));
  const names = world.gates().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(world.status('ClusterRolloutSchedule')).toMatchObject({ matchingRollouts: 3, managedGates: names.sort() });
  expect(world.gates()[0]?.metadata.labels).toEqual({
    'gate.kuberik.com/schedule-name': 'window',
    'gate.kuberik.com/schedule-kind': 'ClusterRolloutSchedule',
    'gate.kuberik.com/rollout-name': 'shop',
  });
});

test('a namespace that is labelled gets its gates, and loses them with the label', async () => {
  world.rollout('shop', {}, 'prod');
  world.rollout('shop', {}, 'dev');
  world.clusterSchedule({ namespaceSelector: { matchLabels: { env: 'prod' } } });
  await world.settle();
  expect(world.said()).toEqual([`prod/shop open ${until}`]);
  world.namespace('dev', { env: 'prod' });
  await world.settle();
  expect(world.said()).toEqual([`dev/shop open ${until}`, `prod/shop open ${until}`]);
  world.namespace('prod', {});
  await world.settle();
  expect(world.said()).toEqual([`dev/shop open ${until}`]);
  const looks = world.looks;
  world.namespace('dev', { env: 'prod', team: 'shop' });
  await world.settle();
  expect(world.looks).toBe(looks);
});

test('schedules are independent of each other, and deleting one deletes just its gates', async () => {
  world.rollout('shop', { app: 'shop' }, 'prod');
  world.schedule({}, { namespace: 'prod' });
  world.clusterSchedule({ action: 'Allow' });
  await world.settle();
  expect(world.said()).toEqual([`prod/shop closed ${until}`, `prod/shop open ${until}`]);
  const { apiVersion, kind } = world.cluster.find('RolloutSchedule', 'window', 'prod')!;
  const type = {
    apiVersion,
    kind,
    plural: 'rolloutschedules',
    namespaced: true,
    parse: (object: unknown) => object as never,
  };
  await world.cluster.client.remove(type, { namespace: 'prod', name: 'window' });
  await world.settle();
  expect(world.said()).toEqual([`prod/shop closed ${until}`]);
});

test('a Rollout that no longer fits its schema keeps its gate', async () => {
  world.rollout('shop');
  world.schedule({});
  await world.settle();
  const rollout = world.cluster.find('Rollout', 'shop')!;
  const { list } = world.cluster.reader;
  // As the informers' store: what does not parse is left out of lists.
  world.cluster.reader.list = async (type, options) => (type.kind === 'Rollout' ? [] : list(type, options));
  world.cluster.put({ ...rollout, spec: { releasesImagePolicy: 'app' } });
  await world.restart();
  await world.advance('PT1H');
  expect(world.said()).toEqual(['default/shop closed 2025-01-01T17:00:00Z']);
});
