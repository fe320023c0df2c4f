/** The parts that no other test of this tier starts yet: they start, and do what they are there for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { object } from '../../support/objects.ts';
import { startControlPlane } from './control-plane.ts';
import { obtain } from './obtain.ts';
import { startPrometheus } from './prometheus.ts';
import { Run } from './run.ts';

test('Prometheus scrapes a process of the test, and an alert fires and ends', async () => {
  await using parts = new AsyncDisposableStack();
  const run = parts.use(await Run.create('prometheus'));
  let errors = 1;
  const server = createServer((_, response) => response.end(`errors ${errors}\n`));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  parts.defer(() => void server.close());
  const targets = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
  const rules = [{ alert: 'Errors', expr: 'errors > 0', labels: { severity: 'page' } }];
  const { url } = await startPrometheus(run, await obtain(), { targets, rules });
  const alerts = async (): Promise<unknown> => {
    const { body } = await request(`${url}/api/v1/alerts`);
    return ((await body.json()) as { data: { alerts: unknown } }).data.alerts;
  };
  await eventually(async () => {
    expect(await alerts()).toMatchObject([{ labels: { alertname: 'Errors', severity: 'page' }, state: 'firing' }]);
  });
  errors = 0;
  await eventually(async () => {
    expect(await alerts()).toEqual([]);
  });
});

test('OpenKruise holds a canary at its first step', async () => {
  await using plane = await startControlPlane({ name: 'kruise', flux: false, install: false, kruise: true });
  const { admin } = plane;
  const metadata = { name: 'web', namespace: 'default' };
  const deployment = (image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 5,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    },
  });
  await admin.apply(deployment('example/web:1'));
  const canary = { enableExtraWorkloadForCanary: false, steps: [{ replicas: '20%' }, { replicas: '100%' }] };
  const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const rollout = object('rollouts.kruise.io/v1beta1', 'Rollout', 'web', { workloadRef, strategy: { canary } });
  await admin.apply({ ...rollout, metadata });
  const type = await admin.types(rollout.apiVersion, rollout.kind, new AbortController().signal);
  if (type === undefined) throw new Error('Rollouts of OpenKruise are not served');
  const status = async (): Promise<unknown> =>
    ((await admin.client.get(type, metadata)) as { readonly status?: unknown }).status;
  await eventually(async () => {
    expect(await status()).toMatchObject({ phase: 'Healthy' });
  });
  await admin.apply(deployment('example/web:2'));
  await eventually(async () => {
    const canaryStatus = { currentStepIndex: 1, currentStepState: 'StepPaused' };
    expect(await status()).toMatchObject({ phase: 'Progressing', canaryStatus });
  });
});
