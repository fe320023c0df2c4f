/** From upstream to here and back again, on the real API server. The steps are one story. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { Kustomization, SUBSTITUTE_PATH } from '../../../src/integrations/flux/kustomization.ts';
import { LEGACY_FIELD_MANAGER, managersBelow } from '../../../src/integrations/flux/managers.ts';
import { OCIRepository, REFERENCE_PATH } from '../../../src/integrations/flux/oci-repository.ts';
import { Lease } from '../../../src/kube/lease.ts';
import { eventually } from '../../support/eventually.ts';
import { object } from '../../support/objects.ts';
import { type ControlPlane, connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import { base } from '../install/installation.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import { type ControllerProcess, NAMESPACE, startController } from '../support/controller.ts';
import { kubectl, kubectlWith } from '../support/kubectl.ts';
import type { ClusterSpace } from '../support/space.ts';
import { applyAs, deployed, judges, scheduledGate, targets } from './legacy.ts';
import { bakeStart, shapes, variableOf } from './shapes.ts';
import { definitions, oldestDefinitions, upstreamClient } from './upstream.ts';

const names = Object.keys(shapes);
const variables = names.map(variableOf);
const holder = 'rollout-controller-7d9f_0b1c';
/** Upstream's name for it. */
const leaseKey = { namespace: NAMESPACE, name: '8108ddc4.kuberik.com' };

let plane: ControlPlane;
let cluster: Cluster;
let upstream: ReturnType<typeof upstreamClient>;
let space: ClusterSpace;
let controller: ControllerProcess;
const parts = new AsyncDisposableStack();

beforeAll(async () => {
  plane = parts.use(await startControlPlane({ name: 'migration', workloads: false, install: false }));
  const connection = connectionTo(plane);
  upstream = upstreamClient(connection);
  parts.defer(() => upstream.close());
  cluster = parts.use(openClusterAt(connection));
  space = await cluster.space('legacy');
  await define(oldestDefinitions());
  const { 'plain-strings': oldest, ...others } = shapes;
  if (oldest !== undefined) await deployed(space, upstream, 'plain-strings', oldest);
  await define(definitions());
  await targets(space, upstream, [...names, 'patched']);
  for (const [name, shape] of Object.entries(others)) await deployed(space, upstream, name, shape);
  for (const name of ['patched', 'source']) await deployed(space, upstream, name, { history: [runs('v1.0.0')] });
  await judges(space, upstream);
});
afterAll(() => parts.disposeAsync());

/** As upstream's users install it. */
async function define(list: readonly object[]): Promise<void> {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: list });
  await kubectlWith(cluster.connection, text, 'apply', '-f', '-');
  await kubectl(cluster.connection, 'wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all');
}

const runs = (tag: string) => ({
  id: 3,
  version: { tag },
  timestamp: '2026-07-02T10:00:00Z',
  message: 'Automatic deployment',
  triggeredBy: { kind: 'System', name: 'rollout-controller' },
  bakeStatus: 'Succeeded',
});

/** Who owns what carries a version; the types of the sources drop what this is read from. */
async function owners(type: typeof Kustomization | typeof OCIRepository, name: string): Promise<unknown> {
  const raw = await space.typeOf(object(type.apiVersion, type.kind, name, {}));
  const { managedFields = [] } = (await space.get(raw, name)).metadata;
  return managersBelow(managedFields, type === Kustomization ? SUBSTITUTE_PATH : REFERENCE_PATH);
}

async function generations(): Promise<readonly unknown[]> {
  const read = [space.get(Kustomization), space.get(OCIRepository, 'applied'), space.get(OCIRepository, 'patched')];
  return (await Promise.all(read)).map(({ metadata, spec }) => [metadata.name, metadata.generation, spec]);
}

async function lead(identity: string): Promise<void> {
  const now = Temporal.Now.instant().toString({ fractionalSecondDigits: 6 });
  const times = { acquireTime: now, renewTime: now };
  const spec = { holderIdentity: identity, leaseDurationSeconds: 15, leaseTransitions: 3, ...times };
  const { apiVersion, kind } = Lease;
  const lease = { apiVersion, kind, metadata: leaseKey, spec };
  await cluster.client.apply(Lease, lease, { fieldManager: 'rollout-controller', force: true });
}

