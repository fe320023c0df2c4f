import { beforeEach, describe, expect, it } from 'vitest';
import { HealthCheck, HealthClass } from '../../api/health-check.ts';
import type { KubeObject, ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { MemoryCluster } from '../../integrations/flux/testing/memory-cluster.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { healthCheckController } from './controller.ts';
import type { CachedInventory } from './kustomization/cached-inventory.ts';
import { parseInventoryId } from './kustomization/inventory.ts';
import { createPluralOf, guessPlural } from './kustomization/kinds.ts';
import { kustomizationClass } from './kustomization/kustomization-class.ts';

let cluster: MemoryCluster;
let changed: ((kustomization: ObjectKey) => void) | undefined;
const clock = createFakeClock();

beforeEach(() => {
  cluster = new MemoryCluster();
  changed = undefined;
});

const inventory: CachedInventory = {
  get: async () => undefined,
  onChange(listener) {
    changed = listener;
    return { [Symbol.dispose]: () => (changed = undefined) };
  },
};

function controller() {
  const reader = createLiveReader(cluster);
  const classes = new Map([[HealthClass.Kustomization, kustomizationClass({ reader, inventory, clock })]]);
  return healthCheckController({ client: cluster, reader, classes, events: { record: () => undefined }, clock });
}

async function woken(kind: string, current: object | undefined, previous?: object): Promise<string[]> {
  const source = controller().watches.find(({ type }) => type.kind === kind)!;
  const keys = await source.wakes(current as KubeObject | undefined, previous as KubeObject | undefined);
  return [...keys].map(({ namespace, name }) => `${namespace}/${name}`);
}

function object(type: { apiVersion: string; kind: string }, namespace: string, name: string, rest: object = {}) {
  const { metadata, ...parts } = rest as { metadata?: object };
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: { namespace, name, ...metadata },
    spec: {},
    ...parts,
  };
}

function check(namespace: string, name: string, kustomization: string, labels = {}) {
  const annotations = { 'healthcheck.kuberik.com/kustomization': kustomization };
  return object(HealthCheck, namespace, name, { metadata: { annotations, labels }, spec: { class: 'kustomization' } });
}

function rollout(tag: string, selector: object) {
  return object(Rollout, 'team', 'app', {
    spec: { releasesImagePolicy: { name: 'app' }, healthCheckSelector: selector },
    status: { history: [{ version: { tag }, timestamp: '2026-01-01T00:00:00Z' }] },
  });
}

describe('what wakes a check', () => {
  beforeEach(() => {
    cluster.put(check('team', 'near', 'app', { app: 'app' }));
    cluster.put(check('other', 'far', 'team/app', { app: 'app' }));
    cluster.put(check('team', 'apart', 'web'));
    cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { env: 'test' } } });
  });

  it('a deployment of a Rollout that selects it, across namespaces (A2), and nothing else of a Rollout', async () => {
    const near = { matchLabels: { app: 'app' } };
    const far = { selector: {}, namespaceSelector: { matchLabels: { env: 'test' } } };
    expect(await woken('Rollout', rollout('2.0.0', near), rollout('1.0.0', near))).toEqual(['team/near']);
    expect(await woken('Rollout', rollout('2.0.0', far), rollout('1.0.0', far))).toEqual(['other/far']);
    expect(await woken('Rollout', rollout('2.0.0', far), rollout('2.0.0', near))).toEqual(['other/far', 'team/near']);
    expect(await woken('Rollout', rollout('2.0.0', near), rollout('2.0.0', near))).toEqual([]);
  });

  it('its Kustomization and what feeds that, when something changed', async () => {
    const kustomization = object(Kustomization, 'team', 'app', {
      spec: { sourceRef: { kind: 'OCIRepository', name: 'source' } },
    });
    cluster.put(kustomization);
    expect(await woken('Kustomization', kustomization)).toEqual(['other/far', 'team/near']);
    expect(await woken('Kustomization', kustomization, kustomization)).toEqual([]);
    expect(await woken('OCIRepository', object(OCIRepository, 'team', 'source'))).toEqual(['other/far', 'team/near']);
    expect(await woken('OCIRepository', object(OCIRepository, 'other', 'source'))).toEqual([]);
  });

  it('a label of its namespace', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { env: 'prod' } } };
    expect(await woken('Namespace', namespace)).toEqual(['other/far']);
  });

  it('an object of the inventory, until the controller stops', async () => {
    const keys: string[] = [];
    const stop = new AbortController();
    controller().start?.(({ namespace, name }) => keys.push(`${namespace}/${name}`), stop.signal);
    changed?.({ namespace: 'team', name: 'app' });
    await expect.poll(() => keys).toEqual(['other/far', 'team/near']);
    stop.abort();
    expect(changed).toBeUndefined();
  });
});

describe('inventories', () => {
  it.each([
    [
      'team_web_apps_Deployment',
      { apiVersion: 'apps/v1', kind: 'Deployment', key: { namespace: 'team', name: 'web' } },
    ],
    [
      '_system__reader_rbac.authorization.k8s.io_ClusterRole',
      { kind: 'ClusterRole', key: { namespace: '', name: 'system:reader' } },
    ],
    ['team_config__ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', key: { namespace: 'team', name: 'config' } }],
    ['a_b_c_apps_Deployment', 'too many fields within: a_b_c_apps_Deployment'],
    ['a_b', 'too few fields within: a_b'],
    ['', 'too few fields within: '],
  ])('%s', (id, expected) => {
    const entry = parseInventoryId(id, 'v1');
    if (typeof expected === 'string') expect(entry).toBe(expected);
    else expect(entry).toMatchObject(expected);
  });

  it('names kinds as the API server does', async () => {
    expect(['Deployment', 'Ingress', 'NetworkPolicy', 'Endpoints', 'Pod'].map(guessPlural)).toEqual([
      'deployments',
      'ingresses',
      'networkpolicies',
      'endpoints',
      'pods',
    ]);
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
    };
    cluster.put({ ...definition, spec: { group: 'example.com', names: { kind: 'Proxy', plural: 'proxys' } } });
    const pluralOf = createPluralOf(createLiveReader(cluster), clock);
    expect(await Promise.all([pluralOf('example.com/v1', 'Proxy'), pluralOf('example.com/v1', 'Proxy')])).toEqual([
      'proxys',
      'proxys',
    ]);
    expect(await pluralOf('apps/v1', 'Deployment')).toBe('deployments');
    expect(await pluralOf('example.com/v1', 'Other')).toBe('others');
    expect(cluster.requests).toHaveLength(1);
  });
});
