import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Rollout } from '../../api/rollout.ts';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { DeliveryMetrics } from './delivery-metrics.ts';

const key = { namespace: 'shop', name: 'app' };

function setUp(at = '2026-03-02T12:00:00Z') {
  const registry = new Registry();
  const clock = createFakeClock(at);
  return { registry, clock, metrics: new DeliveryMetrics(registry, clock) };
}

function rollout(status: object): Rollout {
  const spec = { releasesImagePolicy: { name: 'app' } };
  return Rollout.parse({ apiVersion: Rollout.apiVersion, kind: 'Rollout', metadata: key, spec, status });
}

const held = (reason: string, since = '2026-03-02T09:00:00Z'): Rollout =>
  rollout({
    conditions: [{ type: 'Progressing', status: 'False', reason, message: '', lastTransitionTime: since }],
    releaseCandidates: [{ tag: 'v2' }],
  });
const idle = rollout({});
const deployed = (bakeStatus: string): Rollout =>
  rollout({
    history: [{ id: 1, version: { tag: 'v1' }, timestamp: '2026-03-02T12:00:00Z', bakeStatus, trigger: 'Manual' }],
  });

/** Values by the text of their labels beside namespace and rollout. */
async function values(registry: Registry, name: string): Promise<Record<string, number>> {
  const text = await registry.getSingleMetricAsString(name);
  const lines = text.matchAll(/^\w+\{namespace="shop",rollout="app",?([^}]*)\} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, labels = '', value]) => [labels, Number(value)]));
}

const blocked = 'kuberik_rollout_blocked_seconds_total';
const since = 'kuberik_rollout_blocked_since_timestamp_seconds';

it('time runs for the reason that holds a release back, and stops when nothing does', async () => {
  const { registry, clock, metrics } = setUp();
  metrics.looked(idle, held('WaitingForGates'));
  expect(await values(registry, blocked)).toEqual({ 'reason="WaitingForGates"': 0 });
  await clock.advance(10_000);
  expect(await values(registry, blocked)).toEqual({ 'reason="WaitingForGates"': 10 });
  await clock.advance(5000);
  metrics.looked(held('WaitingForGates'), held('Frozen'));
  await clock.advance(2000);
  metrics.looked(held('Frozen'), idle);
  await clock.advance(60_000);
  expect(await values(registry, blocked)).toEqual({ 'reason="WaitingForGates"': 15, 'reason="Frozen"': 2 });
  expect(await values(registry, since)).toEqual({});
});

it('a process that starts counts from there, and says since when from the status', async () => {
  const { registry, clock, metrics } = setUp();
  const found = held('WaitingForGates');
  metrics.looked(found, found);
  await clock.advance(10_000);
  expect(await values(registry, blocked)).toEqual({ 'reason="WaitingForGates"': 10 });
  const nine = Temporal.Instant.from('2026-03-02T09:00:00Z').epochMilliseconds / 1000;
  expect(await values(registry, since)).toEqual({ 'reason="WaitingForGates"': nine });
});

it('what it saw begin lasts since then, however old the condition is', async () => {
  const { registry, clock, metrics } = setUp();
  metrics.looked(idle, idle);
  await clock.advance(1000);
  metrics.looked(idle, held('WaitingForGates'));
  const seen = clock.now().epochMilliseconds / 1000;
  await clock.advance(1000);
  metrics.looked(held('WaitingForGates'), held('WaitingForGates'));
  expect(await values(registry, since)).toEqual({ 'reason="WaitingForGates"': seen });
});

it('series begin at 0, count once, and end with their Rollout', async () => {
  const { registry, metrics } = setUp();
  const deployments = 'kuberik_rollout_deployments_total';
  metrics.looked(deployed('Deploying'), deployed('Deploying'));
  expect(Object.values(await values(registry, deployments))).toEqual(Array(9).fill(0));
  metrics.looked(deployed('Deploying'), deployed('Succeeded'));
  metrics.looked(deployed('Succeeded'), deployed('Succeeded'));
  expect(await values(registry, deployments)).toMatchObject({ 'trigger="Manual",result="Succeeded"': 1 });
  metrics.looked(deployed('Succeeded'), held('Frozen'));
  metrics.forget({ namespace: 'shop', name: 'another' });
  expect(await registry.metrics()).toContain('rollout="app"');
  metrics.forget(key);
  expect(await registry.metrics()).not.toContain('rollout="app"');
});
