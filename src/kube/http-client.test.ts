import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WatchEvent } from './client.ts';
import { systemClock } from './clock.ts';
import { ApiStatusError, KubeError } from './errors.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';
import { Widget, widget, widgetList, widgetPath, widgetsPath } from './testing/widget.ts';

let server: ScriptedServer;
let client: HttpKubeClient;
let clock: FakeClock;
let reported: unknown[][];

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createFakeClock('2026-05-01T00:00:00Z');
  reported = [];
  client = createKubeClient({ cluster: server.cluster, clock, onRequest: (...report) => reported.push(report) });
});

afterEach(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

const key = { namespace: 'default', name: 'a' };

async function failure(promise: Promise<unknown>): Promise<KubeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KubeError);
  return error as KubeError;
}

describe('requests', () => {
  it('carry method, address, body and content type of each verb', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      server.on(method, widgetPath('a'), (_, reply) => {
        reply.json(200, widget('a', '2'));
      });
    }
    server.on('PUT', `${widgetPath('a')}/status`, (_, reply) => {
      reply.json(200, widget('a', '3'));
    });
    server.on('POST', widgetsPath.replace('/widgets', '/namespaces/default/widgets'), (_, reply) => {
      reply.json(201, widget('a', '1'));
    });
    const object = widget('a', '1');
    await client.create(Widget, object);
    await client.get(Widget, key);
    await client.replace(Widget, object, { subresource: 'status' });
    await client.patch(Widget, key, { type: 'merge', body: { spec: { size: 1 } } }, { dryRun: true });
    await client.patch(Widget, key, { type: 'json', operations: [{ op: 'test', path: '/spec/size', value: 1 }] });
    await client.apply(Widget, object, { fieldManager: 'kuberik-rollout/a', force: true });
    await client.remove(Widget, key, { uid: 'u', propagationPolicy: 'Background' });

    const log = server.requests.map(({ method, path, query, headers }) =>
      [
        method,
        path.replace('/apis/example.com/v1/namespaces/default', ''),
        query.toString(),
        headers['content-type'],
      ].join(' '),
    );
    expect(log).toEqual([
      'POST /widgets  application/json',
      'GET /widgets/a  ',
      'PUT /widgets/a/status  application/json',
      'PATCH /widgets/a dryRun=All application/merge-patch+json',
      'PATCH /widgets/a  application/json-patch+json',
      'PATCH /widgets/a fieldManager=kuberik-rollout%2Fa&force=true application/apply-patch+yaml',
      'DELETE /widgets/a  application/json',
    ]);
    expect(server.requests.at(-1)?.body).toMatchObject({
      preconditions: { uid: 'u' },
      propagationPolicy: 'Background',
    });
    expect(reported.map(([verb, plural, subresource, status]) => [verb, plural, subresource, status])).toEqual([
      ['create', 'widgets', undefined, 201],
      ['get', 'widgets', undefined, 200],
      ['update', 'widgets', 'status', 200],
      ['patch', 'widgets', undefined, 200],
      ['patch', 'widgets', undefined, 200],
      ['apply', 'widgets', undefined, 200],
      ['delete', 'widgets', undefined, 200],
    ]);
  });

  it('share connections: a hundred in a row use no hundred', async () => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.json(200, widget('a', '2'));
    });
    for (let count = 0; count < 100; count++) await client.get(Widget, key);
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('give list items the kind that a built-in list leaves out, and page on', async () => {
    const { metadata, spec } = widget('a', '1', { spec: { size: 1 } });
    const bare = { metadata, spec };
    server.on('GET', widgetsPath, (_, reply) => {
      reply.json(200, widgetList([bare], '7', 'more'));
    });
    expect(await client.list(Widget, { limit: 1, labelSelector: 'a=b' })).toEqual({
      items: [widget('a', '1', { spec: { size: 1 } })],
      resourceVersion: '7',
      continue: 'more',
    });
    expect(server.requests[0]?.query.toString()).toBe('labelSelector=a%3Db&limit=1');
  });
});

