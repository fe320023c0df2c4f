import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMap, TestClock, TestServer } from '../testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

describe('watch', () => {
  let server: TestServer;
  const clock = new TestClock();

  beforeEach(async () => {
    server = await TestServer.start({ clock, eventWindow: 10 });
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const revision = async (): Promise<string> => {
    const { body } = await server.get(maps);
    return (body.metadata as { resourceVersion: string }).resourceVersion;
  };

  it('begins with the state when no revision, or 0, is given', async () => {
    await server.ask('POST', maps, configMap('a'));
    for (const query of ['?watch=true', '?watch=1&resourceVersion=0']) {
      using watch = await server.watch(maps + query);
      expect(await watch.take(1)).toEqual(['ADDED a']);
    }
  });

  it('goes on after an exact revision', async () => {
    await server.ask('POST', maps, configMap('before'));
    const start = await revision();
    await server.ask('POST', maps, configMap('a'));
    using watch = await server.watch(`${maps}?watch=true&resourceVersion=${start}`);
    await server.ask('PATCH', `${maps}/a`, { data: { x: '1' } });
    await server.ask('DELETE', `${maps}/a`);
    expect(await watch.take(3)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('gives the deleted object the revision of its deletion', async () => {
    const created = await server.ask('POST', maps, configMap('a'));
    using watch = await server.watch(`${maps}?watch=true&resourceVersion=${await revision()}`);
    await server.ask('DELETE', `${maps}/a`);
    await watch.take(0);
    const before = Number((created.body.metadata as { resourceVersion: string }).resourceVersion);
    while (watch.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(Number(watch.events[0]?.object.metadata.resourceVersion)).toBeGreaterThan(before);
  });

  it('adds and removes objects that begin and cease to match', async () => {
    using watch = await server.watch(`${maps}?watch=true&labelSelector=app%3Dweb`);
    await server.ask('POST', maps, configMap('a'));
    await server.ask('PATCH', `${maps}/a`, { metadata: { labels: { app: 'web' } } });
    await server.ask('PATCH', `${maps}/a`, { data: { x: '1' } });
    await server.ask('PATCH', `${maps}/a`, { metadata: { labels: { app: 'other' } } });
    await server.ask('POST', maps, configMap('b', {}, { labels: { app: 'web' } }));
    expect(await watch.take(4)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
  });

  it('keeps to its namespace and to its name', async () => {
    await server.ask('POST', '/api/v1/namespaces', { metadata: { name: 'other' } });
    using all = await server.watch('/api/v1/configmaps?watch=true');
    using one = await server.watch(`${maps}?watch=true&fieldSelector=metadata.name%3Db`);
    await server.ask('POST', '/api/v1/namespaces/other/configmaps', configMap('b'));
    await server.ask('POST', maps, configMap('a'));
    await server.ask('POST', maps, configMap('b'));
    expect(await all.take(3)).toEqual(['ADDED b', 'ADDED a', 'ADDED b']);
    expect(await one.take(1)).toEqual(['ADDED b']);
  });

  it('announces the end of the initial events', async () => {
    await server.ask('POST', maps, configMap('a'));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    using watch = await server.watch(`${maps}?${query}`);
    expect(await watch.take(1)).toEqual(['ADDED a']);
    while (watch.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(watch.events[0]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  it('sends a bookmark every minute to who allows them', async () => {
    using watch = await server.watch(`${maps}?watch=1&allowWatchBookmarks=true&resourceVersion=${await revision()}`);
    using silent = await server.watch(`${maps}?watch=1&resourceVersion=${await revision()}`);
    clock.advance(60_000);
    clock.advance(60_000);
    expect(await watch.take(2)).toEqual(['BOOKMARK undefined', 'BOOKMARK undefined']);
    expect(silent.events).toEqual([]);
  });

  it('ends after timeoutSeconds', async () => {
    using watch = await server.watch(`${maps}?watch=1&timeoutSeconds=30`);
    clock.advance(30_000);
    await watch.end();
    expect(watch.ended).toBe(true);
  });

  it('answers 410 as an event when the revision has left the window', async () => {
    const start = await revision();
    for (let index = 0; index < 25; index += 1) await server.ask('POST', maps, configMap(`m${index}`));
    using watch = await server.watch(`${maps}?watch=1&resourceVersion=${start}`);
    await watch.end();
    expect(watch.events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
  });

  it('goes on when past events are forgotten', async () => {
    using watch = await server.watch(`${maps}?watch=1&resourceVersion=${await revision()}`);
    server.server.compact();
    await server.ask('POST', maps, configMap('a'));
    expect(await watch.take(1)).toEqual(['ADDED a']);
  });

  it('gives tables with their columns once', async () => {
    using watch = await server.watch(`${maps}?watch=1`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    await server.ask('POST', maps, configMap('a', { x: '1' }));
    await server.ask('POST', maps, configMap('b'));
    await watch.take(0);
    while (watch.events.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(watch.events[0]?.object).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 1, '0s'] }] });
    expect(watch.events.map(({ object }) => object.columnDefinitions === null)).toEqual([false, true]);
  });
});
