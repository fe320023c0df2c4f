import { beforeEach, describe, expect, it } from 'vitest';
import { HealthCheck } from '../../api/health-check.ts';
import type { KubeObject } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { MemoryCluster } from '../../integrations/flux/testing/memory-cluster.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { deliveryOf, deliveryWatches } from './delivery.ts';

let cluster: MemoryCluster;
beforeEach(() => {
  cluster = new MemoryCluster();
});

type Type = { readonly apiVersion: string; readonly kind: string };
type More = {
  readonly annotations?: object;
  readonly labels?: object;
  readonly spec?: object;
  readonly status?: object;
};

function put({ apiVersion, kind }: Type, name: string, { annotations, labels, spec = {}, status }: More) {
  const metadata = { namespace: 'team', name, generation: 2, annotations, labels };
  const object = { apiVersion, kind, metadata, spec, ...(status && { status }) };
  cluster.put(object);
  return object as unknown as KubeObject;
}

function rollout(name: string, tag?: string): void {
  const history = tag === undefined ? [] : [{ version: { tag }, timestamp: '2026-01-05T12:00:00Z' }];
  const healthCheckSelector = { matchLabels: { app: name } };
  put(Rollout, name, { spec: { releasesImagePolicy: { name }, healthCheckSelector }, status: { history } });
}

/** A Kustomization that has a variable for a Rollout, or applies a source. @param applied of the source, a revision */
function kustomization(name: string, carries: Record<string, string>, applied?: string | boolean): KubeObject {
  const variables = Object.keys(carries).map((of) => [`rollout.kuberik.com/substitute.${of}.from`, of]);
  const observedGeneration = applied === false ? 1 : 2;
  const source = typeof applied === 'string' && { sourceRef: { kind: 'OCIRepository', name: 'source' } };
  return put(Kustomization, name, {
    annotations: Object.fromEntries(variables),
    spec: { postBuild: { substitute: carries }, ...source },
    status: {
      observedGeneration,
      conditions: [{ type: 'Ready', status: 'True', observedGeneration }],
      ...(typeof applied === 'string' && { lastAppliedRevision: applied, lastAttemptedRevision: applied }),
    },
  });
}

function source(tag: string, revision: string): KubeObject {
  const annotations = { 'rollout.kuberik.com/rollout': 'app' };
  return put(OCIRepository, 'source', { annotations, spec: { ref: { tag } }, status: { artifact: { revision } } });
}

async function delivery(...names: readonly string[]) {
  const reader = createLiveReader(cluster);
  const rollouts = await Promise.all(names.map((name) => cluster.get(Rollout, { namespace: 'team', name })));
  return deliveryOf(reader, rollouts);
}

describe('whether Flux has applied what was deployed', () => {
  it('nothing is waited for where nobody deploys, or nothing carries a version', async () => {
    expect(await delivery()).toMatchObject({ progress: 'applied', revision: undefined });
    rollout('app', 'v2');
    expect(await delivery('app')).toMatchObject({ progress: 'applied', revision: undefined });
    rollout('other');
    kustomization('other', { other: 'v0' }, false);
    expect(await delivery('other')).toMatchObject({ progress: 'applied' });
  });

  it.each([
    ['a variable that still carries the version before', { app: 'v1' }, true, 'waiting'],
    ['a variable that Flux has not come to', { app: 'v2' }, false, 'waiting'],
    ['a variable that Flux has applied', { app: 'v2' }, true, 'applied'],
  ] as const)('%s', async (_what, carries, applied, progress) => {
    rollout('app', 'v2');
    kustomization('app', carries, applied);
    const expected = { progress, revision: 'v2', message: 'Waiting for Flux to apply v2' };
    expect(await delivery('app')).toMatchObject(expected);
  });

  it('the target that is least far decides, whosever it is', async () => {
    rollout('app', 'v2');
    rollout('other', 'v7');
    kustomization('one', { app: 'v2' }, true);
    kustomization('two', { other: 'v6' }, true);
    expect(await delivery('app')).toMatchObject({ progress: 'applied', revision: 'v2' });
    expect(await delivery('app', 'other')).toMatchObject({
      progress: 'waiting',
      message: 'Waiting for Flux to apply v7',
    });
    kustomization('two', { other: 'v7' }, true);
    expect(await delivery('app', 'other')).toMatchObject({ progress: 'applied', revision: 'v2, v7' });
  });

  it('a source counts when its Kustomization has applied what it fetched', async () => {
    rollout('app', 'v2');
    source('v2', 'v1@sha256:aa');
    kustomization('app', {}, 'v1@sha256:aa');
    expect(await delivery('app')).toMatchObject({ progress: 'waiting' });
    source('v2', 'v2@sha256:bb');
    expect(await delivery('app')).toMatchObject({ progress: 'waiting', revision: 'v2@sha256:bb' });
    kustomization('app', {}, 'v2@sha256:bb');
    expect(await delivery('app')).toMatchObject({ progress: 'applied', revision: 'v2@sha256:bb' });
  });

  it('a source that no Kustomization applies counts when it has fetched', async () => {
    rollout('app', 'v2');
    source('v2', 'v1@sha256:aa');
    expect(await delivery('app')).toMatchObject({ progress: 'waiting' });
    source('v2', 'v2@sha256:bb');
    expect(await delivery('app')).toMatchObject({ progress: 'applied', revision: 'v2@sha256:bb' });
  });

  it('a Kustomization that is suspended is told of', async () => {
    rollout('app', 'v2');
    const suspended = kustomization('app', { app: 'v2' }, false);
    cluster.put({ ...suspended, spec: { postBuild: { substitute: { app: 'v2' } }, suspend: true } });
    const message = 'Waiting for Flux to apply v2: the Kustomization is suspended';
    expect(await delivery('app')).toMatchObject({ message });
  });
});

describe('checks that wait for Flux are woken when it gets on', () => {
  const check = (name: string, of: string): KubeObject =>
    put(HealthCheck, name, { labels: { app: 'app' }, spec: { class: of } });

  async function woken(current: KubeObject, previous?: KubeObject): Promise<string[]> {
    const watches = deliveryWatches(createLiveReader(cluster), ['http', 'job']);
    const watch = watches.find(({ type }) => type.kind === current.kind);
    return [...((await watch?.wakes(current, previous)) ?? [])].map(({ name }) => name);
  }

  it('those of these classes that the Rollouts select, and no others', async () => {
    rollout('app', 'v2');
    for (const name of ['http', 'job', 'kustomization', 'foreign']) check(name, name);
    const before = kustomization('app', { app: 'v2' }, false);
    const after = kustomization('app', { app: 'v2' }, true);
    expect(await woken(after, before)).toEqual(['http', 'job']);
    expect(await woken(after, after)).toEqual([]);
    expect(await woken(kustomization('another', {}, true))).toEqual([]);
  });

  it('by the Kustomization of a source that carries the version, too', async () => {
    rollout('app', 'v2');
    check('http', 'http');
    expect(await woken(source('v2', 'v2@sha256:bb'), source('v2', 'v1@sha256:aa'))).toEqual(['http']);
    source('v2', 'v2@sha256:bb');
    expect(await woken(kustomization('app', {}, 'v2@sha256:bb'), kustomization('app', {}, 'v1@sha256:aa'))).toEqual([
      'http',
    ]);
  });
});
