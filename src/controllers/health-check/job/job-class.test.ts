import { beforeEach, expect, test } from 'vitest';
import { HealthCheck, HealthClass } from '../../../api/health-check.ts';
import { Rollout } from '../../../api/rollout.ts';
import { Job } from '../../../integrations/batch/job.ts';
import { Kustomization } from '../../../integrations/flux/kustomization.ts';
import { ApiStatusError } from '../../../kube/errors.ts';
import { createFakeClock, type FakeClock } from '../../../kube/testing/fake-clock.ts';
import { createMemoryCluster, type MemoryCluster } from '../../../sandbox/testing/memory-cluster.ts';
import { reconcileHealthCheck } from '../reconcile.ts';
import { jobClass } from './job-class.ts';

const noon = '2026-01-01T12:00:00Z';
const key = { namespace: 'team', name: 'smoke' };
let clock: FakeClock;
let cluster: MemoryCluster;

beforeEach(() => {
  clock = createFakeClock(noon);
  cluster = createMemoryCluster(clock);
  const template = { spec: { template: { spec: { containers: [{ name: 'c' }] } } } };
  const labels = { app: 'app' };
  cluster.put({
    apiVersion: HealthCheck.apiVersion,
    kind: HealthCheck.kind,
    metadata: { ...key, labels },
    spec: { class: 'job', job: { template, historyLimit: 1 } },
  });
  deploy('v1.0.0');
});

function deploy(tag: string, timestamp = noon): void {
  cluster.put({
    apiVersion: Rollout.apiVersion,
    kind: Rollout.kind,
    metadata: { namespace: 'team', name: 'app' },
    spec: { releasesImagePolicy: { name: 'app' }, healthCheckSelector: { matchLabels: { app: 'app' } } },
    status: { history: [{ id: 1, version: { tag }, timestamp }] },
  });
}

/** As often as its own writes would wake it. @returns in how many seconds it looks again by itself */
async function look(): Promise<number | undefined> {
  const { client, reader } = cluster;
  const live = {
    ...reader,
    get: (...request: Parameters<typeof reader.get>) => {
      requests.push(request[0].kind);
      return reader.get(...request);
    },
  } as typeof reader;
  const classes = new Map([[HealthClass.Job, jobClass({ client, reader, live, clock })]]);
  const context = { client, reader, classes, clock, events: { record: () => undefined } };
  await reconcileHealthCheck(context, key, new AbortController().signal);
  const { requeueAt } = await reconcileHealthCheck(context, key, new AbortController().signal);
  return requeueAt === undefined ? undefined : clock.now().until(requeueAt).total('seconds');
}
const requests: string[] = [];

const status = () => HealthCheck.parse(cluster.find('HealthCheck', 'smoke', 'team')).status;
const jobs = () => cluster.all('Job').map((job) => Job.parse(job));

function end(type: 'Complete' | 'Failed', lastTransitionTime = clock.now().toString()): void {
  const [job] = jobs().toReversed();
  if (job === undefined) throw new Error('no Job');
  const conditions = [{ type, status: 'True', reason: 'Because', message: 'of this', lastTransitionTime }];
  cluster.put({ ...job, status: { startTime: noon, conditions } });
}

test.each([400, 403, 422])(
  'a refusal with %i says nothing about the version, and is tried again ever later',
  async (code) => {
    const waits: (number | undefined)[] = [];
    for (let tries = 0; tries < 8; tries++) {
      cluster.refuse(/^create Job/, code);
      cluster.refuse(/^create Job/, code);
      const wait = await look();
      waits.push(wait);
      expect(status()).toMatchObject({
        status: 'Pending',
        conditions: [{ type: 'Ready', status: 'False', reason: 'JobRefused' }],
      });
      await clock.advance((wait ?? 0) * 1000);
    }
    expect(waits).toEqual([5, 5, 10, 20, 40, 80, 160, 300]);
    await look();
    expect(jobs()).toHaveLength(1);
    expect(status()?.conditions).toMatchObject([{ type: 'Ready', status: 'True' }]);
  },
);

test.each([401, 409, 429, 500, 503])(
  'an API server that answers %i is asked again, and nothing is said',
  async (code) => {
    cluster.refuse(/^create Job/, code);
    await expect(look()).rejects.toThrow(ApiStatusError);
    expect(status()?.status).toBeUndefined();
    await look();
    expect(jobs()).toHaveLength(1);
  },
);

