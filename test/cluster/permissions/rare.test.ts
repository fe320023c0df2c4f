/** Rights that are needed only when something has gone wrong, or where an API server asks for more than others do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { eventually } from '../../support/eventually.ts';
import {
  fills,
  foreignCheck,
  imagePolicy,
  imageRepository,
  kustomization,
  object,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import { type ControlPlane, connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import { ApiProxy, type Passed } from '../runtime/support/proxy.ts';
import { clusterScoped } from '../runtime/support/settings.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import { serviceAccountToken, shipped, startController } from '../support/controller.ts';
import { kubectl } from '../support/kubectl.ts';
import { controllerUser, readLedger } from './ledger.ts';
import { impliedRights, isRefused, rightOf } from './rights.ts';

let plane: ControlPlane;
let cluster: Cluster;
let proxy: ApiProxy;
const parts = new AsyncDisposableStack();
/** Resources that the controller gets no news of, and until when. */
const hidden = new Map<string, Promise<undefined>>();
/** Of these, once each, a write is overtaken: by another one, and by a list that shows only that one. */
const overtaken = new Set([
  'rolloutgates',
  'rolloutschedules',
  'clusterrolloutschedules',
  'kustomizations',
  'ocirepositories',
]);

beforeAll(async () => {
  // As OpenShift's API server.
  const apiServerFlags = ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'];
  plane = parts.use(await startControlPlane({ name: 'rare', workloads: false, apiServerFlags }));
  const connection = connectionTo(plane);
  cluster = parts.use(openClusterAt(connection));
  proxy = parts.use(await ApiProxy.start(plane, await serviceAccountToken(connection, shipped().serviceAccount)));
  proxy.treat = ({ method, path }) => {
    const [, version = '', namespace = '', resource = ''] =
      /^\/apis\/([^?]+?)(\/namespaces\/[^/]+)?\/([a-z]+)(?:[/?]|$)/.exec(path) ?? [];
    const until = hidden.get(resource);
    if (method === 'GET') return until === undefined ? 'pass' : { wait: until };
    if (method === 'DELETE' || !overtaken.delete(resource)) return 'pass';
    // From here on nothing is seen until somebody else has written as well.
    const changed = Promise.withResolvers<undefined>();
    hidden.set(resource, changed.promise);
    proxy.expireWatches(resource);
    const meanwhile = async (): Promise<void> => {
      await change(`/apis/${version}${namespace}/${resource}`, resource);
      const since = performance.now();
      changed.resolve(undefined);
      hidden.delete(resource);
      await listed(resource, since);
    };
    return { meanwhile };
  };
  parts.use(await startController({ ...connection, server: proxy.cluster.server }, 'rare-controller'));
});
afterAll(() => parts.disposeAsync());

/** Somebody else writes every object of a list. */
async function change(list: string, resource: string): Promise<void> {
  const { connection } = cluster;
  const { items } = JSON.parse(await kubectl(connection, 'get', '--raw', list)) as { items: readonly KubeObject[] };
  const patch = JSON.stringify({ metadata: { annotations: { 'example.com/somebody': 'was faster' } } });
  const [group = ''] = list.split('/').slice(2);
  for (const { metadata } of items) {
    const space = metadata.namespace === undefined ? [] : ['-n', metadata.namespace];
    await kubectl(connection, ...space, 'patch', `${resource}.${group}`, metadata.name, '--type=merge', '-p', patch);
  }
}

/** @param since `performance.now()` */
async function listed(resource: string, since: number): Promise<void> {
  const isList = ({ path, answeredAt = 0 }: Passed): boolean =>
    path.includes(`/${resource}?`) && !path.includes('watch=true') && answeredAt > since;
  await eventually(() => {
    expect(proxy.requests.some(isList), resource).toBe(true);
  });
}

const events = () => readLedger('rare').flatMap(({ events: all, flags }) => all.map((event) => ({ event, flags })));

