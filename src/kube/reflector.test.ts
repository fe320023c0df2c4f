import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCacheReader } from './cache-reader.ts';
import { systemClock } from './clock.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { Informers } from './informers.ts';
import { createLiveReader } from './live-reader.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { type LoggedRequest, type Reply, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';
import { Widget, widget, widgetList, widgetPath, widgetsPath } from './testing/widget.ts';
import { trackingClient } from './tracking-client.ts';

let server: ScriptedServer;
let client: HttpKubeClient;
let clock: FakeClock;
let informers: Informers;

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createFakeClock();
  client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  informers = new Informers({ client, clock, random: () => 0, freeze: true });
  server.on('WATCH', widgetsPath, (_, reply) => void reply.stream());
});

afterEach(async () => {
  await informers.stop();
  await client.close();
  await server[Symbol.asyncDispose]();
});

const key = { namespace: 'default', name: 'a' };

function listing(resourceVersion: string, ...items: unknown[]): void {
  server.on('GET', widgetsPath, (_, reply) => {
    reply.json(200, widgetList(items, resourceVersion));
  });
}

function requested(method: string): readonly LoggedRequest[] {
  return server.requests.filter((request) => request.method === method);
}

async function started() {
  const { informer } = informers.acquire(Widget);
  await informer.ready(10_000);
  await server.until(() => server.watches.length === 1);
  return informer;
}