const ours = () => Object.fromEntries(variables.map((name, index) => [name, [`kuberik-rollout/${names[index]}`]]));

let before: readonly unknown[];

test('it is installed over upstream, and waits for as long as upstream leads', async () => {
  before = await generations();
  const { connection } = cluster;
  await kubectl(connection, 'apply', '--server-side', '--warnings-as-errors', '-k', base);
  await lead(holder);
  controller = parts.use(await startController(connection, 'migrated-controller'));
  // Ready, so that it can take over; but another one leads, and is alive.
  await lead(holder);
  expect((await cluster.client.get(Lease, leaseKey)).spec?.holderIdentity).toBe(holder);
  expect(await generations()).toEqual(before);
  const legacy = expect.arrayContaining([LEGACY_FIELD_MANAGER]) as unknown;
  expect(await owners(Kustomization, 'app')).toMatchObject(Object.fromEntries(variables.map((name) => [name, legacy])));
  // What is stored is as old as it says.
  const oldest = ['get', 'rollout', 'plain-strings', '-o', 'jsonpath={.status.history[*].version}'];
  expect(await kubectl(connection, '-n', space.namespace, ...oldest)).toBe('v1.0.0 v0.9.0');
});

test('then each Rollout owns its own field, and nothing else has changed', async () => {
  await eventually(async () => {
    expect(await owners(Kustomization, 'app')).toEqual({
      ...ours(),
      HAND: ['person', LEGACY_FIELD_MANAGER],
      PATCHED: ['kuberik-rollout/patched'],
    });
    for (const name of ['applied', 'patched']) {
      expect(await owners(OCIRepository, name)).toEqual({ tag: ['kuberik-rollout/source'] });
    }
  }, 60_000);
  expect(await generations()).toEqual(before);
  expect((await cluster.client.get(Lease, leaseKey)).spec?.leaseTransitions).toBe(4);
});

test.each(Object.entries(shapes))('the history of %s is what it was', async (name, { history }) => {
  const entries = await space.entries(name);
  expect(entries).toHaveLength(history.length);
  const stillThere = history.map((entry) => {
    const { version, bakeStatus, ...rest } = entry;
    const over = name === 'baking' ? {} : { ...(bakeStatus !== undefined && { bakeStatus }) };
    return { ...rest, ...over, version: typeof version === 'string' ? { tag: version } : version };
  });
  expect(entries).toMatchObject(stillThere);
  expect(await space.condition('TargetsUpdated', name)).toMatchObject({ status: 'True' });
});

test('a verdict that upstream left is believed until there is a new deployment', async () => {
  expect((await space.get(HealthCheck, 'checked')).status).toMatchObject({ status: 'Healthy' });
  expect(await space.condition('Ready', 'checked')).toMatchObject({ status: 'True' });
});

test('a bake that had begun ends when it would have ended', async () => {
  await eventually(async () => {
    expect(await space.history('baking')).toEqual(['v1.0.0 Succeeded ']);
  }, 90_000);
  const [entry] = await space.entries('baking');
  expect(entry?.bakeStartTime).toBe(bakeStart);
  const end = Temporal.Instant.from(bakeStart).add({ minutes: 10 });
  expect(Temporal.Instant.compare(Temporal.Instant.from(entry?.bakeEndTime ?? ''), end)).toBeGreaterThanOrEqual(0);
});

test('a deployment that waited for its checks goes on when they are healthy', async () => {
  expect(await space.history('deploying')).toEqual(['v1.0.0 Deploying ']);
  await space.judgeUntil('deploying', 'Healthy', async () => {
    expect(await space.history('deploying')).toEqual(['v1.0.0 Succeeded ']);
  });
});

