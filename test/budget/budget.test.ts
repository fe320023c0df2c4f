/** What a Rollout costs, as counts of requests; design goals are counts, since times differ from machine to machine. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { startControllers } from '../support/controllers.ts';
import { eventually } from '../support/eventually.ts';
import { fills, imagePolicy, imageRepository, kustomization, ociRepository, rollout } from '../support/objects.ts';
import { Meter, nothing } from '../support/traffic.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld({ controllers: false });
const { signal } = new AbortController();

/** Every look at everything, which comes every ten hours, comes every second. */
const hasty: Clock = {
  ...systemClock,
  after: (milliseconds, callback) => systemClock.after(milliseconds > 3_600_000 ? 1_000 : milliseconds, callback),
};

test('at rest nothing is asked and nothing is written, with and without a health check, resyncs included', async () => {
  const judged = await world().space('idle-judged');
  const plain = await world().space('idle-plain');
  await using running = new AsyncDisposableStack();
  running.use(startControllers(world(), { clock: hasty, namespaces: ['idle-judged', 'idle-plain'] }));
  await judged.application();
  await plain.application({ bakeTime: undefined, healthCheckSelector: undefined });
  await judged.reaches(['v1.0.0 Succeeded Automatic']);
  await plain.reaches(['v1.0.0 Succeeded Automatic']);
  const meters = [new Meter(world(), 'idle-judged'), new Meter(world(), 'idle-plain')];
  for (const meter of meters) await meter.settled();
  for (const meter of meters) meter.restart();
  // Nothing can be waited for but the time itself: three resyncs long.
  await systemClock.sleep(3_200, signal);
  expect(meters.map(({ traffic }) => traffic)).toEqual([nothing, nothing]);
});

test('a release without bake: one status, one apply, one event, one tag list, one manifest', async () => {
  const space = await world().space('plain');
  await using running = new AsyncDisposableStack();
  running.use(startControllers(world(), { namespaces: ['plain'] }));
  await space.application({ bakeTime: undefined, healthCheckSelector: undefined });
  await space.remove(HealthCheck, 'app');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const meter = new Meter(world(), 'plain');
  await meter.settled();
  meter.restart();
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const { writes, reads, tagLists, manifests } = await meter.settled();
  expect(writes).toEqual({ 'rollouts/status': 1, kustomizations: 1, events: 1 });
  expect(reads).toEqual([]);
  expect({ tagLists, manifests }).toEqual({ tagLists: 1, manifests: 1 });
});

test('fifty Rollouts of one image: the registry is asked as often as for one', async () => {
  const space = await world().space('fifty');
  await using running = new AsyncDisposableStack();
  running.use(startControllers(world(), { namespaces: ['fifty'] }));
  const names = Array.from({ length: 50 }, (_, index) => `app-${index}`);
  const meter = new Meter(world(), 'fifty');
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests')),
    ...names.flatMap((name) => [
      kustomization(name, { suspend: true }, fills(name)),
      rollout(name, { releasesImagePolicy: { name: 'app' } }),
    ]),
  );
  const deployed = async (tag: string): Promise<void> => {
    await eventually(async () => {
      const histories = await Promise.all(names.map((name) => space.entries(name)));
      expect(histories.filter(([newest]) => newest?.version.tag === tag)).toHaveLength(names.length);
    });
  };
  await deployed('v1.0.0');
  expect(await meter.settled()).toMatchObject({ tagLists: 1, manifests: 1 });
  meter.restart();
  await space.push('v1.1.0');
  await deployed('v1.1.0');
  expect(await meter.settled()).toEqual({
    writes: { 'rollouts/status': 50, kustomizations: 50, events: 50 },
    reads: [],
    tagLists: 1,
    manifests: 1,
  });
});

test('a release with bake and a health check', async () => {
  const space = await world().space('baked');
  await using running = new AsyncDisposableStack();
  running.use(startControllers(world(), { namespaces: ['baked'] }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const meter = new Meter(world(), 'baked');
  await meter.settled();
  meter.restart();
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const { writes, reads, tagLists, manifests } = await meter.settled();
  expect({ reads, tagLists, manifests }).toEqual({ reads: [], tagLists: 1, manifests: 1 });
  // The status says deployed, bake begun, bake passed; the check is reset, then healthy.
  expect(writes).toEqual({ 'rollouts/status': 3, events: 1, kustomizations: 1, 'healthchecks/status': 2 });
});

test('controllers that start with nothing to do list and watch, and no more', async () => {
  const space = await world().space('restart');
  {
    await using running = new AsyncDisposableStack();
    running.use(startControllers(world(), { namespaces: ['restart'] }));
    await space.application();
    await space.reaches(['v1.0.0 Succeeded Automatic']);
    await new Meter(world(), 'restart').settled();
  }
  const userAgent = 'started-again';
  const meter = new Meter(world(), 'restart', userAgent);
  await using after = startControllers(world(), { namespaces: ['restart'], userAgent });
  await eventually(() => {
    expect(after.manager.state).toMatchObject({ synced: true, leading: true });
  });
  expect(await meter.settled()).toEqual(nothing);
  // What follows is seen all the same.
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
