import { beforeEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { driveControllers } from '../testing/controller-driver.ts';
import { createMemoryCluster } from '../testing/memory-cluster.ts';
import { createMemoryRegistry } from '../testing/memory-registry.ts';
import { imagePolicyController } from './image-policy.ts';
import { imageRepositoryController } from './image-repository.ts';
import { startReceiver } from './receiver.ts';
import { createTagDatabase } from './tag-database.ts';
import type { ImagePolicy, ImageRepository } from './types.ts';

const image = '127.0.0.1:5000/team/web';

function setUp() {
  const clock = createFakeClock();
  const cluster = createMemoryCluster(clock);
  const registry = createMemoryRegistry();
  const options = { ...cluster, clock, registry, tags: createTagDatabase() };
  const driver = driveControllers(cluster, [imageRepositoryController(options), imagePolicyController(options)], clock);
  return { clock, cluster, registry, driver };
}

const meta = { name: 'web', namespace: 'default' };
const repository = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageRepository',
  metadata: meta,
  spec: { image, interval: '1m', ...spec },
});
const policy = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImagePolicy',
  metadata: meta,
  spec: { imageRepositoryRef: { name: 'web' }, policy: { semver: { range: '>=1.0.0' } }, ...spec },
});

let world: ReturnType<typeof setUp>;
type View = Omit<
  Required<NonNullable<ImageRepository['status']> & NonNullable<ImagePolicy['status']>>,
  'lastScanResult'
> & {
  lastScanResult: Required<NonNullable<NonNullable<ImageRepository['status']>['lastScanResult']>>;
};
const statusOf = (kind: string) => (world.cluster.find(kind, 'web')?.status ?? {}) as View;
const ready = (kind: string) => statusOf(kind).conditions.find((c) => c.type === 'Ready')!;

beforeEach(() => {
  world = setUp();
});

describe('ImageRepository', () => {
  test('scans, and shows the ten greatest tags by string order', async () => {
    for (let minor = 0; minor <= 10; minor++) world.registry.push(`${image}:1.${minor}.0`);
    world.cluster.put(repository());
    await world.driver.settle();
    expect(statusOf('ImageRepository')).toMatchObject({ canonicalImageName: image, observedGeneration: 1 });
    const { tagCount, latestTags } = statusOf('ImageRepository').lastScanResult;
    expect(tagCount).toBe(11);
    expect(latestTags).toHaveLength(10);
    expect(latestTags[0]).toBe('1.9.0');
    expect(latestTags).not.toContain('1.0.0');
    expect(ready('ImageRepository')).toMatchObject({ status: 'True', reason: 'Succeeded' });
    expect(ready('ImageRepository').message).toMatch(/^successful scan: found 11 tags with checksum \d+$/);
  });

  test('reports a registry that does not answer, and recovers', async () => {
    world.registry.push(`${image}:1.0.0`);
    world.registry.down = true;
    world.cluster.put(repository());
    await world.driver.settle();
    expect(ready('ImageRepository')).toMatchObject({ status: 'False', reason: 'ReadOperationFailed' });
    expect(statusOf('ImageRepository').conditions[1]).toMatchObject({
      type: 'Reconciling',
      reason: 'ProgressingWithRetry',
    });
    world.registry.down = false;
    await world.driver.advance(30_000);
    expect(ready('ImageRepository')).toMatchObject({ status: 'True' });
    expect(statusOf('ImageRepository').conditions).toHaveLength(1);
  });

  test('stalls on an image that is none, and scans nothing while suspended', async () => {
    world.cluster.put(repository({ image: 'host/Upper:1' }));
    await world.driver.settle();
    expect(ready('ImageRepository')).toMatchObject({ status: 'False', reason: 'ImageURLInvalid' });
    world.cluster.put(repository({ suspend: true }));
    await world.driver.settle();
    expect(statusOf('ImageRepository').lastScanResult).toBeUndefined();
  });

  test('leaves out what the exclusion list matches', async () => {
    for (const tag of ['1.0.0', '1.0.0-rc.1', 'dev']) world.registry.push(`${image}:${tag}`);
    world.cluster.put(repository({ exclusionList: ['-rc', '^dev$'] }));
    await world.driver.settle();
    expect(statusOf('ImageRepository').lastScanResult.latestTags).toEqual(['1.0.0']);
  });
});

