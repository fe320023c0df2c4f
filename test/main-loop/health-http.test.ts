/** An application is probed: what it answers decides whether its new version stays. */
import { expect, test } from 'vitest';
import { HealthCheck, type HealthCheckStatus } from '../../src/api/health-check.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { object } from '../support/objects.ts';
import { sharedProbedService } from '../support/probed-service.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();
const service = sharedProbedService();

function probe(
  space: Space,
  http: Readonly<Record<string, unknown>> = {},
  spec: Readonly<Record<string, unknown>> = {},
) {
  const options = { class: 'http', interval: '1s', http: { url: service().url(space), ...http }, ...spec };
  return object('kuberik.com/v1alpha1', 'HealthCheck', 'probe', options, { labels: { app: 'app' } });
}

function says(space: Space, expected: Readonly<Record<string, unknown>>): Promise<HealthCheckStatus> {
  return eventually(async () => {
    const { status } = await space.get(HealthCheck, 'probe');
    expect(status).toMatchObject(expected);
    return status ?? {};
  });
}

test.concurrent('a version that answers stays, and one that does not answer well is rolled back', async () => {
  const space = await world().space('http-probe');
  service().runs(space, (version, response) => {
    const isBroken = version === 'v1.1.0';
    response.writeHead(isBroken ? 500 : 200).end(JSON.stringify({ message: isBroken ? 'no database' : 'fine' }));
  });
  await space.put(probe(space));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await says(space, { status: 'Healthy', message: `${service().url(space)} answered 200`, observedRevision: 'v1.0.0' });
  await space.push('v1.1.0');
  await space.reaches(['v1.0.0 Succeeded Rollback', 'v1.1.0 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  const [, failed] = await space.entries();
  expect(JSON.stringify(failed)).toContain('answered 500: no database');
  // No answer of the version before was taken for one of the new version.
  expect(service().asked(space)).toContain('v1.1.0');
  await space.push('v1.2.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.2.0 Succeeded Automatic');
  });
});

test.concurrent('nonsense is no verdict: the deployment waits, says why, and goes on', async () => {
  const space = await world().space('http-nonsense');
  let sane = true;
  service().runs(space, (_version, response) => {
    response.end(sane ? JSON.stringify({ ready: true }) : '<html>Please log in</html>');
  });
  await space.put(probe(space, { success: 'body.ready == true' }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  sane = false;
  await space.push('v1.1.0');
  const fault = `${service().url(space)}: it answered 200, and its answer is no JSON`;
  const conditions = [{ type: 'Ready', status: 'False', reason: 'NoData', message: fault }];
  await says(space, { status: 'Pending', message: `No data: ${fault}`, observedRevision: 'v1.1.0', conditions });
  // Longer than it bakes.
  const looked = service().asked(space).length;
  await eventually(() => {
    expect(service().asked(space).length).toBeGreaterThan(looked + 3);
  });
  expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
  sane = true;
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await says(space, { status: 'Healthy', conditions: [{ status: 'True', reason: 'Judging' }] });
});

test.concurrent('an application that hangs for a moment is forgiven, one that hangs for good is not', async () => {
  const space = await world().space('http-hangs');
  const moments = new Map([['v1.1.0', 1]]);
  service().runs(space, (version, response) => {
    const left = version === 'v1.2.0' ? 1 : (moments.get(version) ?? 0);
    moments.set(version, left - 1);
    if (left <= 0) response.end();
  });
  await space.put(probe(space, {}, { timeout: '1s', failureThreshold: 2 }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.push('v1.2.0');
  const expected = ['v1.1.0 Succeeded Rollback', 'v1.2.0 Failed Automatic', 'v1.1.0 Succeeded Automatic'];
  await space.reaches([...expected, 'v1.0.0 Succeeded Automatic']);
  const [, failed] = await space.entries();
  expect(JSON.stringify(failed)).toContain('no answer within 1 s');
});