/** Moves virtual time on in small steps until the condition holds. */
async function advanceUntil(condition: () => boolean, limit: number): Promise<number> {
  for (let passed = 0; passed <= limit; passed += 100) {
    if (condition()) return passed;
    await clock.advance(100);
    // Answers come over real sockets: virtual time must not run away from them.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`condition does not hold after ${limit} ms of virtual time: ${condition.toString()}`);
}

describe('reflector', () => {
  it('lists in pages of 500 and watches from the version of the list, with bookmarks and a time-out', async () => {
    server.on('GET', widgetsPath, ({ query }, reply) => {
      if (query.get('continue') === 'p2') reply.json(200, widgetList([widget('b', '2')], '10'));
      else reply.json(200, widgetList([widget('a', '1')], '10', 'p2'));
    });
    const informer = await started();
    expect(informer.list().map((each) => each.metadata.name)).toEqual(['a', 'b']);
    expect(requested('GET').map(({ query }) => query.toString())).toEqual(['limit=500', 'limit=500&continue=p2']);
    expect(Object.fromEntries(requested('WATCH')[0]?.query ?? [])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '300',
    });
  });

  it('goes on from the last bookmark when the server ends the watch, without a new list', async () => {
    listing('10');
    await started();
    server.watches[0]?.send('BOOKMARK', {
      kind: 'Widget',
      apiVersion: 'example.com/v1',
      metadata: { resourceVersion: '20' },
    });
    server.watches[0]?.end();
    await server.until(() => requested('WATCH').length === 2);
    expect(requested('WATCH')[1]?.query.get('resourceVersion')).toBe('20');
    expect(requested('GET')).toHaveLength(1);
  });

  it('goes on after a cut in the middle of a line, and gets what was cut again', async () => {
    listing('10');
    const informer = await started();
    server.watches[0]?.send('ADDED', widget('a', '11'));
    await server.until(() => informer.get(key) !== undefined);
    server.watches[0]?.write('{"type":"MODIFIED","object":{"meta');
    server.watches[0]?.cut();
    await server.until(() => clock.pending > 0 && server.watches.length === 0);
    await advanceUntil(() => server.watches.length === 1, 20_000);
    expect(requested('WATCH')[1]?.query.get('resourceVersion')).toBe('11');
    expect(requested('GET')).toHaveLength(1);
  });

  it.each(['answer', 'event'])('lists again at once after 410 as %s', async (how) => {
    listing('10', widget('a', '1'));
    const informer = await started();
    listing('50', widget('b', '2'));
    if (how === 'event') {
      server.watches[0]?.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
    } else {
      let turns = 0;
      server.on('WATCH', widgetsPath, (_, reply) => {
        if (turns++ === 0) reply.status(410, 'Expired');
        else reply.stream();
      });
      server.watches[0]?.send('BOOKMARK', { metadata: { resourceVersion: '11' } });
      server.watches[0]?.end();
    }
    await server.until(() => requested('GET').length === 2);
    await server.until(() => informer.get({ ...key, name: 'b' }) !== undefined);
    expect(informer.get(key)).toBeUndefined();
    await server.until(() => requested('WATCH').at(-1)?.query.get('resourceVersion') === '50');
  });

  it('takes three minutes of silence for a dead watch', async () => {
    listing('10');
    const informer = await started();
    await clock.advance(100_000);
    server.watches[0]?.send('ADDED', widget('a', '30'));
    await server.until(() => informer.get(key) !== undefined);
    await clock.advance(170_000);
    expect(requested('WATCH')).toHaveLength(1);
    await advanceUntil(() => requested('WATCH').length === 2, 100_000);
    expect(requested('GET')).toHaveLength(2);
    expect(requested('WATCH')[1]?.query.get('resourceVersion')).toBe('10');
  });

  it('waits as long as 429 says, and lists what it may have missed meanwhile', async () => {
    listing('10');
    const replies: ((reply: Reply) => void)[] = [
      (reply) => {
        reply.status(429, 'TooManyRequests', 'slow down', { 'retry-after': '20' });
      },
    ];
    server.on('WATCH', widgetsPath, (_, reply) => {
      const special = replies.shift();
      if (special === undefined) reply.stream();
      else special(reply);
    });
    const fixed = createKubeClient({ cluster: server.cluster, clock });
    const own = new Informers({ client: fixed, clock, random: () => 0 });
    const { informer } = own.acquire(Widget);
    await informer.ready(10_000);
    await server.until(() => requested('WATCH').length === 1);
    const waited = await advanceUntil(() => server.watches.length === 1, 100_000);
    expect(waited).toBeGreaterThanOrEqual(19_000);
    expect(requested('GET')).toHaveLength(2);
    await own.stop();
    await fixed.close();
  });

  it('a kind that the cluster does not serve has no objects, until it is served', async () => {
    server.on('GET', widgetsPath, (_, reply) => {
      reply.status(404, 'NotFound');
    });
    const reader = createCacheReader({ informers });
    expect([await reader.list(Widget), await reader.get(Widget, key)]).toEqual([[], undefined]);
    listing('10', widget('a', '1'));
    await advanceUntil(() => informers.all().every(({ synced }) => synced), 100_000);
    expect(await reader.list(Widget)).toHaveLength(1);
  });

  it('asks again soon when its credentials were refused, since they are renewed within seconds', async () => {
    server.on('GET', widgetsPath, (_, reply) => {
      reply.status(401, 'Unauthorized', 'no');
    });
    const { informer } = informers.acquire(Widget);
    await server.until(() => informer.fault !== undefined);
    listing('10', widget('a', '1'));
    expect(await advanceUntil(() => informer.synced, 100_000)).toBeLessThan(10_000);
    expect(informer.fault).toBeUndefined();
  });

  it('tells that a kind is forbidden, tries slowly, and heals', async () => {
    server.on('GET', widgetsPath, (_, reply) => {
      reply.status(403, 'Forbidden', 'no');
    });
    const { informer } = informers.acquire(Widget);
    await expect(informer.ready(10_000)).rejects.toMatchObject({ status: 403 });
    expect(informer.fault).toMatchObject({ reason: 'Forbidden' });
    expect(informer.synced).toBe(false);
    await clock.advance(14_000);
    expect(requested('GET')).toHaveLength(1);
    listing('10', widget('a', '1'));
    await advanceUntil(() => informer.synced, 100_000);
    expect(informer.fault).toBeUndefined();
  });

  it('backs off when the server cannot be reached', async () => {
    server.on('GET', widgetsPath, (_, reply) => {
      reply.reset();
    });
    const { informer } = informers.acquire(Widget);
    const ready = expect(informer.ready(100_000)).rejects.toMatchObject({ code: 'KBK_KUBE_CONNECTION' });
    const waits: number[] = [];
    for (let count = 1; count < 4; count++) {
      await server.until(() => requested('GET').length === count && clock.pending === 2);
      waits.push((clock.nextDue()?.epochMilliseconds ?? 0) - clock.now().epochMilliseconds);
      await clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([400, 800, 1600]);
    expect(informer.fault).toMatchObject({ code: 'KBK_KUBE_CONNECTION' });
    await clock.advance(100_000);
    await ready;
  });
});

describe('shared informers', () => {
  it('are one watch for many holders, and stop with the last', async () => {
    listing('10', widget('a', '1'));
    const first = informers.acquire(Widget);
    const second = informers.acquire({ ...Widget });
    expect(second.informer).toBe(first.informer);
    await first.informer.ready(10_000);
    await server.until(() => server.watches.length === 1);
    first.release();
    first.release();
    expect(server.watches).toHaveLength(1);
    second.release();
    await server.until(() => server.watches.length === 0);
    expect(informers.find(Widget)).toBeUndefined();
  });

  it('are apart for another selector or namespace', async () => {
    listing('10');
    const all = informers.acquire(Widget);
    const selected = informers.acquire(Widget, { labelSelector: 'a=b' });
    const one = informers.acquire(Widget, { namespace: 'x' });
    expect(new Set([all.informer, selected.informer, one.informer]).size).toBe(3);
    await server.until(() => requested('GET').some(({ query }) => query.get('labelSelector') === 'a=b'));
    await server.until(() => server.requests.some(({ path }) => path === '/apis/example.com/v1/namespaces/x/widgets'));
  });

  it('tell a late subscriber what is there, as initial', async () => {
    listing('10', widget('a', '1'), { ...widget('b', '1'), spec: { size: 'big' } });
    const informer = await started();
    const seen: unknown[] = [];
    informer.subscribe(({ key: { name }, current, invalid, isInitial }) => {
      seen.push([name, current !== undefined, invalid !== undefined, isInitial]);
    });
    expect(seen).toEqual([
      ['a', true, false, true],
      ['b', false, true, true],
    ]);
  });

  it('show our own write before the watch does; a doubt is settled by reading', async () => {
    listing('10', widget('a', '1'));
    const informer = await started();
    const tracked = trackingClient(client, informers);
    server.on('PATCH', widgetPath('a'), (_, reply) => {
      reply.json(200, widget('a', '12', { spec: { size: 2 } }));
    });
    await tracked.patch(Widget, key, { type: 'merge', body: { spec: { size: 2 } } });
    expect(informer.get(key)?.spec?.size).toBe(2);
    server.watches[0]?.send('MODIFIED', widget('a', '11', { spec: { size: 9 } }));
    server.watches[0]?.send('ADDED', widget('b', '12'));
    await server.until(() => informer.list().length === 2);
    expect(informer.get(key)?.spec?.size).toBe(2);

    // A write whose answer comes after a list that may or may not have seen it.
    let answer = (): void => undefined;
    server.on('PATCH', widgetPath('a'), (_, reply) => {
      answer = () => {
        reply.json(200, widget('a', '13', { spec: { size: 3 } }));
      };
    });
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.json(200, widget('a', '14', { spec: { size: 4 } }));
    });
    const writing = tracked.patch(Widget, key, { type: 'merge', body: { spec: { size: 3 } } });
    await server.until(() => requested('PATCH').length === 2);
    listing('50', widget('a', '14', { spec: { size: 4 } }));
    server.watches[0]?.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
    await server.until(() => informer.get(key)?.spec?.size === 4);
    answer();
    await writing;
    await server.until(() => requested('GET').some(({ path }) => path === widgetPath('a')));
    await server.until(() => informer.get(key)?.spec?.size === 4);
  });

  it('hide what we removed', async () => {
    listing('10', widget('a', '1'));
    const informer = await started();
    server.on('DELETE', widgetPath('a'), (_, reply) => {
      reply.json(200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
    });
    await trackingClient(client, informers).remove(Widget, key);
    expect(informer.get(key)).toBeUndefined();
  });
});

describe('readers', () => {
  it('agree on what is there, what is not, and what does not parse', async () => {
    const invalid = { ...widget('c', '1'), spec: { size: 'big' } };
    listing('10', widget('b', '1', { labels: { app: 'x' } }), widget('a', '1'), invalid);
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.json(200, widget('a', '1'));
    });
    server.on('GET', widgetPath('c'), (_, reply) => {
      reply.json(200, invalid);
    });
    for (const reader of [createCacheReader({ informers }), createLiveReader(client)]) {
      expect((await reader.list(Widget)).map((each) => each.metadata.name)).toEqual(['a', 'b']);
      expect(await reader.list(Widget, { labels: (labels) => labels?.app === 'x' })).toHaveLength(1);
      expect(await reader.get(Widget, key)).toMatchObject({ metadata: { name: 'a' } });
      expect(await reader.get(Widget, { ...key, name: 'z' })).toBeUndefined();
      await expect(reader.get(Widget, { ...key, name: 'c' })).rejects.toMatchObject({ code: 'KBK_API_INVALID_OBJECT' });
    }
  });
});
