/** Whose verdicts count, and where they come from. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck, judgedBy } from '../support/objects.ts';

const world = eitherWorld();

test.concurrent('a check of a foreign class is judged by whoever writes its status', async () => {
  const space = await world().space('foreign');
  await space.put(foreignCheck('judge'));
  await space.judge('judge', 'Healthy', world().clock.now().subtract({ minutes: 1 }));
  await space.application(judgedBy('judge'));
  // Healthy from before the deployment is no verdict on it.
  await eventually(async () => {
    expect((await space.get(HealthCheck, 'judge')).status).toMatchObject({ status: 'Pending' });
  });
  expect(await space.history()).toEqual(['v1.0.0 Deploying Automatic']);
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await space.push('v1.1.0');
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
    expect((await space.get(HealthCheck, 'judge')).status).toMatchObject({ status: 'Pending' });
  });
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect((await space.history())[1]).toBe('v1.1.0 Failed Automatic');
  });
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect((await space.history())[0]).toBe('v1.0.0 Succeeded Rollback');
  });
});

test.concurrent('an unhealthy check keeps the next release from starting', async () => {
  const space = await world().space('sick');
  await space.put(foreignCheck('judge'));
  await space.application(judgedBy('judge'));
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await space.judge('judge', 'Unhealthy');
  await space.says('DeploymentBlocked', 'True', 'UnhealthyHealthChecks');
  await space.push('v1.1.0');
  expect(await space.says('Progressing', 'False', 'WaitingForHealth')).toContain('judge');
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.judge('judge', 'Healthy');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.1.0 Deploying Automatic');
  });
});

test.concurrent('checks of another namespace count where the selector reaches it', async () => {
  const far = await world().space('far');
  const away = await world().space('away');
  await far.put({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: far.namespace, labels: { team: far.namespace } },
  });
  await far.put(foreignCheck('judge'));
  await away.put(foreignCheck('judge'));
  await away.judge('judge', 'Unhealthy');
  const space = await world().space('near');
  const healthCheckSelector = {
    selector: { matchLabels: { app: 'judge' } },
    namespaceSelector: { matchLabels: { team: far.namespace } },
  };
  await space.application({ bakeTime: '1s', healthCheckSelector });
  await eventually(async () => {
    expect(await space.condition('Progressing')).toMatchObject({ status: 'True', reason: 'Deploying' });
  });
  expect(await space.says('Progressing', 'True', 'Deploying')).toContain(`${far.namespace}/judge`);
  await far.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
});

test.concurrent('without a health check a deployment bakes for its time alone', async () => {
  const space = await world().space('alone');
  await space.application({ healthCheckSelector: undefined });
  await space.reaches(['v1.0.0 Succeeded Automatic']);
});
