/** A Job judges a deployment: it runs once for each, and a version that fails it is rolled back. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { Job } from '../../src/integrations/batch/job.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { jobCheck, judgedBy } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** Of a namespace, oldest first. */
async function jobs(space: Space): Promise<readonly (KubeObject & { spec: JobSpec })[]> {
  const { items } = await space.client.list(Job, { namespace: space.namespace });
  return (items as (KubeObject & { spec: JobSpec })[]).toSorted((one, other) =>
    `${one.metadata.creationTimestamp}` < `${other.metadata.creationTimestamp}` ? -1 : 1,
  );
}

interface JobSpec {
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly env: readonly { name: string; value: string }[] }[] };
  };
}

/** The versions that Jobs ran for, oldest first. */
async function ranFor(space: Space): Promise<readonly string[]> {
  return (await jobs(space)).flatMap(({ spec }) =>
    (spec.template.spec.containers[0]?.env ?? []).flatMap(({ name, value }) =>
      name === 'KUBERIK_VERSION' ? [value] : [],
    ),
  );
}

async function checkOf(space: Space): Promise<NonNullable<HealthCheck['status']>> {
  return (await space.get(HealthCheck, 'smoke')).status ?? {};
}

/** Waits until a message of the check has these words. */
function says(space: Space, words: string): Promise<void> {
  return eventually(async () => {
    expect((await checkOf(space)).message).toContain(words);
  });
}

test.concurrent('a version that passes goes out, one that fails is rolled back, with the last words of its log', async () => {
  const space = await world().space('job-verdict');
  await space.put(jobCheck('smoke'));
  await space.application(judgedBy('smoke'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  expect(await checkOf(space)).toMatchObject({ status: 'Healthy', observedRevision: 'v1.0.0' });
  await space.push('v1.1.666');
  await space.reaches(['v1.0.0 Succeeded Rollback', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  const [, failed] = await space.entries();
  const [why] = failed?.failedHealthChecks ?? [];
  expect(why?.message).toContain('BackoffLimitExceeded');
  expect(why?.message).toContain('container smoke exited with 1: checking the version\nassertion failed');
  // One for each deployment, the rollback among them.
  expect(await ranFor(space)).toEqual(['v1.0.0', 'v1.1.666', 'v1.0.0']);
});

test.concurrent('a Job knows what was deployed, belongs to its check and never outlives its history', async () => {
  const space = await world().space('job-told');
  await space.put(jobCheck('smoke', { historyLimit: 1 }, { timeout: '90s' }));
  await space.application(judgedBy('smoke'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const [entry] = await space.entries();
  const [job] = await jobs(space);
  const check = await space.get(HealthCheck, 'smoke');
  expect(job?.metadata.ownerReferences).toMatchObject([
    { kind: 'HealthCheck', uid: check.metadata.uid, controller: true },
  ]);
  expect(job?.metadata.labels).toMatchObject({
    'kuberik.com/managed-by': 'health-check-controller',
    'healthcheck.kuberik.com/name': 'smoke',
    'healthcheck.kuberik.com/rollout': 'app',
    team: 'payments',
  });
  expect(job?.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 90 });
  const container = { terminationMessagePolicy: 'FallbackToLogsOnError' };
  expect(job?.spec.template.spec).toMatchObject({ restartPolicy: 'Never', containers: [container] });
  expect(job?.spec.template.spec.containers[0]?.env).toEqual([
    { name: 'KUBERIK_ROLLOUT', value: 'app' },
    { name: 'KUBERIK_NAMESPACE', value: space.namespace },
    { name: 'KUBERIK_VERSION', value: 'v1.0.0' },
    { name: 'KUBERIK_DIGEST', value: entry?.version.digest },
    { name: 'KUBERIK_REVISION', value: 'mine' },
  ]);
  for (const tag of ['v1.1.0', 'v1.2.0']) {
    await space.push(tag);
    await eventually(async () => {
      expect((await space.history())[0]).toBe(`${tag} Succeeded Automatic`);
    });
  }
  await eventually(async () => {
    expect(await ranFor(space)).toEqual(['v1.1.0', 'v1.2.0']);
  });
  await space.remove(HealthCheck, 'smoke');
  await eventually(async () => {
    expect(await jobs(space)).toEqual([]);
  });
});

test.concurrent('a Job that is judged may go; one that is deleted while it runs is not made again before a retry', async () => {
  const space = await world().space('job-gone');
  await space.put(
    jobCheck('smoke', { annotations: { 'test/outcome': 'hang', 'sandbox.kuberik.com/outcome': 'hang' } }),
  );
  await space.application(judgedBy('smoke'));
  await says(space, 'has been running since');
  const [first] = await jobs(space);
  expect(await space.history()).toEqual(['v1.0.0 Deploying Automatic']);
  await deleteJob(space, first?.metadata.name ?? '');
  await says(space, 'was deleted before its end was seen: it runs again with a retry of the deployment');
  expect(await checkOf(space)).toMatchObject({
    status: 'Pending',
    conditions: [{ type: 'Ready', status: 'False', reason: 'JobDeleted' }],
  });
  expect(await jobs(space)).toEqual([]);

  await space.patch(Rollout, 'app', { spec: { deployTimeout: '1s' } });
  await space.reaches(['v1.0.0 Failed Automatic']);
  await space.put(jobCheck('smoke'));
  await space.patch(Rollout, 'app', { spec: { deployTimeout: null } });
  await space.annotate({ retry: '' });
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const [second] = await jobs(space);
  expect(second?.metadata.name).not.toBe(first?.metadata.name);
  expect(await checkOf(space)).toMatchObject({ status: 'Healthy', conditions: [{ type: 'Ready', status: 'True' }] });
  await deleteJob(space, second?.metadata.name ?? '');
  await space.patch(HealthCheck, 'smoke', { metadata: { annotations: { looked: 'at' } } });
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await ranFor(space)).toEqual(['v1.1.0']);
});

async function deleteJob(space: Space, name: string): Promise<void> {
  await space.client.remove(Job, { namespace: space.namespace, name }, { propagationPolicy: 'Background' });
}

test.concurrent('a Job that takes too long has failed', async () => {
  const space = await world().space('job-slow');
  await space.put(
    jobCheck(
      'smoke',
      { annotations: { 'test/outcome': 'hang', 'sandbox.kuberik.com/outcome': 'hang' } },
      { timeout: '2s' },
    ),
  );
  await space.application(judgedBy('smoke'));
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.0.0 Failed Automatic']);
  });
  expect((await checkOf(space)).message).toContain('DeadlineExceeded');
});

test.concurrent('a Job that is refused says nothing about the version; it runs when it is allowed', async () => {
  const space = await world().space('job-refused');
  await space.put(jobCheck('smoke', { spec: { completions: -1 } }));
  await space.application(judgedBy('smoke'));
  await eventually(async () => {
    const { status, conditions } = await checkOf(space);
    expect(status).toBe('Pending');
    expect(conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'JobRefused' }]);
  });
  expect((await checkOf(space)).message).toMatch(/is refused: .*completions/);
  expect((await space.get(Rollout)).status?.history?.[0]?.bakeStatus).toBe('Deploying');
  await space.put(jobCheck('smoke'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
});
