/** A deployment that fails, and what becomes of it: the same history on the sandbox and on the real parts. */
import { expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../src/api/annotations.ts';
import type { HistoryEntry } from '../../src/api/rollout.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  deploymentManifests,
  foreignCheck,
  gate,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** What does not depend on where it runs, one line for each deployment, newest first. */
async function story(space: Space): Promise<readonly string[]> {
  return (await space.entries()).map((entry) => told(entry, space.namespace));
}

function told(entry: HistoryEntry, namespace: string): string {
  const { id, version, bakeStatus, trigger, triggeredBy, endedBy, rollbackOf, rolledBackBy, message } = entry;
  const skeleton = (text = '') => text.replaceAll(namespace, 'here').replaceAll(/(?<=here\/\S+: ).*$/g, '…');
  return [
    `${id} ${version.tag} ${bakeStatus} ${trigger}`,
    `by ${triggeredBy?.kind}`,
    `ended by ${[endedBy?.kind, skeleton(endedBy?.name)].filter(Boolean).join(' ')}`,
    ...(rollbackOf === undefined ? [] : [`rolls ${rollbackOf} back`]),
    ...(rolledBackBy === undefined ? [] : [`rolled back by ${rolledBackBy}`]),
    skeleton(message),
    skeleton(entry.bakeStatusMessage),
    ...(entry.failedHealthChecks ?? []).map(({ name }) => `failed: ${name}`),
  ].join(' | ');
}

const passed = 'Bake time completed successfully (no errors within bake time).';
const first = `1 v1.0.0 Succeeded Automatic | by System | ended by BakeTime | Automatic deployment | ${passed}`;
const failedEarly = 'A HealthCheck reported an error after deployment.';
const failedLate = 'A HealthCheck reported an error after bake started.';
const timedOut = 'Deploy timeout reached before bake could start (health checks did not become healthy in time).';

function rolledBack(tag: string, cause: string): string {
  const message = `Automatic rollback from ${tag}, whose bake failed: ${cause}`;
  return `3 v1.0.0 Succeeded Rollback | by System | ended by BakeTime | rolls 2 back | ${message} | ${passed}`;
}

async function tells(space: Space, expected: readonly string[]): Promise<void> {
  await eventually(async () => {
    expect(await story(space)).toEqual(expected);
  });
}

test.concurrent('a version that crashes is rolled back', async () => {
  const space = await world().space('crashes');
  await space.application({}, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.pushCrashing('v1.1.666');
  await tells(space, [
    rolledBack('v1.1.666', 'HealthCheck here/app: …'),
    `2 v1.1.666 Failed Automatic | by System | ended by HealthCheck here/app | rolled back by 3 | Automatic deployment | ${failedEarly} | failed: app`,
    first,
  ]);
  expect(await space.says('Progressing', 'False', 'WaitingForRelease')).toContain('v1.1.666 failed here before');
});

test.concurrent('a version that hangs is rolled back after its deployTimeout', async () => {
  const space = await world().space('hangs');
  // Nothing is wrong with it by itself for ten minutes.
  await space.application({}, deploymentManifests(space.image(), 600));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Rollout, 'app', { spec: { deployTimeout: '3s' } });
  await space.pushCrashing('v1.1.666');
  await tells(space, [
    rolledBack('v1.1.666', 'not healthy in time: HealthCheck here/app: …'),
    `2 v1.1.666 Failed Automatic | by System | ended by DeployTimeout | rolled back by 3 | Automatic deployment | ${timedOut} | failed: app`,
    first,
  ]);
});

test.concurrent('a version that cannot be built is rolled back, without any health check', async () => {
  const space = await world().space('unbuildable');
  await space.pushManifests(configManifests([]), 'v1.0.0');
  await space.put(
    imageRepository('app', space.image('manifests')),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests'), {}, { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } }),
    kustomization('app', { targetNamespace: space.namespace }),
    rollout('app', { bakeTime: '1s' }),
  );
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.pushManifests({ 'kustomization.yaml': 'resources: [missing.yaml]\n' }, 'v1.1.0');
  await eventually(async () => {
    expect((await space.condition('Progressing'))?.message).toMatch(/Flux to apply OCIRepository\/app, then it fails$/);
  });
  expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.patch(Rollout, 'app', { spec: { deployTimeout: '1s' } });
  await eventually(async () => {
    expect(await space.history()).toEqual([
      'v1.0.0 Succeeded Rollback',
      'v1.1.0 Failed Automatic',
      'v1.0.0 Succeeded Automatic',
    ]);
  });
  const [, failed] = await space.entries();
  expect(failed).toMatchObject({ endedBy: { kind: 'Target', name: 'OCIRepository/app' }, rolledBackBy: 3 });
  expect(failed?.bakeStatusMessage).toMatch(/^Deploy timeout reached .* Flux could not apply it: .*BuildFailed: /);
});

test.concurrent('what a person deployed and fails is never undone', async () => {
  const space = await world().space('by-hand');
  await space.application({}, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.guard(gate('window', 'app', { passing: false }));
  await space.pushCrashing('v1.1.666');
  await space.annotate({ 'force-deploy': 'v1.1.666' });
  await tells(space, [
    `2 v1.1.666 Failed Manual | by System | ended by HealthCheck here/app | Manual deployment, with force deploy | ${failedEarly} | failed: app`,
    first,
  ]);
  expect(await space.says('Progressing', 'False', 'Halted')).toContain('v1.1.666 failed its bake and stays');
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.666']);
});

test.concurrent('a rollback that fails itself halts, and nothing automatic follows', async () => {
  const space = await world().space('twice');
  await space.put(foreignCheck('judge'));
  await space.application(judgedBy('judge'));
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await space.patch(Rollout, 'app', { spec: { bakeTime: '1h' } });
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.1.0 Deploying Automatic');
  });
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect((await space.history())[0]).toBe('v1.0.0 Deploying Rollback');
  });
  expect(await space.condition('BakeFailureDisabled')).toMatchObject({ status: 'True', reason: 'PreviousBakeFailed' });
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect((await space.history())[0]).toBe('v1.0.0 InProgress Rollback');
  });
  expect(await space.condition('BakeFailureDisabled')).toMatchObject({ status: 'False' });
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect((await space.history())[0]).toBe('v1.0.0 Failed Rollback');
  });
  await space.push('v1.2.0');
  await eventually(async () => {
    const { status } = await space.get(Rollout);
    expect(status?.releaseCandidates?.map(({ tag }) => tag)).toContain('v1.2.0');
  });
  expect(await space.says('Progressing', 'False', 'Halted')).toContain(
    'v1.0.0, the rollback from v1.1.0, failed its bake as well and stays',
  );
  const message = 'Automatic rollback from v1.1.0, whose bake failed: HealthCheck here/judge: …';
  expect(await story(space)).toEqual([
    `3 v1.0.0 Failed Rollback | by System | ended by HealthCheck here/judge | rolls 2 back | ${message} | ${failedLate} | failed: judge`,
    `2 v1.1.0 Failed Automatic | by System | ended by HealthCheck here/judge | rolled back by 3 | Automatic deployment | ${failedEarly} | failed: judge`,
    first,
  ]);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0']);
});
