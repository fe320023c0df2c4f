import { beforeEach, describe, expect, test } from 'vitest';
import { keyOf } from '../../api/meta.ts';
import { computeStatus } from '../../kube/kstatus/compute-status.ts';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { driveControllers } from '../testing/controller-driver.ts';
import { createMemoryCluster } from '../testing/memory-cluster.ts';
import { createMemoryRegistry } from '../testing/memory-registry.ts';
import { workloadControllers } from './controllers.ts';
import { AFTER, imageOutcomes, OUTCOME } from './outcome.ts';
import { type ContainerStatus, type Deployment, type Job, Pod, type ReplicaSet } from './types.ts';

const host = '127.0.0.1:5000';

function setUp() {
  const clock = createFakeClock();
  const cluster = createMemoryCluster(clock);
  const registry = createMemoryRegistry();
  const { client, reader } = cluster;
  const outcomeOf = imageOutcomes(registry.annotationsOf, (image) => image.startsWith(host));
  const driver = driveControllers(cluster, workloadControllers({ client, reader, clock, outcomeOf }), clock);
  return { clock, cluster, registry, driver };
}

type Template = { readonly image?: string; readonly annotations?: Record<string, string> };
const template = ({ image = 'example/web:1', annotations }: Template) => ({
  metadata: { labels: { app: 'web' }, ...(annotations && { annotations }) },
  spec: { containers: [{ name: 'web', image }] },
});
const identity = { name: 'web', namespace: 'default' };

let world: ReturnType<typeof setUp>;
const putDeployment = (pods: Template = {}, spec: Record<string, unknown> = {}) => {
  world.cluster.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: identity,
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      progressDeadlineSeconds: 60,
      template: template(pods),
      ...spec,
    },
  });
};
const deployment = () =>
  world.cluster.find('Deployment', 'web') as Deployment & { status: Required<NonNullable<Deployment['status']>> };
const condition = (type: string) => deployment().status.conditions.find((c) => c.type === type)!;
const kstatus = () => computeStatus(deployment(), world.clock.now()).status;
type PodView = Pod & { status: { phase: string; containerStatuses: [Required<ContainerStatus>] } };
const pods = () => world.cluster.all('Pod') as PodView[];
const sets = () =>
  (world.cluster.all('ReplicaSet') as ReplicaSet[]).map(({ spec, metadata }) => [
    spec.replicas,
    metadata.annotations?.['deployment.kubernetes.io/revision'],
  ]);

beforeEach(() => {
  world = setUp();
});

