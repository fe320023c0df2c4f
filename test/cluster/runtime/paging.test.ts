/** Collections of many pages, on an API server that writes go on at, and that forgets old revisions in between. */
import { beforeAll, expect, test } from 'vitest';
import type { ListPage } from '../../../src/kube/client.ts';
import { isExpired } from '../../../src/kube/errors.ts';
import { createLiveReader } from '../../../src/kube/live-reader.ts';
import { eventually } from '../../support/eventually.ts';
import { instead } from '../../support/instead.ts';
import { compact } from './support/etcd.ts';
import { Mirror } from './support/mirror.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ConfigMap, change, each, numbered, setting } from './support/settings.ts';

const many = 5000;
const namespace = 'default';
const names = numbered(many);
// Otherwise the API server pages from copies in its memory, for which no compaction matters.
const plane = ownPlane('runtime-paging', { apiServerFlags: ['--feature-gates=ListFromCacheSnapshot=false'] });

beforeAll(async () => {
  await using client = runtimeClient(plane());
  await each(names, 48, (name) => client.create(ConfigMap, setting(name, namespace)));
});

const nameOf = (item: unknown): string => ConfigMap.parse(item).metadata.name;

test('pages of 500 bring every object exactly once, whatever is written meanwhile', async () => {
  await using client = runtimeClient(plane());
  const sizes: number[] = [];
  const listed: string[] = [];
  let page: ListPage | undefined;
  do {
    page = await client.list(ConfigMap, { namespace, limit: 500, ...(page?.continue && { continue: page.continue }) });
    sizes.push(page.items.length);
    listed.push(...page.items.map(nameOf).filter((name) => name.startsWith('setting-')));
    await client.create(ConfigMap, setting(`aaa-${sizes.length}`, namespace));
    await change(client, namespace, names.at(-1) ?? '', `while page ${sizes.length}`);
  } while (page.continue !== undefined);
  expect(listed).toEqual(names);
  expect(sizes.slice(0, -1).every((size) => size === 500)).toBe(true);
  expect((await createLiveReader(client).list(ConfigMap, { namespace })).length).toBeGreaterThanOrEqual(many);
});

test('an informer gets them all and keeps in step while writes go on', async () => {
  await using client = runtimeClient(plane());
  await using watching = runtimeClient(plane());
  const writes = each(numbered(600), 16, async (name) => {
    const number = Number(name.slice(-5));
    if (number % 3 === 0) await client.create(ConfigMap, setting(`new-${number}`, namespace));
    if (number % 3 === 1) await change(client, namespace, name, 'second');
    if (number % 3 === 2) await client.remove(ConfigMap, { namespace, name });
  });
  await using mirror = new Mirror(watching, namespace);
  await mirror.informer.ready(60_000);
  expect(mirror.informer.list().length).toBeGreaterThan(many - 600);
  await writes;
  await mirror.converges(client);
  expect(mirror.values('setting-00001').at(-1)).toBe('second');
});

test('a page that was compacted away in the middle of a list is survived by listing again', async () => {
  await using client = runtimeClient(plane());
  const refused: unknown[] = [];
  let pages = 0;
  const compacting = instead(client, {
    async list(type, options) {
      pages += 1;
      if (pages === 2) {
        await change(client, namespace, names.at(-1) ?? '', 'before the compaction');
        await compact(plane().etcdUrl);
      }
      try {
        return await client.list(type, options);
      } catch (error) {
        refused.push(error);
        throw error;
      }
    },
  });
  await using mirror = new Mirror(compacting, namespace);
  await mirror.informer.ready(60_000);
  await mirror.converges(client);
  expect(refused.map(isExpired)).toEqual([true]);
  await change(client, namespace, names.at(-1) ?? '', 'and on it goes');
  await eventually(() => {
    expect(mirror.values(names.at(-1) ?? '').at(-1)).toBe('and on it goes');
  });
});