test('the next release is deployed, but where somebody has to let it through', async () => {
  await space.push('v1.1.0');
  await space.push('v1.1.0', { name: 'manifests' });
  const free = names.filter((name) => shapes[name]?.unblock !== true);
  const newest = async (name: string) =>
    (await space.history(name)).slice(0, 2).map((line) => line.replace(/ \w*$/, ''));
  const expectNext = async (list: readonly string[]): Promise<void> => {
    await eventually(async () => {
      const found = await Promise.all(list.map(async (name) => [name, ...(await newest(name))]));
      expect(found).toEqual(list.map((name) => [name, ...(shapes[name]?.next ?? [])]));
    }, 60_000);
  };
  await expectNext(free);
  expect(await newest('failed')).toEqual(['v1.0.0 Failed', 'v0.9.0 Succeeded']);
  expect(await newest('gated')).toEqual(['v1.0.0 Succeeded']);
  await space.annotate({ 'unblock-failed': 'true' }, 'failed');
  await space.put(scheduledGate(true));
  await expectNext(names);
  for (const name of names) expect((await space.entries(name))[0]?.id, name).toBe(shapes[name]?.nextId);
  await eventually(async () => {
    expect(await space.variables()).toEqual({
      HAND: 'by hand',
      PATCHED: 'v1.1.0',
      ...Object.fromEntries(variables.map((name) => [name, 'v1.1.0'])),
    });
    for (const name of ['applied', 'patched']) {
      expect((await space.get(OCIRepository, name)).spec.ref?.tag).toBe('v1.1.0');
    }
  });
  // No variable ever carried anything else on the way.
  for (const name of variables) expect(await space.carried('app', name)).toEqual(['placeholder', 'v1.0.0', 'v1.1.0']);
});

test('upstream takes over again: the lease is free, and its apply wins', async () => {
  await controller.part.kill('SIGTERM');
  expect((await cluster.client.get(Lease, leaseKey)).spec?.holderIdentity ?? '').toBe('');
  await define(definitions());
  for (const name of names) {
    const { apiVersion, kind, metadata, spec, status } = await space.get(Rollout, name);
    // What upstream does not know is gone as soon as it looks.
    for (const entry of status?.history ?? []) expect(entry).not.toHaveProperty('trigger');
    expect(status).not.toHaveProperty('rejectedReleases');
    // It writes back what it read, and its own conditions for ours.
    const written = { apiVersion, kind, metadata, spec, status: { ...status, conditions: [] } };
    await upstream.replace(Rollout, written, { subresource: 'status' });
  }
  const { history = [] } = (await space.get(Rollout, 'succeeded')).status ?? {};
  const manual = { ...runs('v1.2.0'), id: 11, message: 'Manual deployment' };
  await upstream.patch(
    Rollout,
    { namespace: space.namespace, name: 'succeeded' },
    { type: 'merge', body: { status: { history: [manual, ...history] } } },
    { subresource: 'status' },
  );
  const substitute = { ...(await space.variables()), SUCCEEDED: 'v1.2.0' };
  await applyAs(upstream, space, Kustomization, 'app', { postBuild: { substitute } });
  await applyAs(upstream, space, OCIRepository, 'applied', { ref: { tag: 'v1.1.0' } });
  expect(await space.variables()).toMatchObject({ SUCCEEDED: 'v1.2.0', FAILED: 'v1.1.0' });
});

test('and back here once more: what upstream deployed goes on running, and the next release is deployed', async () => {
  before = await generations();
  const { connection } = cluster;
  await kubectl(connection, 'apply', '--server-side', '--warnings-as-errors', '-k', base);
  parts.use(await startController(connection, 'returned-controller'));
  await eventually(async () => {
    expect(await owners(Kustomization, 'app')).toMatchObject({ ...ours(), PATCHED: ['kuberik-rollout/patched'] });
    expect(await owners(OCIRepository, 'applied')).toEqual({ tag: ['kuberik-rollout/source'] });
  }, 60_000);
  expect(await generations()).toEqual(before);
  expect((await space.entries('succeeded')).map(({ id, version }) => [id, version.tag])).toEqual([
    [11, 'v1.2.0'],
    [10, 'v1.1.0'],
    [9, 'v1.0.0'],
    [8, 'v0.9.1'],
    [7, 'v0.9.0'],
  ]);
  await space.push('v1.3.0');
  await eventually(async () => {
    for (const name of ['succeeded', 'plain-strings', 'failed', 'checked']) {
      expect((await space.history(name))[0], name).toBe('v1.3.0 Succeeded Automatic');
    }
    expect(await space.variables()).toMatchObject({ SUCCEEDED: 'v1.3.0', PLAIN_STRINGS: 'v1.3.0', HAND: 'by hand' });
  }, 60_000);
});
