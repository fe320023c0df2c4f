/** Whether a release is good, as Prometheus sees it: alerts that fire, and the values of queries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { HEALTH_CHECK_REQUEUE_INTERVAL } from '../../src/api/annotations.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { certificate } from '../../src/oci/testing/certificate.ts';
import { eitherPrometheus } from '../support/either-prometheus.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { startFront, type Trouble } from '../support/front.ts';
import {
  configManifests,
  fills,
  imagePolicy,
  imageRepository,
  kustomization,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import {
  enough,
  errsAt,
  judged,
  judgeOf,
  looks,
  matching,
  query,
  release,
  rolledBack,
} from '../support/prometheus-story.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();
const prometheus = eitherPrometheus();

const errs = (space: Space, value: number, app?: string): Promise<void> => errsAt(prometheus(), space, value, app);
const judge = (...[healthClass, options, more]: Parameters<typeof judgeOf>): KubeObject =>
  judgeOf(healthClass, { url: prometheus().url, ...options }, more);

/** As it stands on the slide, but for the host: `prometheus.monitoring` is a name of the user's cluster. */
function fromDeck(file: string): KubeObject {
  const text = readFileSync(join(import.meta.dirname, '../seeds/deck', file), 'utf8');
  return parse(text.replace('http://prometheus.monitoring:9090', prometheus().url)) as KubeObject;
}

test.concurrent("the deck's health checks: a good version passes, and when a matching alert fires, rollback fires", async () => {
  const space = await world().space('deck');
  await errs(space, 0, 'my-app');
  await space.pushManifests(configManifests());
  await space.push('v1.0.0');
  await space.put(
    imageRepository('my-app', space.image()),
    imagePolicy('my-app'),
    ociRepository('my-app', space.image('manifests')),
    kustomization('my-app', { targetNamespace: space.namespace }, fills('my-app')),
    fromDeck('prometheus-health.yaml'),
    fromDeck('kustomization-health.yaml'),
    rollout('my-app', { bakeTime: '1s', healthCheckSelector: { selector: {} } }),
  );
  await space.reaches(['v1.0.0 Succeeded Automatic'], 'my-app');
  await judged(space, 'Healthy', 'no matching alert is firing', 'my-app-alerts');
  await judged(space, 'Healthy', '', 'my-app');
  // It looks every 30 seconds: the test has no time to wait for that.
  const metadata = { annotations: { [HEALTH_CHECK_REQUEUE_INTERVAL]: '5s' } };
  await space.patch(HealthCheck, 'my-app-alerts', { metadata });
  await release(space, 'v1.1.0', 'my-app');
  await errs(space, 1, 'my-app');
  await rolledBack(space, 'v1.1.0', 'v1.0.0', 'my-app');
  const [, failed] = await space.entries('my-app');
  expect(failed?.failedHealthChecks).toMatchObject([
    {
      name: 'my-app-alerts',
      message: expect.stringContaining('1 alert is firing: HighErrorRate {app="my-app"') as string,
    },
  ]);
  await eventually(async () => {
    expect((await space.carried('my-app')).at(-1)).toBe('v1.0.0');
  });
  // The alert goes on: it began before the rollback, and says nothing about it.
  await enough(space, 'my-app');
  await eventually(async () => {
    expect((await space.history('my-app'))[0]).toBe('v1.0.0 Succeeded Rollback');
  });
  await judged(space, 'Healthy', '1 alert was active before the deployment: HighErrorRate', 'my-app-alerts');
});

