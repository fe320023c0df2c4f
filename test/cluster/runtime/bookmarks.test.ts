/** Watches of a kind in which nothing happens, while a lot happens elsewhere. */
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { eventually } from '../../support/eventually.ts';
import { instead } from '../../support/instead.ts';
import { compact } from './support/etcd.ts';
import { Mirror } from './support/mirror.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ApiProxy } from './support/proxy.ts';
import { ConfigMap, change, setting } from './support/settings.ts';

const namespace = 'quiet';
const plane = ownPlane('runtime-bookmarks');

const versionIn = (path: string): number => Number(new URL(path, 'http://api').searchParams.get('resourceVersion'));

test('an idle watch goes on from its bookmarks, past a compaction of where it began, without a list', async () => {
  await using admin = runtimeClient(plane());
  await plane().admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await admin.create(ConfigMap, setting('idle', namespace));
  await using proxy = await ApiProxy.start(plane());
  const through = createKubeClient({ cluster: proxy.cluster, clock: systemClock });
  // The API server sends a bookmark each minute, and two seconds before a watch runs out.
  const client = instead(through, { watch: (type, options) => through.watch(type, { ...options, timeoutSeconds: 4 }) });
  await using mirror = new Mirror(client, namespace);
  await mirror.converges(admin);
  const watches = (): readonly number[] =>
    proxy.requests.filter(({ path }) => path.includes('watch=true')).map(({ path }) => versionIn(path));
  const lists = (): number => proxy.requests.length - watches().length;
  const [listed = 0] = watches();
  expect(lists()).toBe(1);

  // Of another kind and of another namespace: nothing that this watch is told of.
  let written = 0;
  for (let round = 0; round < 20; round += 1) {
    const object = await admin.apply(ConfigMap, setting('busy', 'default', `${round}`), { fieldManager: 'person' });
    written = Number(object.metadata.resourceVersion);
  }
  await eventually(() => {
    expect(watches().at(-1)).toBeGreaterThanOrEqual(written);
  });
  expect(listed).toBeLessThan(written);
  expect(await compact(plane().etcdUrl)).toBeGreaterThanOrEqual(written);
  const before = watches().length;
  await eventually(() => {
    expect(watches().length).toBeGreaterThan(before + 1);
  });
  await change(admin, namespace, 'idle', 'awake');
  await eventually(() => {
    expect(mirror.values('idle')).toEqual(['first', 'awake']);
  });
  expect(lists()).toBe(1);
  expect(mirror.contradictions).toEqual([]);
  await through.close();
});
