import { beforeEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { driveControllers } from '../testing/controller-driver.ts';
import { createMemoryCluster } from '../testing/memory-cluster.ts';
import { createMemoryRegistry } from '../testing/memory-registry.ts';
import { createArtifactStore } from './artifact-store.ts';
import { ociRepositoryController } from './source.ts';
import type { OCIRepository } from './types.ts';

const name = '127.0.0.1:5000/team/manifests';

function setUp() {
  const clock = createFakeClock();
  const cluster = createMemoryCluster(clock);
  const registry = createMemoryRegistry();
  const artifacts = createArtifactStore();
  const options = { client: cluster.client, clock, registry, puller: registry, artifacts };
  return {
    cluster,
    registry,
    artifacts,
    options,
    clock,
    driver: driveControllers(cluster, [ociRepositoryController(options)], clock),
  };
}

const source = (ref: Record<string, string> | undefined, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'OCIRepository',
  metadata: { name: 'app', namespace: 'default' },
  spec: { url: `oci://${name}`, interval: '10m', ...(ref && { ref }), ...spec },
});

let world: ReturnType<typeof setUp>;
type View = Required<NonNullable<OCIRepository['status']>>;
const status = () => (world.cluster.find('OCIRepository', 'app')?.status ?? {}) as View;
const condition = (type: string) => status().conditions.find((c) => c.type === type)!;

beforeEach(() => {
  world = setUp();
});

describe('OCIRepository', () => {
  test('stores the artifact of a tag, with its annotations', async () => {
    const annotations = { 'org.opencontainers.image.revision': 'main@sha1:abc' };
    const digest = world.registry.push(`${name}:1.0.0`, { files: { 'a.yaml': 'x' }, annotations });
    world.cluster.put(source({ tag: '1.0.0' }));
    await world.driver.settle();
    expect(status().artifact).toMatchObject({ revision: `1.0.0@${digest}`, digest, metadata: annotations });
    expect(status().observedGeneration).toBe(1);
    expect(condition('Ready')).toMatchObject({
      status: 'True',
      reason: 'Succeeded',
      message: `stored artifact for digest '1.0.0@${digest}'`,
    });
    expect(condition('ArtifactInStorage')).toMatchObject({ status: 'True' });
    expect(world.artifacts.get(digest)?.has('a.yaml')).toBe(true);
  });

  test.each([
    [
      'digest before semver and tag',
      (digest: string) => ({ digest, semver: '>=1', tag: '1.0.0' }),
      (digest: string) => digest,
    ],
    ['semver before tag', () => ({ semver: '1.x', tag: '1.0.0' }), () => /^1\.10\.0@/],
    ['semver with a filter', () => ({ semver: '>=1.0.0-0', semverFilter: '-rc' }), () => /^2\.0\.0-rc\.1@/],
    ['tag', () => ({ tag: '1.9.0' }), () => /^1\.9\.0@/],
    ['latest without a reference', () => undefined, () => /^latest@/],
  ])('resolves %s', async (_, ref, expected) => {
    const digest = world.registry.push(`${name}:1.0.0`);
    for (const tag of ['1.9.0', '1.10.0', '2.0.0-rc.1', 'latest'])
      world.registry.push(`${name}:${tag}`, { annotations: { tag } });
    world.cluster.put(source(ref(digest)));
    await world.driver.settle();
    expect(status().artifact.revision).toMatch(expected(digest));
  });

  test('keeps the old artifact while the new tag cannot be fetched, and goes on when it can', async () => {
    const first = world.registry.push(`${name}:1.0.0`);
    world.cluster.put(source({ tag: '1.0.0' }));
    await world.driver.settle();
    world.cluster.put(source({ tag: '1.1.0' }));
    await world.driver.settle();
    expect(condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'OCIArtifactPullFailed',
      observedGeneration: 2,
    });
    expect(condition('FetchFailed')).toMatchObject({ status: 'True' });
    expect(condition('Reconciling')).toMatchObject({ reason: 'ProgressingWithRetry' });
    expect(status()).toMatchObject({ observedGeneration: 1, artifact: { digest: first } });
    const second = world.registry.push(`${name}:1.1.0`, { annotations: { a: 'b' } });
    await world.driver.advance(10_000);
    expect(status()).toMatchObject({ observedGeneration: 2, artifact: { revision: `1.1.0@${second}` } });
    expect(status().conditions.map((c) => c.type)).toEqual(['Ready', 'ArtifactInStorage']);
  });

  test('looks again after the interval, or when asked to', async () => {
    world.registry.push(`${name}:main`);
    world.cluster.put(source({ tag: 'main' }));
    await world.driver.settle();
    const second = world.registry.push(`${name}:main`, { annotations: { n: '2' } });
    await world.driver.advance(10 * 60_000);
    expect(status().artifact.digest).toBe(second);
    const third = world.registry.push(`${name}:main`, { annotations: { n: '3' } });
    const object = world.cluster.find('OCIRepository', 'app')!;
    const annotations = { 'reconcile.fluxcd.io/requestedAt': 'now' };
    world.cluster.put({ ...object, metadata: { ...object.metadata, annotations } });
    await world.driver.settle();
    expect(status()).toMatchObject({ artifact: { digest: third }, lastHandledReconcileAt: 'now' });
  });

  test('stalls on a URL that is none', async () => {
    world.cluster.put(source({ tag: '1' }, { url: 'https://example.com/x' }));
    await world.driver.settle();
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'URLInvalid' });
    expect(condition('Stalled')).toMatchObject({ status: 'True' });
    const before = world.driver.count;
    await world.driver.advance(3_600_000);
    expect(world.driver.count).toBe(before);
  });

  test('fetches again what a restart lost', async () => {
    const digest = world.registry.push(`${name}:1.0.0`);
    world.cluster.put(source({ tag: '1.0.0' }));
    await world.driver.settle();
    const artifacts = createArtifactStore();
    const restarted = ociRepositoryController({ ...world.options, artifacts });
    await restarted.reconciler.reconcile({ namespace: 'default', name: 'app' }, new AbortController().signal);
    expect(artifacts.get(digest)).toBeDefined();
    expect(condition('Ready')).toMatchObject({ status: 'True' });
  });
});
