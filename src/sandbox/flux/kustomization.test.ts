import { describe, expect, test } from 'vitest';
import { config, createFluxWorld, deployment, registryHost, statusIn } from '../testing/flux-world.ts';

describe('Kustomization', () => {
  test('applies, substitutes, keeps an inventory and says what it applied', async () => {
    const world = createFluxWorld();
    const digest = world.artifact({ 'app.yaml': deployment, 'config.yaml': config('settings') });
    world.source();
    world.kustomization();
    await world.driver.settle();
    expect(world.image()).toBe(`${registryHost}/team/web:1.0.0`);
    expect(world.status()).toMatchObject({
      observedGeneration: 1,
      lastAppliedRevision: `1@${digest}`,
      lastAttemptedRevision: `1@${digest}`,
      lastAppliedOriginRevision: 'git-1',
      inventory: {
        entries: [
          { id: 'default_app_apps_Deployment', v: 'v1' },
          { id: 'default_settings__ConfigMap', v: 'v1' },
        ],
      },
    });
    expect(world.status().conditions).toHaveLength(1);
    expect(world.condition('Ready')).toMatchObject({
      status: 'True',
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: 1@${digest}`,
    });
    expect(world.cluster.find('Deployment', 'app')?.metadata.labels).toMatchObject({
      'kustomize.toolkit.fluxcd.io/name': 'app',
      'kustomize.toolkit.fluxcd.io/namespace': 'default',
    });
    expect(world.cluster.find('Kustomization', 'app')?.metadata.finalizers).toEqual(['finalizers.fluxcd.io']);
  });

  test('starts with observedGeneration -1, and for one write a new condition stands beside the old one', async () => {
    const world = createFluxWorld();
    world.artifact({ 'a.yaml': config('a') });
    world.source();
    world.kustomization();
    await world.driver.settle();
    const seen = world.cluster.history
      .filter(({ kind, status }) => kind === 'Kustomization' && status !== undefined)
      .map(statusIn)
      .map(({ observedGeneration, conditions }) => [
        observedGeneration,
        conditions.find((c) => c.type === 'Ready')?.status,
      ]);
    expect(seen).toContainEqual([-1, 'Unknown']);
    expect(seen).toContainEqual([-1, 'True']);
    expect(seen.at(-1)).toEqual([1, 'True']);
  });

  test('prunes what is gone, unless told not to', async () => {
    const world = createFluxWorld();
    const kept = config('kept').replace(
      '{name: kept}',
      '{name: kept, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}',
    );
    world.artifact({ 'a.yaml': config('a'), 'b.yaml': config('b'), 'kept.yaml': kept });
    world.source();
    world.kustomization();
    await world.driver.settle();
    world.artifact({ 'a.yaml': config('a') }, '2');
    world.source('2');
    await world.driver.settle();
    expect(world.cluster.all('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['a', 'kept']);
    expect(world.status().inventory.entries).toHaveLength(1);
  });

  test('keeps in the inventory what it could not delete', async () => {
    const world = createFluxWorld();
    world.artifact({ 'a.yaml': config('a'), 'b.yaml': config('b') });
    world.source();
    world.kustomization();
    await world.driver.settle();
    world.artifact({ 'a.yaml': config('a') }, '2');
    world.source('2');
    world.cluster.refuse(/^remove ConfigMap\/default\/b/, 403);
    await world.driver.settle();
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason: 'PruneFailed' });
    expect(world.status().inventory.entries).toHaveLength(2);
    await world.driver.advance(30_000);
    expect(world.cluster.find('ConfigMap', 'b')).toBeUndefined();
    expect(world.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('deletes what it applied when it is deleted, and nothing while suspended', async () => {
    for (const suspend of [false, true]) {
      const world = createFluxWorld();
      world.artifact({ 'a.yaml': config('a') });
      world.source();
      world.kustomization();
      await world.driver.settle();
      world.kustomization({ suspend });
      const object = world.cluster.find('Kustomization', 'app')!;
      world.cluster.put({ ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
      await world.driver.settle();
      expect(world.cluster.find('Kustomization', 'app')).toBeUndefined();
      expect(world.cluster.all('ConfigMap')).toHaveLength(suspend ? 1 : 0);
    }
  });

  test.each([
    [
      'no source',
      {},
      { sourceRef: { kind: 'OCIRepository', name: 'gone' } },
      'ArtifactFailed',
      'ocirepositories.source.toolkit.fluxcd.io "gone" not found',
    ],
    [
      'another kind of source',
      {},
      { sourceRef: { kind: 'Bucket', name: 'app' } },
      'ArtifactFailed',
      "kind 'Bucket' not supported",
    ],
    ['a path that is not there', {}, { path: './gone' }, 'ArtifactFailed', 'kustomization path not found'],
    ['an unsupported field', { 'kustomization.yaml': 'patches: []' }, {}, 'BuildFailed', '"patches"'],
    ['patches', {}, { patches: [{ patch: 'x' }] }, 'BuildFailed', 'spec.patches'],
    [
      'a bad substitution',
      { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${a.b}' },
      {},
      'BuildFailed',
      'bad substitution',
    ],
    [
      'missing variables',
      {},
      { postBuild: { substituteFrom: [{ kind: 'Secret', name: 'gone' }] } },
      'BuildFailed',
      "'Secret/gone'",
    ],
    [
      'an unknown kind',
      { 'a.yaml': 'apiVersion: x/v1\nkind: Widget\nmetadata: {name: w}' },
      {},
      'ReconciliationFailed',
      'no matches for kind "Widget"',
    ],
    ['no namespace', {}, { targetNamespace: undefined }, 'ReconciliationFailed', 'namespace not specified'],
    [
      'a dependency that is not there',
      {},
      { dependsOn: [{ name: 'gone' }] },
      'DependencyNotReady',
      "dependency 'default/gone' not found",
    ],
  ])('reports %s', async (_, files, spec, reason, message) => {
    const world = createFluxWorld();
    world.artifact({ 'config.yaml': config('settings'), ...files });
    world.source();
    world.kustomization(spec);
    await world.driver.settle();
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason });
    expect(world.condition('Ready').message).toContain(message);
    expect(world.status().observedGeneration).toBe(-1);
  });

  test('tries again after retryInterval when the server refuses', async () => {
    const world = createFluxWorld();
    world.artifact({ 'a.yaml': config('a') });
    world.source();
    world.cluster.refuse(/^apply ConfigMap/, 422);
    world.kustomization();
    await world.driver.settle();
    expect(world.condition('Ready')).toMatchObject({ reason: 'ReconciliationFailed' });
    expect(world.condition('Reconciling')).toMatchObject({ reason: 'ProgressingWithRetry' });
    await world.driver.advance(30_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('waits for its dependency at the same revision', async () => {
    const world = createFluxWorld();
    world.artifact({ 'first/a.yaml': config('a'), 'second/b.yaml': config('b') });
    world.source();
    world.kustomization({ path: 'second', dependsOn: [{ name: 'first' }] }, 'second');
    await world.driver.settle();
    world.kustomization({ path: 'first' }, 'first');
    await world.driver.settle();
    expect(world.condition('Ready', 'second')).toMatchObject({ reason: 'DependencyNotReady' });
    await world.driver.advance(30_000);
    expect(world.condition('Ready', 'second')).toMatchObject({ status: 'True' });
  });

  test('takes variables from ConfigMaps and Secrets; substitute wins', async () => {
    const world = createFluxWorld();
    world.artifact({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata: {v: "${A}-${B}-${C}"}' });
    const data = { namespace: 'default' };
    world.cluster.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...data, name: 'one' },
      data: { A: '1', B: '1' },
    });
    world.cluster.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...data, name: 'two' },
      data: { B: btoa('2\n'), C: btoa('2') },
    });
    const substituteFrom = [
      { kind: 'ConfigMap', name: 'one' },
      { kind: 'Secret', name: 'two' },
      { kind: 'Secret', name: 'x', optional: true },
    ];
    world.source();
    world.kustomization({ postBuild: { substitute: { C: '3' }, substituteFrom } });
    await world.driver.settle();
    expect(world.cluster.find('ConfigMap', 'out')?.data).toEqual({ v: '1-2-3' });
  });
});
