/** A DatadogMonitor judges a deployment: the test writes what Datadog's operator would write into its status. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { DatadogMonitor } from '../../src/integrations/datadog/monitor.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { datadogMonitor, judgedBy, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

const enabled = { 'kuberik.com/health-check': 'true' };
const second = (at = world().clock.now()): string =>
  at.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();

/** What the operator writes when it has asked Datadog, just now. */
async function operatorSays(space: Space, monitorState: string, more: object = {}, name = 'errors'): Promise<void> {
  const now = second();
  const { status: before } = await space.get(DatadogMonitor, name);
  const moved = before?.monitorState === monitorState ? {} : { monitorStateLastTransitionTime: now };
  const status = {
    id: 4711,
    monitorState,
    monitorStateLastUpdateTime: now,
    monitorStateSyncStatus: 'OK',
    ...moved,
    ...more,
  };
  const key = { namespace: space.namespace, name };
  await space.client.patch(DatadogMonitor, key, { type: 'merge', body: { status } }, { subresource: 'status' });
}

/** Once a minute in a cluster; the clock has whole seconds, so that one look may still be of before the deployment. */
function operatorSaysUntil(space: Space, state: string, look: () => Promise<void>, more: object = {}): Promise<void> {
  return eventually(async () => {
    await operatorSays(space, state, more);
    await look();
  });
}

/** Deployments are stamped with the second that follows. */
async function untilDeploymentIsPast(space: Space): Promise<void> {
  await eventually(async () => {
    const [newest] = await space.entries();
    expect(second() >= (newest?.timestamp ?? '9')).toBe(true);
  });
}

function checkOf(space: Space, name = 'datadog-check-errors'): Promise<HealthCheck> {
  return eventually(() => space.get(HealthCheck, name));
}

async function saysOf(space: Space, expected: object): Promise<void> {
  await eventually(async () => {
    expect((await checkOf(space)).status).toMatchObject(expected);
  });
}