describe('Deployment', () => {
  test('three replicas are available at once, with a handful of writes, and then nothing is written', async () => {
    putDeployment();
    await world.driver.settle();
    expect(deployment().status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 0,
    });
    expect(condition('Available')).toMatchObject({ status: 'True', reason: 'MinimumReplicasAvailable' });
    expect(condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
    expect(kstatus()).toBe('Current');
    expect(world.cluster.writes.length).toBeLessThan(20);
    const before = world.cluster.writes.length;
    await world.driver.advance(24 * 3_600_000);
    expect(world.cluster.writes.length).toBe(before);
  });

  test('rolls to a new template without falling below what must be available', async () => {
    putDeployment();
    await world.driver.settle();
    putDeployment({ image: 'example/web:2' });
    await world.driver.settle();
    expect(pods().map((pod) => pod.spec.containers[0]?.image)).toEqual(Array(3).fill('example/web:2'));
    expect(kstatus()).toBe('Current');
    const versions = world.cluster.history.filter(({ kind }) => kind === 'Deployment') as Deployment[];
    const available = versions.flatMap(({ status }) =>
      status?.conditions?.[0]?.status === 'True' ? [status.availableReplicas ?? 0] : [],
    );
    expect(Math.min(...available)).toBeGreaterThanOrEqual(3);
    expect(sets()).toEqual([
      [0, '1'],
      [3, '2'],
    ]);
    putDeployment();
    await world.driver.settle();
    expect(sets()).toEqual([
      [3, '3'],
      [0, '2'],
    ]);
  });

  test('a crashing version keeps the old pods, and passes its deadline', async () => {
    putDeployment();
    await world.driver.settle();
    putDeployment({ annotations: { [OUTCOME]: 'crash' } });
    await world.driver.settle();
    expect(deployment().status).toMatchObject({ availableReplicas: 3, updatedReplicas: 1, replicas: 4 });
    expect(kstatus()).toBe('InProgress');
    const broken = pods().find((pod) => pod.status.containerStatuses[0].state.waiting)!;
    expect(broken.status.containerStatuses[0]).toMatchObject({
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    expect(computeStatus(broken, world.clock.now()).status).toBe('Failed');
    await world.driver.advance(59_000);
    expect(condition('Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
    await world.driver.advance(1_000);
    expect(condition('Progressing')).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(kstatus()).toBe('Failed');
    putDeployment();
    await world.driver.settle();
    expect(kstatus()).toBe('Current');
    expect(pods()).toHaveLength(3);
  });

  test('restarts of a crashing container grow to a bound and then nothing is written', async () => {
    putDeployment({ annotations: { [OUTCOME]: 'crash', [AFTER]: '5s' } }, { replicas: 1 });
    await world.driver.settle();
    expect(pods()[0]!.status.containerStatuses[0]).toMatchObject({ ready: true });
    await world.driver.advance(5_000);
    expect(pods()[0]!.status.containerStatuses[0]).toMatchObject({ restartCount: 1 });
    await world.driver.advance(10_000);
    expect(pods()[0]!.status.containerStatuses[0]).toMatchObject({ restartCount: 2 });
    await world.driver.advance(3_600_000);
    expect(pods()[0]!.status.containerStatuses[0]).toMatchObject({ restartCount: 6 });
    const before = world.cluster.writes.length;
    await world.driver.advance(24 * 3_600_000);
    expect(world.cluster.writes.length).toBe(before);
  });

  test('a version degrades after a minute and the Deployment says so, without a new rollout', async () => {
    world.registry.push(`${host}/web:2`, { annotations: { [OUTCOME]: 'degrade' } });
    putDeployment({ image: `${host}/web:2` });
    await world.driver.settle();
    expect(kstatus()).toBe('Current');
    await world.driver.advance(60_000);
    expect(deployment().status).toMatchObject({ availableReplicas: 0, readyReplicas: 0 });
    expect(condition('Available')).toMatchObject({ status: 'False', reason: 'MinimumReplicasUnavailable' });
    expect(condition('Progressing')).toMatchObject({ reason: 'NewReplicaSetAvailable' });
    expect(kstatus()).toBe('InProgress');
  });

  test('a hanging version never gets ready', async () => {
    world.registry.push(`${host}/web:2`, { annotations: { [OUTCOME]: 'hang' } });
    putDeployment({ image: `${host}/web:2` });
    await world.driver.advance(30_000);
    expect(pods().map((pod) => [pod.status.phase, pod.status.containerStatuses[0].ready])).toEqual(
      Array(3).fill(['Running', false]),
    );
    expect(deployment().status).toMatchObject({ replicas: 3, readyReplicas: 0 });
  });

  test('an image that is not there is waited for, and started when it is pushed', async () => {
    putDeployment({ image: `${host}/web:9` }, { replicas: 1 });
    await world.driver.settle();
    const reason = () => pods()[0]!.status.containerStatuses[0].state.waiting?.reason;
    expect([pods()[0]!.status.phase, reason()]).toEqual(['Pending', 'ErrImagePull']);
    await world.driver.advance(10_000);
    expect(reason()).toBe('ImagePullBackOff');
    world.registry.push(`${host}/web:9`);
    await world.driver.advance(20_000);
    expect(kstatus()).toBe('Current');
  });

  test('an outcome that is none is reported where a person looks', async () => {
    putDeployment({ annotations: { [OUTCOME]: 'explode' } }, { replicas: 1 });
    await world.driver.settle();
    expect(pods()[0]!.status.containerStatuses[0].state.waiting).toMatchObject({
      reason: 'CreateContainerConfigError',
      message: 'sandbox.kuberik.com/outcome is "explode": write ready, crash, hang or degrade',
    });
  });

  test('scales up and down, to nothing and back', async () => {
    for (const replicas of [1, 7, 2, 0, 4]) {
      putDeployment({}, { replicas });
      await world.driver.settle();
      expect(pods()).toHaveLength(replicas);
      expect(kstatus()).toBe('Current');
    }
  });

  test('Recreate stops the old pods before it starts new ones', async () => {
    const strategy = { type: 'Recreate' };
    putDeployment({}, { strategy });
    await world.driver.settle();
    const before = world.cluster.writes.length;
    putDeployment({ image: 'example/web:2' }, { strategy });
    await world.driver.settle();
    const podWrites = world.cluster.writes.slice(before).filter((line) => /^(create|remove) Pod/.test(line));
    expect(podWrites.map((line) => line.split(' ')[0])).toEqual([
      ...Array(3).fill('remove'),
      ...Array(3).fill('create'),
    ]);
    expect(kstatus()).toBe('Current');
  });

  test('a deleted pod is replaced; minReadySeconds delays availability', async () => {
    putDeployment({}, { minReadySeconds: 10 });
    await world.driver.settle();
    expect(deployment().status).toMatchObject({ readyReplicas: 3, availableReplicas: 0 });
    await world.driver.advance(10_000);
    expect(deployment().status).toMatchObject({ availableReplicas: 3 });
    await world.cluster.client.remove(Pod, keyOf(pods()[0]!));
    await world.driver.advance(10_000);
    expect(deployment().status).toMatchObject({ replicas: 3, availableReplicas: 3 });
  });

  test('keeps at most revisionHistoryLimit old sets', async () => {
    for (let version = 1; version <= 6; version++) {
      putDeployment({ image: `example/web:${version}` }, { revisionHistoryLimit: 2 });
      await world.driver.settle();
    }
    putDeployment({ image: 'example/web:6' }, { revisionHistoryLimit: 2, replicas: 2 });
    await world.driver.settle();
    expect(world.cluster.all('ReplicaSet')).toHaveLength(3);
  });
});

describe('Job', () => {
  const run = (annotations: Record<string, string> = {}, spec: Record<string, unknown> = {}) => {
    world.cluster.put({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job', namespace: 'default' },
      spec: {
        template: {
          metadata: { annotations },
          spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'example/c' }] },
        },
        ...spec,
      },
    });
  };
  const status = () => world.cluster.find('Job', 'job')?.status as Required<NonNullable<Job['status']>>;
  const ended = () => status().conditions.at(-1);

  test('completes', async () => {
    run({}, { completions: 3, parallelism: 2 });
    await world.driver.settle();
    expect(status()).toMatchObject({ succeeded: 3, active: 0, completionTime: '2026-01-01T00:00:00Z' });
    expect(ended()).toMatchObject({ type: 'Complete', status: 'True' });
    expect(pods()).toHaveLength(3);
  });

  test('completes later when told so', async () => {
    run({ [AFTER]: '3s' });
    await world.driver.advance(2_999);
    expect(status()).toMatchObject({ active: 1 });
    await world.driver.advance(1);
    expect(ended()).toMatchObject({ type: 'Complete' });
  });

  test('fails at its backoff limit, with back-off in between', async () => {
    run({ [OUTCOME]: 'crash' }, { backoffLimit: 2 });
    await world.driver.settle();
    expect(status()).toMatchObject({ failed: 1 });
    await world.driver.advance(10_000);
    expect(status()).toMatchObject({ failed: 2 });
    await world.driver.advance(20_000);
    expect(ended()).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
    expect(status().failed).toBe(3);
  });

  test('is stopped at its deadline', async () => {
    run({ [OUTCOME]: 'hang' }, { activeDeadlineSeconds: 4 });
    await world.driver.advance(4_000);
    expect(ended()).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
    expect(pods()).toHaveLength(0);
    expect(status()).toMatchObject({ failed: 1, active: 0 });
  });

  test('is deleted after its time to live', async () => {
    run({}, { ttlSecondsAfterFinished: 100 });
    await world.driver.advance(99_000);
    expect(status()).toBeDefined();
    await world.driver.advance(1_000);
    expect(world.cluster.find('Job', 'job')).toBeUndefined();
    expect(pods()).toHaveLength(0);
  });
});