describe('ImagePolicy', () => {
  test.each([
    ['semver', { policy: { semver: { range: '1.x' } } }, '1.10.0'],
    ['alphabetical', { policy: { alphabetical: {} } }, 'main-9'],
    [
      'numerical with a filter',
      { policy: { numerical: {} }, filterTags: { pattern: '^main-(\\d+)$', extract: '$1' } },
      'main-12',
    ],
  ])('picks the newest by %s', async (_, spec, expected) => {
    for (const tag of ['1.9.0', '1.10.0', '2.0.0-rc.1', 'main-9', 'main-12']) world.registry.push(`${image}:${tag}`);
    world.cluster.put(repository());
    await world.driver.settle();
    world.cluster.put(policy(spec));
    await world.driver.settle();
    expect(statusOf('ImagePolicy').latestRef).toEqual({ name: image, tag: expected });
    expect(ready('ImagePolicy').message).toBe(`Latest image tag for ${image} resolved to ${expected}`);
  });

  test('waits for the first scan, sees a new tag after the interval, keeps the previous one', async () => {
    world.cluster.put(policy());
    await world.driver.settle();
    expect(ready('ImagePolicy')).toMatchObject({ status: 'False', reason: 'DependencyNotReady' });
    world.registry.push(`${image}:1.0.0`);
    world.cluster.put(repository());
    await world.driver.settle();
    expect(statusOf('ImagePolicy').latestRef.tag).toBe('1.0.0');
    world.registry.push(`${image}:1.1.0`);
    await world.driver.advance(59_000);
    expect(statusOf('ImagePolicy').latestRef.tag).toBe('1.0.0');
    await world.driver.advance(1_000);
    expect(statusOf('ImagePolicy')).toMatchObject({
      latestRef: { tag: '1.1.0' },
      observedPreviousRef: { tag: '1.0.0' },
    });
    expect(ready('ImagePolicy').message).toContain(`(previously ${image}:1.0.0)`);
  });

  test('reflects digests as told', async () => {
    const first = world.registry.push(`${image}:1.0.0`);
    world.cluster.put(repository());
    world.cluster.put(policy({ digestReflectionPolicy: 'IfNotPresent' }));
    await world.driver.settle();
    expect(statusOf('ImagePolicy').latestRef.digest).toBe(first);
    const second = world.registry.push(`${image}:1.0.0`, { annotations: { a: 'b' } });
    await world.driver.advance(120_000);
    expect(statusOf('ImagePolicy').latestRef.digest).toBe(first);
    world.cluster.put(policy({ digestReflectionPolicy: 'Always', interval: '1m' }));
    await world.driver.settle();
    expect(statusOf('ImagePolicy').latestRef.digest).toBe(second);
    world.cluster.put(policy({ digestReflectionPolicy: 'Always' }));
    await world.driver.settle();
    expect(ready('ImagePolicy')).toMatchObject({ status: 'False', reason: 'IntervalNotConfigured' });
  });

  test('stalls on a range that is none', async () => {
    world.registry.push(`${image}:1.0.0`);
    world.cluster.put(repository());
    world.cluster.put(policy({ policy: { semver: { range: 'banana' } } }));
    await world.driver.settle();
    expect(ready('ImagePolicy')).toMatchObject({ status: 'False', reason: 'InvalidPolicy' });
    expect(statusOf('ImagePolicy').conditions.map((c) => c.type)).toEqual(['Ready', 'Stalled']);
  });

  test('writes nothing while nothing changes', async () => {
    world.registry.push(`${image}:1.0.0`);
    world.cluster.put(repository({ interval: '1h' }));
    world.cluster.put(policy());
    await world.driver.settle();
    const before = world.cluster.writes.length;
    await world.driver.advance(59 * 60_000);
    expect(world.cluster.writes.slice(before)).toEqual([]);
  });
});

test('a push is seen at once through the receiver', async () => {
  world.registry.push(`${image}:1.0.0`);
  world.cluster.put(repository({ interval: '1h' }));
  world.cluster.put(policy());
  await world.driver.settle();
  const errors: unknown[] = [];
  await using receiver = startReceiver({
    client: world.cluster.client,
    reader: world.cluster.reader,
    clock: world.clock,
    pushes: world.registry.pushes,
    onError: (error) => errors.push(error),
  });
  world.registry.push(`${image}:1.1.0`);
  world.registry.push('127.0.0.1:5000/team/other:1.0.0');
  await receiver.settled();
  await world.driver.settle();
  expect(statusOf('ImagePolicy').latestRef.tag).toBe('1.1.0');
  expect(errors).toEqual([]);
});
