import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMap, TestServer } from '../testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

interface List {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

describe('list', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await TestServer.start();
    for (const name of ['c', 'a', 'd', 'b']) await server.ask('POST', maps, configMap(name, {}, { labels: { name } }));
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const list = async (query: string): Promise<List> => (await server.get(maps + query)).body as unknown as List;
  const names = (page: List): string[] => page.items.map((item) => item.metadata.name);

  it('is sorted and leaves kind and apiVersion of built-in kinds to the list', async () => {
    const page = await list('');
    expect(names(page)).toEqual(['a', 'b', 'c', 'd']);
    expect(page.items[0]).not.toHaveProperty('kind');
    expect(page).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
  });

  it('gives pages of one revision, whatever is written between them', async () => {
    const first = await list('?limit=2');
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(2);
    await server.ask('DELETE', `${maps}/c`);
    await server.ask('POST', maps, configMap('bb'));
    await server.ask('PATCH', `${maps}/d`, { data: { x: '1' } });
    const second = await list(`?limit=2&continue=${first.metadata.continue ?? ''}`);
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(second.items[1]).not.toHaveProperty('data.x');
  });

  it('answers 410 to a page of a revision that is gone', async () => {
    const first = await list('?limit=2');
    await server.ask('POST', maps, configMap('e'));
    server.server.compact();
    const answer = await server.get(`${maps}?limit=2&continue=${first.metadata.continue ?? ''}`);
    expect(answer).toMatchObject({ code: 410, body: { reason: 'Expired' } });
  });

  it('gives the state of an exact revision', async () => {
    const { resourceVersion } = (await list('')).metadata;
    await server.ask('DELETE', `${maps}/a`);
    expect(names(await list(`?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`))).toContain('a');
    expect(names(await list(`?resourceVersion=${resourceVersion}&resourceVersionMatch=NotOlderThan`))).not.toContain(
      'a',
    );
    expect((await server.get(`${maps}?resourceVersion=999999`)).code).toBe(504);
  });

  it.each([
    ['name in (a,b)', ['a', 'b']],
    ['name notin (a,b)', ['c', 'd']],
    ['name', ['a', 'b', 'c', 'd']],
    ['!name', []],
    ['name!=a,name!=b', ['c', 'd']],
    ['name==a', ['a']],
  ])('selects by %s', async (selector, expected) => {
    expect(names(await list(`?labelSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
  });

  it('holds thousands of objects and lists them fast', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => configMap(`m${index}`, { x: 'y'.repeat(200) }));
    for (let start = 0; start < many.length; start += 100) {
      await Promise.all(many.slice(start, start + 100).map((one) => server.ask('POST', maps, one)));
    }
    const started = performance.now();
    for (let round = 0; round < 10; round += 1) await list('');
    expect((performance.now() - started) / 10).toBeLessThan(200);
    expect((await list('?limit=500')).items.length).toBe(500);
  });
});
