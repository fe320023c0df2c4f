/** Watches that come back too late: the API server has forgotten the version that they would go on from. */
import { expect, test } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import { isExpired } from '../../../src/kube/errors.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { eventually } from '../../support/eventually.ts';
import { instead } from '../../support/instead.ts';
import { compact } from './support/etcd.ts';
import { Mirror } from './support/mirror.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ApiProxy } from './support/proxy.ts';
import { ConfigMap, change, each, numbered, setting } from './support/settings.ts';

const namespace = 'default';
// Without its cache the API server watches etcd itself, whose compaction then counts at once.
const plane = ownPlane('runtime-expiry', { apiServerFlags: ['--watch-cache=false'] });

interface Watched {
  readonly client: KubeClient;
  readonly expired: unknown[];
  lists: number;
}

/** Notes every list, and every refusal of a watch. */
function noted(client: KubeClient): Watched {
  const seen: { expired: unknown[]; lists: number } = { expired: [], lists: 0 };
  const noting = instead(client, {
    list: (type, options) => {
      seen.lists += 1;
      return client.list(type, options);
    },
    async *watch(type, options) {
      try {
        yield* client.watch(type, options);
      } catch (error) {
        if (isExpired(error)) seen.expired.push(error);
        throw error;
      }
    },
  });
  return Object.assign(seen, { client: noting });
}

test('a watch cut off over a compaction lists again, and no change is lost or told twice', async () => {
  await using admin = runtimeClient(plane());
  await using proxy = await ApiProxy.start(plane());
  const through = createKubeClient({ cluster: proxy.cluster, clock: systemClock });
  const names = numbered(60, 'cut');
  await each(names, 16, (name) => admin.create(ConfigMap, setting(name, namespace)));
  const seen = noted(through);
  await using mirror = new Mirror(seen.client, namespace);
  await mirror.converges(admin);
  const listsBefore = seen.lists;

  // Nothing gets through while objects are changed, removed, made anew and made, and while their past is thrown away.
  proxy.treat = () => 'cut';
  expect(proxy.cutWatches()).toBe(1);
  await each(names.slice(0, 20), 16, (name) => change(admin, namespace, name, 'unseen'));
  await each(names.slice(0, 20), 16, (name) => change(admin, namespace, name, 'last'));
  await each(names.slice(20, 40), 16, (name) => admin.remove(ConfigMap, { namespace, name }));
  await each(names.slice(20, 30), 16, (name) => admin.create(ConfigMap, setting(name, namespace, 'reborn')));
  await each(numbered(10, 'late'), 16, (name) => admin.create(ConfigMap, setting(name, namespace)));
  await compact(plane().etcdUrl);
  const toldBefore = mirror.told;
  proxy.treat = () => 'pass';

  await mirror.converges(admin);
  expect(seen.expired.length).toBeGreaterThan(0);
  expect(seen.lists).toBe(listsBefore + 1);
  // One for each object that is different now; those that are as they were are not told again.
  expect(mirror.told - toldBefore).toBe(20 + 20 + 10);
  expect(names.slice(0, 20).map((name) => mirror.values(name))).toEqual(Array(20).fill(['first', 'last']));
  expect(names.slice(20, 30).map((name) => mirror.values(name))).toEqual(Array(10).fill(['first', 'reborn']));
  expect(names.slice(30, 40).map((name) => mirror.values(name))).toEqual(Array(10).fill(['first', '-']));
  expect(names.slice(40).map((name) => mirror.values(name))).toEqual(Array(20).fill(['first']));
  expect(mirror.informer.fault).toBeUndefined();
  await change(admin, namespace, names[50] ?? '', 'watched again');
  await eventually(() => {
    expect(mirror.values(names[50] ?? '')).toEqual(['first', 'watched again']);
  });
  await through.close();
});

test('writes that go on over compactions and cuts are each told of in order, the last one always', async () => {
  await using admin = runtimeClient(plane());
  await using proxy = await ApiProxy.start(plane());
  const through = createKubeClient({ cluster: proxy.cluster, clock: systemClock });
  const names = numbered(12, 'busy');
  await each(names, 12, (name) => admin.create(ConfigMap, setting(name, namespace, '0')));
  const seen = noted(through);
  await using mirror = new Mirror(seen.client, namespace);
  await mirror.informer.ready(60_000);
  const rounds = 80;
  const writing = Promise.all(
    names.map(async (name) => {
      for (let round = 1; round <= rounds; round += 1) await change(admin, namespace, name, `${round}`);
    }),
  );
  let writes = true;
  void writing.finally(() => {
    writes = false;
  });
  while (writes) {
    await eventually(() => {
      expect(proxy.cutWatches() > 0 || !writes).toBe(true);
    });
    await compact(plane().etcdUrl);
  }
  await writing;
  await mirror.converges(admin);
  for (const name of names) {
    const values = mirror.values(name).map(Number);
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
    expect(values.at(-1)).toBe(rounds);
  }
  await through.close();
});
