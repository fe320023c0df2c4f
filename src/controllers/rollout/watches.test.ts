/** What wakes a Rollout (spec 20), and what does not: a change that cannot matter costs nothing (C3). */
import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../api/meta.ts';
import { keyText } from '../../api/meta.ts';
import { RolloutWorld } from './testing/world.ts';
import { rolloutWatches } from './watches.ts';

const policy = (name: string, changes: object = {}): KubeObject => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImagePolicy',
  metadata: { name, namespace: 'apps' },
  spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=0.0.0' } } },
  status: { latestRef: { name: 'registry.example/app', tag: '1.0.0' } },
  ...changes,
});
const check = (labels: Record<string, string>, namespace = 'apps', status: object = {}): KubeObject => ({
  apiVersion: 'kuberik.com/v1alpha1',
  kind: 'HealthCheck',
  metadata: { name: 'hc', namespace, labels },
  spec: {},
  status,
});
const kustomization = (annotations: Record<string, string>, changes: object = {}): KubeObject => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'app', namespace: 'apps', annotations },
  spec: { postBuild: { substitute: { VERSION: '1.0.0' } } },
  ...changes,
});
const gate = (rollout: string): KubeObject => ({
  apiVersion: 'kuberik.com/v1alpha1',
  kind: 'RolloutGate',
  metadata: { name: 'gate', namespace: 'apps' },
  spec: { rolloutRef: { name: rollout } },
});

let world: RolloutWorld;

async function woken(kind: string, current?: KubeObject, previous?: KubeObject): Promise<string[]> {
  const source = rolloutWatches(world.options).find(({ type }) => type.kind === kind);
  const keys = await source!.wakes(current, previous);
  return [...new Set([...keys].map(keyText))].sort();
}

beforeEach(() => {
  world = new RolloutWorld().release('1.0.0');
  const select = (app: string, namespaceSelector?: object) => ({
    healthCheckSelector: { selector: { matchLabels: { app } }, ...(namespaceSelector && { namespaceSelector }) },
  });
  const from = (name: string) => ({ releasesImagePolicy: { name } });
  world.put('Rollout', 'rollout-1', {
    spec: { ...from('app'), ...select('my-app', { matchLabels: { team: 'platform' } }) },
  });
  world.put('Rollout', 'rollout-2', { spec: { ...from('app'), ...select('other-app') } });
  world.put('Rollout', 'rollout-3', { spec: { ...from('other'), ...select('my-app') } });
});

describe('an ImagePolicy', () => {
  it('R27 wakes the Rollouts that name it', async () => {
    expect(await woken('ImagePolicy', policy('app'))).toEqual(['apps/app', 'apps/rollout-1', 'apps/rollout-2']);
    expect(await woken('ImagePolicy', undefined, policy('other'))).toEqual(['apps/rollout-3']);
  });

  it('that says the same as before wakes none', async () => {
    const scanned = policy('app', { metadata: { name: 'app', namespace: 'apps', resourceVersion: '7' } });
    expect(await woken('ImagePolicy', scanned, policy('app'))).toEqual([]);
  });
});

describe('an ImageRepository', () => {
  const repository = (revision: string, scanTime = ''): KubeObject => ({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageRepository',
    metadata: { name: 'app', namespace: 'apps' },
    spec: { image: 'registry.example/app' },
    status: { lastScanResult: { revision, scanTime } },
  });

  it('wakes them when a scan found something new, not at each scan', async () => {
    expect(await woken('ImageRepository', repository('b'), repository('a'))).toContain('apps/app');
    expect(await woken('ImageRepository', repository('a', '2'), repository('a', '1'))).toEqual([]);
  });
});

describe('a HealthCheck', () => {
  it('R120 B9 wakes the Rollouts whose selector matches, also without bakeTime', async () => {
    expect(await woken('HealthCheck', check({ app: 'my-app' }))).toEqual(['apps/rollout-1', 'apps/rollout-3']);
  });

  it('in another namespace wakes those with a namespaceSelector', async () => {
    expect(await woken('HealthCheck', check({ app: 'my-app' }, 'team'))).toEqual(['apps/rollout-1']);
  });

  it('that loses its label wakes the Rollout that it no longer judges', async () => {
    expect(await woken('HealthCheck', check({}), check({ app: 'other-app' }))).toEqual(['apps/rollout-2']);
  });

  it('that is deleted wakes as well', async () => {
    expect(await woken('HealthCheck', undefined, check({ app: 'other-app' }))).toEqual(['apps/rollout-2']);
  });
});

describe('a RolloutGate', () => {
  it('wakes the Rollout that it names, and the one that it named', async () => {
    expect(await woken('RolloutGate', gate('rollout-1'), gate('rollout-2'))).toEqual([
      'apps/rollout-1',
      'apps/rollout-2',
    ]);
    expect(await woken('RolloutGate', undefined, gate('gone'))).toEqual(['apps/gone']);
  });
});