function used(): ReadonlySet<string | undefined> {
  const theirs = events().filter(({ event }) => event.user.username === controllerUser);
  return new Set(theirs.flatMap(({ event, flags }) => [rightOf(event), ...impliedRights(event, flags.join(' '))]));
}

test('whose write and a list overlap reads the object', async () => {
  const space = await cluster.space('lost');
  const annotations = { 'rollout.kuberik.com/rollout': 'source' };
  const schedule = { rolloutSelector: {}, rules: [{ name: 'all' }], action: 'Allow' };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': space.namespace } };
  await space.push('v1.0.0');
  await space.put(
    ...['app', 'source'].flatMap((name) => [imageRepository(name, space.image()), imagePolicy(name)]),
    ociRepository('source', space.image(), {}, { annotations }),
    kustomization('app', { suspend: true }, fills('app')),
    object('kuberik.com/v1alpha1', 'RolloutSchedule', 'mine', schedule),
    object('kuberik.com/v1alpha1', 'ClusterRolloutSchedule', 'everybody', { ...schedule, namespaceSelector }),
    foreignCheck('app'),
    rollout('app', { bakeTime: '1s', healthCheckSelector: { matchLabels: { app: 'app' } } }),
    rollout('source'),
  );
  const kinds = ['rolloutgates.kuberik.com', 'rolloutschedules.kuberik.com'];
  kinds.push('clusterrolloutschedules.kuberik.com', 'kustomizations.kustomize.toolkit.fluxcd.io');
  kinds.push('ocirepositories.source.toolkit.fluxcd.io');
  await eventually(() => {
    const rights = used();
    expect(kinds.filter((kind) => !rights.has(`get ${kind}`))).toEqual([]);
  });
  // And everything goes on as if nothing had happened.
  await eventually(async () => {
    expect((await space.entries()).map(({ version }) => version.tag)).toEqual(['v1.0.0']);
    expect((await space.client.list(RolloutGate, { namespace: space.namespace })).items).toHaveLength(4);
  });
  await space.judgeUntil('app', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  expect((await space.get(HealthCheck)).status?.status).toBe('Healthy');
});

test('a gate that holds up the deletion of its schedule takes a right of its own there', () => {
  const rights = used();
  for (const kind of ['rolloutschedules', 'clusterrolloutschedules']) {
    expect(rights).toContain(`update ${kind}.kuberik.com/finalizers`);
  }
});

test('a Rollout that does not fit its schema any more is told so in its conditions alone', async () => {
  const space = await cluster.space('odd');
  const { client } = plane.admin;
  const definitions = clusterScoped('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions');
  const key = { namespace: '', name: 'rollouts.kuberik.com' };
  const { spec } = (await client.get(definitions, key)) as KubeObject & { spec: { versions: readonly object[] } };
  const anything = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = async (all: readonly object[]): Promise<void> => {
    await client.patch(definitions, key, { type: 'merge', body: { spec: { versions: all } } });
  };
  // As a definition of long ago would have let it in.
  await versions(spec.versions.map((version) => ({ ...version, schema: anything })));
  const odd = rollout('odd', { bakeTime: 7, releasesImagePolicy: ['nothing'] });
  await eventually(() => space.put(odd));
  const raw = { ...Rollout, parse: (value: unknown) => value as KubeObject };
  await eventually(async () => {
    const { status } = (await client.get(raw, { namespace: space.namespace, name: 'odd' })) as {
      status?: { conditions: unknown };
    };
    expect(status?.conditions).toMatchObject(expect.arrayContaining([expect.objectContaining({ status: 'False' })]));
  });
  await versions(spec.versions);
  expect(used()).toContain('patch rollouts.kuberik.com/status');
});

test('and nothing of that was refused', () => {
  const theirs = events().filter(({ event }) => event.user.username === controllerUser && isRefused(event));
  expect(theirs.map(({ event }) => rightOf(event))).toEqual([]);
});