test('a Job that was made before a crash is ours, one of somebody else is told and left alone', async () => {
  await look();
  const [made] = jobs();
  const check = cluster.find('HealthCheck', 'smoke', 'team');
  cluster.put({ ...check, status: {} } as never);
  await look();
  expect(jobs()).toEqual([made]);
  expect(status()).toMatchObject({ status: 'Pending', jobName: made?.metadata.name });

  const [reference] = made?.metadata.ownerReferences ?? [];
  const ownerReferences = [{ ...reference, uid: 'of an earlier check of this name' }];
  cluster.put({ ...made, metadata: { ...made?.metadata, ownerReferences } } as never);
  cluster.put({ ...check, status: {} } as never);
  await look();
  expect(status()?.message).toContain('is there already and does not belong to this check');
  expect(status()?.conditions).toMatchObject([{ status: 'False', reason: 'JobRefused' }]);
});

test('there is no Job before Flux has applied what was deployed', async () => {
  const flux = (VERSION: string, observedGeneration: number): void => {
    const ready = { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', observedGeneration };
    cluster.put({
      apiVersion: Kustomization.apiVersion,
      kind: Kustomization.kind,
      metadata: {
        namespace: 'team',
        name: 'app',
        annotations: { 'rollout.kuberik.com/substitute.VERSION.from': 'app' },
      },
      spec: { postBuild: { substitute: { VERSION } } },
      status: { observedGeneration, conditions: [ready] },
    });
  };
  flux('v0.9.0', 1);
  await look();
  expect(status()).toMatchObject({ status: 'Pending', message: 'Waiting for Flux to apply v1.0.0' });
  flux('v1.0.0', 1);
  await look();
  expect(jobs()).toEqual([]);
  flux('v1.0.0', 2);
  await look();
  expect(jobs()).toHaveLength(1);
});

test('before the second that a deployment is stamped with there is no Job', async () => {
  deploy('v1.0.0', '2026-01-01T12:00:01Z');
  expect(await look()).toBe(1);
  expect(jobs()).toEqual([]);
  await clock.advance(1000);
  await look();
  expect(jobs()).toHaveLength(1);
});

test('a failure counts as of the run that failed, whatever the clock of the Job controller says', async () => {
  await look();
  end('Failed', '2026-01-01T11:59:30Z');
  await look();
  expect(status()).toMatchObject({ status: 'Unhealthy', lastErrorTime: noon, observedRevision: 'v1.0.0' });
  expect(status()?.message).toContain('failed: Because: of this');
});

test('a verdict stays whatever becomes of the Job and of the template, and costs nothing', async () => {
  await look();
  end('Complete');
  await look();
  const before = status();
  expect(before).toMatchObject({ status: 'Healthy' });
  await cluster.client.remove(Job, { namespace: 'team', name: before?.jobName ?? '' });
  requests.length = 0;
  const writes = cluster.writes.length;
  await look();
  expect(status()).toEqual(before);
  expect(requests).toEqual([]);
  expect(cluster.writes).toHaveLength(writes);
});

test('of earlier runs as many Jobs stay as were asked for, those of others do not count', async () => {
  const names: string[] = [];
  cluster.put({ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: 'team', name: 'other' } });
  for (const [index, tag] of ['v1.0.0', 'v1.1.0', 'v1.2.0'].entries()) {
    deploy(tag, `2026-01-01T12:0${index}:00Z`);
    await look();
    end('Complete');
    await look();
    names.push(status()?.jobName ?? '');
    await clock.advance(60_000);
  }
  const left = jobs().map(({ metadata }) => metadata.name);
  expect(left.toSorted()).toEqual([...names.slice(1), 'other'].toSorted());
});

/** Three runs, of which one earlier stays. @param beforeLast what is about to happen */
async function runs(beforeLast = () => {}): Promise<void> {
  for (const [index, tag] of ['v1.0.0', 'v1.1.0', 'v1.2.0'].entries()) {
    deploy(tag, `2026-01-01T12:0${index}:00Z`);
    if (index === 2) beforeLast();
    await look();
    end('Complete');
    await look();
    await clock.advance(60_000);
  }
}

test('Jobs of earlier runs go also when the process is killed right after it made one', async () => {
  const crash = runs(() => {
    cluster.refuse(/^remove Job/, 500);
  });
  await expect(crash).rejects.toThrow('Refused');
  expect(jobs()).toHaveLength(3);
  await look();
  expect(jobs()).toHaveLength(2);
});

test('Jobs of earlier runs go also when the API server tells of one at a time', async () => {
  const { list } = cluster.client;
  cluster.client.list = async (type, options) => {
    const page = await list(type, options);
    const next = Number(options?.continue ?? 0) + 1;
    const items = page.items.slice(next - 1, next);
    return { ...page, items, continue: next < page.items.length ? `${next}` : undefined };
  };
  await runs();
  expect(jobs()).toHaveLength(2);
});

test('a check that nobody selects runs nothing', async () => {
  cluster.put({ ...cluster.find('HealthCheck', 'smoke', 'team'), metadata: { ...key } } as never);
  await look();
  expect(jobs()).toEqual([]);
  expect(status()?.message).toContain('No Rollout');
});