test.concurrent('pending alerts, alerts of others and those from before the deployment fail nothing', async () => {
  const space = await world().space('others');
  await errs(space, 0.3);
  await space.put(judge('prometheus-alert', matching(space)));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await judged(space, 'Healthy', 'no matching alert is firing');
  const old = await world().space('before');
  await errs(old, 1);
  await old.put(judge('prometheus-alert', matching(old)));
  await old.application();
  await old.reaches(['v1.0.0 Succeeded Automatic']);
  await judged(old, 'Healthy', '1 alert was active before the deployment: HighErrorRate {app="app"');
  // Who wants to be judged by those as well says so, and then nothing goes out automatically meanwhile.
  await old.put(judge('prometheus-alert', { ...matching(old), includeExisting: true }));
  await judged(old, 'Unhealthy', '1 alert is firing: HighErrorRate');
  await old.push('v1.1.0');
  expect(await old.says('Progressing', 'False', 'WaitingForHealth')).toContain('HighErrorRate');
  await errs(old, 0);
  await old.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent.each([
  {
    name: 'threshold',
    kind: 'a threshold',
    limits: { thresholdRange: { max: 0.5 } },
    said: '0.9 of {__name__="errors", app="app"',
  },
  {
    name: 'relative',
    kind: 'what it was',
    limits: { relativeRange: { max: 2 } },
    said: 'is 4.5 times what it was (0.2), above 2',
  },
])('a query against $kind: what stays within passes, what does not is rolled back', async ({ name, limits, said }) => {
  const space = await world().space(name);
  await using front = await startFront({ url: prometheus().url });
  await errs(space, 0.2);
  await space.put(judge('prometheus-query', { url: front.url, query: query(space), ...limits }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await release(space, 'v1.1.0');
  await errs(space, 0.3);
  await looks(front);
  await enough(space);
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await errs(space, 0.2);
  await release(space, 'v1.2.0');
  await errs(space, 0.9);
  await rolledBack(space, 'v1.2.0', 'v1.1.0');
  const [, failed] = await space.entries();
  expect(failed?.failedHealthChecks).toMatchObject([
    { name: 'judge', message: expect.stringContaining(said) as string },
  ]);
});

test.concurrent('a query that Prometheus cannot read holds the deployment with its words, until it is put right', async () => {
  const space = await world().space('promql');
  await errs(space, 0.2);
  const limits = { thresholdRange: { max: 0.5 } };
  await space.put(judge('prometheus-query', { query: 'errors{', ...limits }));
  await space.application();
  await judged(space, 'Pending', ': it says bad_data: invalid parameter "query": 1:');
  expect((await space.get(HealthCheck, 'judge')).status?.conditions).toMatchObject([
    { type: 'Ready', status: 'False', reason: 'NoData' },
  ]);
  await space.reaches(['v1.0.0 Deploying Automatic']);
  await space.put(judge('prometheus-query', { query: query(space), ...limits }));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
});

const troubles: readonly { readonly trouble: Trouble; readonly said: string }[] = [
  { trouble: 'down', said: 'No data: http://127.0.0.1' },
  { trouble: 'slow', said: 'No data: http://127.0.0.1' },
  { trouble: 'nonsense', said: 'it answered 200 with text/html, not with JSON' },
];

test.concurrent.each(troubles)(
  'a Prometheus that is $trouble fails nothing and passes nothing',
  async ({ trouble, said }) => {
    const space = await world().space(trouble);
    await errs(space, 0);
    const front = await startFront({ url: prometheus().url });
    await space.put(judge('prometheus-alert', { ...matching(space), url: front.url }, { timeout: '1s' }));
    await space.application();
    await space.reaches(['v1.0.0 Succeeded Automatic']);
    front.trouble = trouble;
    await space.push('v1.1.0');
    await space.reaches(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
    await judged(space, 'Pending', said);
    const asked = front.answered;
    await eventually(() => {
      expect(front.answered).toBeGreaterThan(asked + 1);
    });
    // Much longer than it has to bake.
    expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
    front.trouble = undefined;
    await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  },
);

interface Access {
  readonly name: string;
  readonly way: string;
  readonly secret: Readonly<Record<string, string>>;
  readonly authorization: string;
}

const accesses: readonly Access[] = [
  {
    name: 'bearer',
    way: 'a bearer token',
    secret: { bearerToken: 'hunter2secret' },
    authorization: 'Bearer hunter2secret',
  },
  {
    name: 'basic',
    way: 'a password',
    secret: { username: 'me', password: 'hunter2secret' },
    authorization: 'Basic bWU6aHVudGVyMnNlY3JldA==',
  },
];

test.concurrent.each(accesses)(
  'a Prometheus that wants $way, with a certificate of its own',
  async ({ name, secret, authorization }) => {
    const space = await world().space(name);
    await errs(space, 0);
    await using front = await startFront({ url: prometheus().url, authorization, tls: true });
    await space.put(judge('prometheus-alert', { ...matching(space), url: front.url, secretRef: { name: 'access' } }));
    await space.application();
    await eventually(async () => {
      const { status } = await space.get(HealthCheck, 'judge');
      expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'SecretNotFound' }]);
    });
    const access = (stringData: Readonly<Record<string, string>>) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'access' } },
      stringData,
    });
    await space.put(access(secret));
    await judged(space, 'Pending', 'certificate');
    await space.put(access({ ...secret, 'ca.crt': certificate }));
    await space.reaches(['v1.0.0 Succeeded Automatic']);
    expect(JSON.stringify(await space.get(HealthCheck, 'judge'))).not.toContain('hunter2secret');
  },
);