test.concurrent('a version goes out when its monitor says so, and is rolled back when it alerts', async () => {
  const space = await world().space('datadog-verdict');
  await space.put(datadogMonitor('errors', { labels: { app: 'errors' }, annotations: enabled }));
  await checkOf(space);
  await operatorSays(space, 'OK');
  await space.application(judgedBy('errors'));
  await operatorSaysUntil(space, 'OK', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });

  await space.push('v1.1.0');
  // What it said of the version before is no verdict on this one.
  await saysOf(space, { status: 'Pending', message: expect.stringContaining('as of before the deployment') as string });
  expect((await space.history())[0]).toBe('v1.1.0 Deploying Automatic');
  await untilDeploymentIsPast(space);
  const triggeredState = [{ monitorGroup: 'host:one', state: 'Alert', lastTransitionTime: second() }];
  await operatorSays(space, 'Alert', { triggeredState });
  await eventually(async () => {
    expect((await space.history()).slice(-2)).toEqual(['v1.1.0 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  });
  const [failed] = (await space.entries()).filter(({ version }) => version.tag === 'v1.1.0');
  const [why] = failed?.failedHealthChecks ?? [];
  expect(why?.message).toMatch(
    /errors says Alert since .* \(host:one\) \(https:\/\/app\.datadoghq\.com\/monitors\/4711\)$/,
  );
  // It was open before the rollback, so that it says nothing against what was rolled back to.
  await operatorSaysUntil(
    space,
    'OK',
    async () => {
      expect((await space.history())[0]).toBe('v1.0.0 Succeeded Rollback');
    },
    { triggeredState: [] },
  );
});

test.concurrent('an alert from before the deployment holds it up and does not fail it', async () => {
  const space = await world().space('datadog-old');
  await space.put(datadogMonitor('errors', { labels: { app: 'errors' }, annotations: enabled }));
  await checkOf(space);
  await operatorSays(space, 'Alert', {
    monitorStateLastTransitionTime: second(world().clock.now().subtract({ hours: 1 })),
  });
  await saysOf(space, { status: 'Unhealthy' });
  await space.application(judgedBy('errors'));
  await space.annotate({ 'force-deploy': 'v1.0.0' });
  await eventually(async () => {
    await operatorSays(space, 'Alert');
    expect(await space.history()).toEqual(['v1.0.0 Deploying Manual']);
    expect((await checkOf(space)).status).toMatchObject({ status: 'Unhealthy' });
  });
  await operatorSaysUntil(space, 'OK', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Manual']);
  });
});

test.concurrent('an operator that cannot ask, and a monitor without data or that is gone, say nothing', async () => {
  const space = await world().space('datadog-mute');
  await space.put(datadogMonitor('errors', { labels: { app: 'errors' }, annotations: enabled }));
  await checkOf(space);
  await space.application(judgedBy('errors'));
  const ready = (reason: string) => [{ type: 'Ready', status: 'False', reason }];
  await operatorSaysUntil(
    space,
    'OK',
    async () => {
      const { status } = await checkOf(space);
      expect(status).toMatchObject({ status: 'Pending', conditions: ready('NoData') });
      expect(status?.message).toContain('error getting monitor');
    },
    { monitorStateSyncStatus: 'error getting monitor' },
  );
  await operatorSays(space, 'No Data');
  await saysOf(space, { status: 'Pending', message: expect.stringContaining('it says No Data') as string });
  await space.put(
    object('kuberik.com/v1alpha1', 'HealthCheck', 'by-hand', {
      class: 'datadog',
      datadog: { monitorRef: { name: 'none' } },
    }),
  );
  await eventually(async () => {
    expect((await space.get(HealthCheck, 'by-hand')).status).toMatchObject({ conditions: ready('MonitorNotFound') });
  });
  await space.reaches(['v1.0.0 Deploying Automatic']);
  await space.patch(HealthCheck, 'datadog-check-errors', { spec: { noDataPolicy: 'Healthy' } });
  await operatorSaysUntil(space, 'No Data', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
});

test.concurrent('the check of a monitor is kept in step with it, and goes with it', async () => {
  const space = await world().space('datadog-step');
  const more = {
    labels: {
      app: 'errors',
      team: 'web',
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kuberik.com/managed-by': 'mine',
    },
    annotations: { ...enabled, note: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  };
  await space.put(datadogMonitor('errors', more));
  const monitor = await space.get(DatadogMonitor, 'errors');
  const check = await checkOf(space);
  expect(check.metadata).toMatchObject({
    labels: {
      app: 'errors',
      team: 'web',
      'kuberik.com/datadog-monitor': 'errors',
      'kuberik.com/managed-by': 'datadog-controller',
    },
    annotations: {
      note: 'a',
      'kuberik.com/datadog-monitor-name': 'errors',
      'kuberik.com/datadog-monitor-uid': monitor.metadata.uid,
    },
    ownerReferences: [{ apiVersion: 'datadoghq.com/v1alpha1', kind: 'DatadogMonitor', controller: true }],
  });
  expect(check.spec).toMatchObject({ class: 'datadog', datadog: { monitorRef: { name: 'errors' } } });
  expect(Object.keys({ ...check.metadata.labels, ...check.metadata.annotations })).toHaveLength(7);

  await space.patch(HealthCheck, 'datadog-check-errors', {
    metadata: { labels: { own: 'label' } },
    spec: { datadog: { warn: 'Healthy' } },
  });
  // Some are taken away, nothing is added.
  await space.put(datadogMonitor('errors', { labels: { app: 'errors' }, annotations: enabled }));
  await eventually(async () => {
    const { metadata, spec } = await checkOf(space);
    expect(metadata.labels).toEqual({
      app: 'errors',
      own: 'label',
      'kuberik.com/datadog-monitor': 'errors',
      'kuberik.com/managed-by': 'datadog-controller',
    });
    expect(metadata.annotations).not.toHaveProperty('note');
    expect(spec.datadog).toEqual({ monitorRef: { name: 'errors' }, warn: 'Healthy' });
  });

  await space.remove(HealthCheck, 'datadog-check-errors');
  await checkOf(space);
  await space.patch(DatadogMonitor, 'errors', { metadata: { annotations: { 'kuberik.com/health-check': 'false' } } });
  await goes(space);
  await space.patch(DatadogMonitor, 'errors', { metadata: { annotations: enabled } });
  await checkOf(space);
  await space.remove(DatadogMonitor, 'errors');
  await goes(space);
});

const goes = (space: Space): Promise<void> => space.gone(HealthCheck, 'datadog-check-errors');

test.concurrent("upstream's check becomes ours, somebody else's stays as it is, and a long name is told", async () => {
  const space = await world().space('datadog-names');
  await space.put(datadogMonitor('old', { labels: { app: 'old' } }));
  const { metadata } = await space.get(DatadogMonitor, 'old');
  const upstream = {
    labels: { app: 'old', 'kuberik.com/managed-by': 'datadog-controller', 'kuberik.com/datadog-monitor': 'old' },
    annotations: { 'kuberik.com/datadog-monitor-name': 'old' },
    ownerReferences: [{ apiVersion: 'datadoghq.com/v1alpha1', kind: 'DatadogMonitor', name: 'old', uid: metadata.uid }],
  };
  await space.create({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'HealthCheck',
    metadata: { name: 'datadog-check-old', ...upstream },
  } as never);
  await space.put(object('kuberik.com/v1alpha1', 'HealthCheck', 'datadog-check-taken', { class: 'somebody-elses' }));
  const long = `${'long-'.repeat(48)}name`;
  await space.put(
    datadogMonitor('old', { labels: { app: 'old' }, annotations: enabled }),
    datadogMonitor('taken', { annotations: enabled }),
    datadogMonitor(long, { annotations: enabled }),
  );
  await eventually(async () => {
    expect((await space.get(HealthCheck, 'datadog-check-old')).spec).toMatchObject({ class: 'datadog' });
    const { items } = await space.client.list(HealthCheck, { namespace: space.namespace });
    const names = (items as HealthCheck[]).map((item) => item.metadata.name);
    expect(names.find((name) => name.startsWith('datadog-check-long-'))).toMatch(/^[-a-z0-9]{200,253}$/);
    const { items: events } = await space.client.list(Events, { namespace: space.namespace });
    const told = (events as { reason: string; message: string }[]).map(({ reason }) => reason);
    expect(told).toEqual(expect.arrayContaining(['NameTaken', 'NameShortened']));
  });
  expect((await space.get(HealthCheck, 'datadog-check-taken')).spec).toMatchObject({ class: 'somebody-elses' });
  await space.patch(DatadogMonitor, 'taken', { metadata: { annotations: { 'kuberik.com/health-check': null } } });
  await space.patch(DatadogMonitor, 'old', { metadata: { annotations: { 'kuberik.com/health-check': null } } });
  await space.gone(HealthCheck, 'datadog-check-old');
  expect((await space.get(HealthCheck, 'datadog-check-taken')).spec).toMatchObject({ class: 'somebody-elses' });
});

const Events = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  parse: (item: unknown) => item as never,
};