describe('a target', () => {
  const from = (name: string) => ({ 'rollout.kuberik.com/substitute.VERSION.from': name });

  it('wakes its Rollout when what it carries, or for whom, changes', async () => {
    const drifted = kustomization(from('app'), { spec: { postBuild: { substitute: { VERSION: '0' } } } });
    expect(await woken('Kustomization', drifted, kustomization(from('app')))).toEqual(['apps/app']);
    expect(await woken('Kustomization', kustomization({}), kustomization(from('app')))).toEqual(['apps/app']);
    expect(await woken('Kustomization', undefined, kustomization(from('app')))).toEqual(['apps/app']);
  });

  it('that names two Rollouts wakes both, which say so', async () => {
    expect(await woken('Kustomization', kustomization(from('app, rollout-1')))).toEqual(['apps/app', 'apps/rollout-1']);
  });

  it('C3: at which Flux works wakes none', async () => {
    const applied = kustomization(from('app'), { status: { lastAppliedRevision: '1.0.0@sha256:0' } });
    expect(await woken('Kustomization', applied, kustomization(from('app')))).toEqual([]);
  });

  it('R25 an OCIRepository too', async () => {
    const source = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: 'app', namespace: 'apps', annotations: { 'rollout.kuberik.com/rollout': 'app' } },
      spec: { url: 'oci://registry.example/app', ref: { tag: '1.0.0' } },
    } as KubeObject;
    expect(await woken('OCIRepository', source)).toEqual(['apps/app']);
  });
});

describe('a Namespace', () => {
  it('wakes the Rollouts that select by namespace when its labels change', async () => {
    const namespace = (labels: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team', labels },
    });
    expect(await woken('Namespace', namespace({ team: 'platform' }), namespace({}))).toEqual(['apps/rollout-1']);
    expect(await woken('Namespace', namespace({}), namespace({}))).toEqual([]);
  });
});

describe('Flux at work on a Kustomization', () => {
  const flux = (generation: number, revision: string, checking: boolean): KubeObject => {
    const message = 'Running health checks for revision 1 with a timeout of 30s';
    const more = { observedGeneration: 1, lastTransitionTime: '2026-01-01T12:00:00Z', reason: 'Progressing', message };
    const conditions = checking
      ? [
          { type: 'Reconciling', status: 'True', ...more },
          { type: 'Ready', status: 'Unknown', ...more },
          { type: 'Healthy', status: 'Unknown', ...more },
        ]
      : [{ type: 'Ready', status: 'True', ...more, observedGeneration: generation }];
    const annotations = { 'rollout.kuberik.com/substitute.VERSION.from': 'rollout-1' };
    return kustomization(annotations, {
      metadata: { name: 'app', namespace: 'apps', annotations, generation },
      spec: { sourceRef: { kind: 'OCIRepository', name: 'app' } },
      status: { observedGeneration: checking ? 0 : generation, lastAttemptedRevision: revision, conditions },
    });
  };

  it('wakes its Rollout when it begins or ends to hold up a change, not when it checks the change itself', async () => {
    expect(await woken('Kustomization', flux(2, '1', true), flux(2, '1', false))).toEqual(['apps/rollout-1']);
    expect(await woken('Kustomization', flux(1, '1', true), flux(1, '1', false))).toEqual([]);
  });

  it('wakes its Rollout when it has failed, once, and when it has applied', async () => {
    const failed = (message: string): KubeObject => {
      const object = flux(1, '1', true) as KubeObject & { status: { conditions: Record<string, unknown>[] } };
      const ready = { type: 'Ready', status: 'False', reason: 'BuildFailed', observedGeneration: 1, message };
      return { ...object, status: { ...object.status, conditions: [ready] } };
    };
    expect(await woken('Kustomization', failed('no such file'), flux(1, '1', true))).toEqual(['apps/rollout-1']);
    expect(await woken('Kustomization', failed('no other file'), failed('no such file'))).toEqual([]);
    expect(await woken('Kustomization', flux(1, '1', true), failed('no such file'))).toEqual([]);
    expect(await woken('Kustomization', flux(1, '1', false), failed('no such file'))).toEqual(['apps/rollout-1']);
  });

  it('wakes the Rollout of its source, whose version shows there alone', async () => {
    const annotations = { 'rollout.kuberik.com/rollout': 'rollout-2' };
    const metadata = { name: 'app', namespace: 'apps', annotations };
    world.cluster.put({ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata, spec: {} });
    expect(await woken('Kustomization', flux(1, '1', true), flux(1, '1', false))).toEqual(['apps/rollout-2']);
    expect(await woken('Kustomization', flux(1, '2', false), flux(1, '1', false))).toEqual(['apps/rollout-2']);
    expect(await woken('Kustomization', flux(1, '1', false), flux(1, '1', false))).toEqual([]);
  });
});
