import { beforeEach, expect, test } from 'vitest';
import { HealthCheck, HealthClass } from '../../../api/health-check.ts';
import { Rollout } from '../../../api/rollout.ts';
import { DatadogMonitor } from '../../../integrations/datadog/monitor.ts';
import { createFakeClock, type FakeClock } from '../../../kube/testing/fake-clock.ts';
import { createMemoryCluster, type MemoryCluster } from '../../../sandbox/testing/memory-cluster.ts';
import { reconcileHealthCheck } from '../reconcile.ts';
import { datadogClass } from './datadog-class.ts';

const noon = '2026-01-01T12:00:00Z';
const key = { namespace: 'team', name: 'errors' };
let clock: FakeClock;
let cluster: MemoryCluster;

beforeEach(() => {
  clock = createFakeClock(noon);
  cluster = createMemoryCluster(clock);
  const spec = { class: 'datadog', datadog: { monitorRef: { name: 'errors' } } };
  const metadata = { ...key, labels: { app: 'app' } };
  cluster.put({ apiVersion: HealthCheck.apiVersion, kind: HealthCheck.kind, metadata, spec });
});

function deploy(timestamp: string, lastRetryTimestamp?: string): void {
  const entry = { id: 1, version: { tag: 'v1.0.0' }, timestamp, ...(lastRetryTimestamp && { lastRetryTimestamp }) };
  cluster.put({
    apiVersion: Rollout.apiVersion,
    kind: Rollout.kind,
    metadata: { namespace: 'team', name: 'app' },
    spec: { releasesImagePolicy: { name: 'app' }, healthCheckSelector: { matchLabels: { app: 'app' } } },
    status: { history: [entry] },
  });
}

/** What the operator writes now. */
function operatorSays(monitorState: string, more: object = {}): void {
  const status = { monitorState, monitorStateLastUpdateTime: clock.now().toString(), ...more };
  const { apiVersion, kind } = DatadogMonitor;
  cluster.put({ apiVersion, kind, metadata: { ...key }, status });
}

/** Once. @returns how many writes it took */
async function look(): Promise<number> {
  const before = cluster.writes.length;
  const { client, reader } = cluster;
  const classes = new Map([[HealthClass.Datadog, datadogClass({ reader, clock })]]);
  const context = { client, reader, classes, clock, events: { record: () => undefined } };
  await reconcileHealthCheck(context, key, new AbortController().signal);
  return cluster.writes.length - before;
}

const status = () => HealthCheck.parse(cluster.find('HealthCheck', 'errors', 'team')).status;

test('what the operator repeats once a minute is not written', async () => {
  for (const state of ['OK', 'Alert', 'No Data', 'Warn']) {
    operatorSays(state, { monitorStateLastTransitionTime: noon });
    expect(await look()).toBe(1);
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(60_000);
      operatorSays(state, { monitorStateLastTransitionTime: noon });
      expect(await look()).toBe(0);
    }
  }
});

test('a deployment and what the operator says next take one write each', async () => {
  operatorSays('OK');
  await look();
  await clock.advance(10_000);
  deploy(clock.now().toString());
  expect(await look()).toBe(1);
  expect(status()).toMatchObject({ status: 'Pending', lastChangeTime: clock.now().toString() });
  expect(status()?.message).toContain('as of before the deployment');
  expect(await look()).toBe(0);
  await clock.advance(50_000);
  operatorSays('OK');
  expect(await look()).toBe(1);
  expect(status()).toMatchObject({ status: 'Healthy', lastChangeTime: clock.now().toString() });
});

test('an alert that is older than a retry is no failure of it', async () => {
  deploy('2026-01-01T11:00:00Z');
  operatorSays('Alert', { monitorStateLastTransitionTime: '2026-01-01T11:30:00Z' });
  await look();
  await look();
  expect(status()).toMatchObject({ status: 'Unhealthy', lastErrorTime: '2026-01-01T11:30:00Z' });
  await clock.advance(60_000);
  deploy('2026-01-01T11:00:00Z', clock.now().toString());
  await look();
  expect(status()?.lastErrorTime).toBeUndefined();
  await look();
  expect(status()).toMatchObject({ status: 'Unhealthy', lastErrorTime: '2026-01-01T11:30:00Z' });
});

test('a monitor that vanishes is told, and what failed before stays', async () => {
  operatorSays('Alert', { monitorStateLastTransitionTime: '2026-01-01T11:30:00Z' });
  await look();
  await cluster.client.remove(DatadogMonitor, key);
  await look();
  expect(status()).toMatchObject({
    status: 'Pending',
    lastErrorTime: '2026-01-01T11:30:00Z',
    conditions: [{ type: 'Ready', status: 'False', reason: 'MonitorNotFound' }],
  });
});