describe('refusals', () => {
  it.each([
    [403, 'Forbidden', {}, { kind: 'retryable' }],
    [404, 'NotFound', {}, { kind: 'retryable' }],
    [409, 'Conflict', {}, { kind: 'retryable' }],
    [422, 'Invalid', {}, { kind: 'terminal' }],
    [500, 'InternalError', {}, { kind: 'retryable' }],
    [429, 'TooManyRequests', {}, { kind: 'retryable' }],
  ])('%i %s', async (code, reason, headers, disposition) => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.status(code, reason, 'said why', headers);
    });
    const error = await failure(client.get(Widget, key));
    expect(error).toBeInstanceOf(ApiStatusError);
    expect(error).toMatchObject({ status: code, reason, disposition, target: { verb: 'get', kind: 'Widget', key } });
    expect(error.message).toBe(`get Widget default/a: said why (${code} ${reason})`);
  });

  it.each([
    ['7', '2026-05-01T00:00:07Z'],
    ['Fri, 01 May 2026 00:00:30 GMT', '2026-05-01T00:00:30Z'],
    ['9999999', '2026-05-01T00:10:00Z'],
  ])('429 with Retry-After %s waits until then', async (retryAfter, until) => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.status(429, 'TooManyRequests', 'slow down', { 'retry-after': retryAfter });
    });
    const { disposition } = await failure(client.get(Widget, key));
    expect(disposition.kind === 'waitUntil' && disposition.until.toString()).toBe(until);
  });

  it('that are no Kubernetes answer are told as they came, cut short', async () => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.json(502, `<html>${'x'.repeat(1000)}`);
    });
    const error = await failure(client.get(Widget, key));
    expect(error).toMatchObject({ status: 502, reason: 'Http502' });
    expect(error.message.length).toBeLessThan(300);
  });

  it('200 without JSON is KBK_KUBE_RESPONSE', async () => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.json(200, 'hello');
    });
    expect((await failure(client.get(Widget, key))).code).toBe('KBK_KUBE_RESPONSE');
  });
});

describe('connection faults', () => {
  it('a reset is KBK_KUBE_CONNECTION, with the object and the server in its message', async () => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.reset();
    });
    const error = await failure(client.get(Widget, key));
    expect(error).toMatchObject({ code: 'KBK_KUBE_CONNECTION', disposition: { kind: 'retryable' } });
    expect(error.message).toContain('get Widget default/a');
    expect(error.message).toContain(server.cluster.server);
  });

  it('silence ends at the time-out', async () => {
    server.on('GET', widgetPath('a'), () => undefined);
    const pending = failure(client.get(Widget, key));
    await server.until(() => server.requests.length === 1);
    await clock.advance(29_999);
    await clock.advance(1);
    expect((await pending).message).toContain('no answer within 30000 ms');
  });

  it("the caller's signal ends a request with its reason", async () => {
    server.on('GET', widgetPath('a'), () => undefined);
    const controller = new AbortController();
    const pending = client.get(Widget, key, { signal: controller.signal });
    await server.until(() => server.requests.length === 1);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  it('a time-out and a signal hold where not even a connection comes about', async () => {
    // Takes connections and never speaks TLS.
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const cluster = { ...server.cluster, server: `https://127.0.0.1:${(mute.address() as AddressInfo).port}` };
    const waiting = createKubeClient({ cluster, clock });
    const abort = new AbortController();
    const aborted = expect(waiting.get(Widget, key, { signal: abort.signal })).rejects.toThrow('enough');
    const late = failure(waiting.get(Widget, key));
    abort.abort(new Error('enough'));
    await aborted;
    await clock.advance(30_000);
    expect((await late).message).toContain('no answer within 30000 ms');
    await waiting.close();
    mute.close();
  }, 5000);

  it('asks for new credentials once when the old ones are refused', async () => {
    const asked: boolean[] = [];
    const headers = async (rejected = false): Promise<Record<string, string>> => {
      asked.push(rejected);
      return { authorization: rejected ? 'Bearer new' : 'Bearer old' };
    };
    server.on('GET', widgetPath('a'), (request, reply) => {
      if (request.headers.authorization === 'Bearer new') reply.json(200, widget('a', '1'));
      else reply.status(401, 'Unauthorized');
    });
    const secured = createKubeClient({ cluster: { ...server.cluster, headers }, clock: systemClock });
    await secured.get(Widget, key);
    await secured.close();
    expect(asked).toEqual([false, true]);
  });

  it('a refusal says what is known to be wrong with the credentials', async () => {
    server.on('GET', widgetPath('a'), (_, reply) => {
      reply.status(401, 'Unauthorized', 'no');
    });
    const cluster = { ...server.cluster, complaint: () => 'the certificate expired; renew it' };
    const secured = createKubeClient({ cluster, clock: systemClock });
    const { message } = await failure(secured.get(Widget, key));
    expect(message).toBe('get Widget default/a: no (401 Unauthorized): the certificate expired; renew it');
    await secured.close();
  });
});

describe('watch', () => {
  async function take(events: AsyncIterable<WatchEvent>, into: string[] = []): Promise<string[]> {
    for await (const event of events) into.push(`${event.type} ${(event.object as Widget).metadata.resourceVersion}`);
    return into;
  }

  it('yields events until the server ends it, in the middle of a line too', async () => {
    server.on('WATCH', widgetsPath, (_, reply) => {
      const watch = reply.stream();
      watch.send('ADDED', widget('a', '2'));
      watch.send('BOOKMARK', { kind: 'Widget', apiVersion: 'example.com/v1', metadata: { resourceVersion: '9' } });
      watch.write('{"type":"MODI');
      watch.end();
    });
    expect(await take(client.watch(Widget, { resourceVersion: '1', timeoutSeconds: 300 }))).toEqual([
      'ADDED 2',
      'BOOKMARK 9',
    ]);
    const query = Object.fromEntries(server.requests[0]?.query ?? []);
    expect(query).toEqual({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '1', timeoutSeconds: '300' });
  });

  it('is not bound by the time-out of requests once it is answered', async () => {
    server.on('WATCH', widgetsPath, (_, reply) => void reply.stream());
    const seen: string[] = [];
    const watching = take(client.watch(Widget, { resourceVersion: '1' }), seen);
    await server.until(() => server.watches.length === 1);
    await server.until(() => reported.length === 1);
    await clock.advance(3_600_000);
    server.watches[0]?.send('ADDED', widget('a', '2'));
    await server.until(() => seen.length === 1);
    server.watches[0]?.end();
    await watching;
  });

  it.each([
    ['as answer', 'status'],
    ['as event', 'event'],
  ])('410 %s rejects as expired', async (_, how) => {
    server.on('WATCH', widgetsPath, (_request, reply) => {
      if (how === 'status') reply.status(410, 'Expired');
      else reply.stream().send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
    });
    expect(await failure(take(client.watch(Widget, { resourceVersion: '1' })))).toMatchObject({ status: 410 });
  });

  it('a cut connection rejects as KBK_KUBE_CONNECTION', async () => {
    server.on('WATCH', widgetsPath, (_, reply) => {
      reply.stream().send('ADDED', widget('a', '2'));
    });
    const seen: string[] = [];
    const watching = failure(take(client.watch(Widget, { resourceVersion: '1' }), seen));
    await server.until(() => seen.length === 1);
    server.watches[0]?.cut();
    expect((await watching).code).toBe('KBK_KUBE_CONNECTION');
  });

  it('leaving the loop closes the connection', async () => {
    server.on('WATCH', widgetsPath, (_, reply) => {
      reply.stream().send('ADDED', widget('a', '2'));
    });
    for await (const event of client.watch(Widget, { resourceVersion: '1' })) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await server.until(() => server.watches.length === 0);
  });
});
