import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createEventRecorder, type EventDropCause } from './event-recorder.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { silentLogger } from './logger.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { type LoggedRequest, type ScriptedServer, startScriptedServer, waitUntil } from './testing/scripted-server.ts';
import { widget } from './testing/widget.ts';

let server: ScriptedServer;
let client: HttpKubeClient;
let clock: FakeClock;
let dropped: EventDropCause[];

const path = '/api/v1/namespaces/default/events';
const event = { type: 'Normal', reason: 'Deployed', message: 'version 1' } as const;

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createFakeClock('2026-05-01T00:00:00Z');
  client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  dropped = [];
  server.on('POST', path, (request, reply) => {
    const { name } = (request.body as { metadata: { name: string } }).metadata;
    server.on('PATCH', `${path}/${name}`, (_, patched) => {
      patched.json(200, request.body);
    });
    reply.json(201, request.body);
  });
});

afterEach(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

function newRecorder(isBusy?: () => boolean) {
  const onDrop = (cause: EventDropCause): void => void dropped.push(cause);
  const busy = isBusy === undefined ? {} : { isBusy };
  return createEventRecorder({ client, clock, random: () => 0.5, logger: silentLogger, onDrop, ...busy });
}

function bodies(method: string): Record<string, unknown>[] {
  return server.requests.filter((each: LoggedRequest) => each.method === method).map((each) => each.body as never);
}

describe('event recorder', () => {
  it('a name that is cut where no name may end makes a name that the API server takes', async () => {
    const recorder = newRecorder();
    recorder.record(widget(`${'long-'.repeat(48)}name`, '7'), event);
    await recorder.flush(5000);
    const [sent] = bodies('POST');
    expect(sent?.metadata).toMatchObject({ name: expect.stringMatching(/^(long-)+long\.[0-9a-f]+$/) as unknown });
  });

  it('writes a core/v1 Event about the object', async () => {
    const recorder = newRecorder();
    recorder.record(widget('a', '7'), event);
    await recorder.flush(5000);
    expect(bodies('POST')).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: expect.stringMatching(/^a\.[0-9a-f]+$/) as unknown, namespace: 'default' },
        involvedObject: {
          apiVersion: 'example.com/v1',
          kind: 'Widget',
          namespace: 'default',
          name: 'a',
          uid: 'uid-a',
          resourceVersion: '7',
        },
        ...event,
        source: { component: 'rollout-controller' },
        reportingComponent: 'rollout-controller',
        reportingInstance: '',
        firstTimestamp: '2026-05-01T00:00:00Z',
        lastTimestamp: '2026-05-01T00:00:00Z',
        count: 1,
      },
    ]);
  });

  it('raises the count of a repeat, and writes it anew when the Event has expired', async () => {
    const recorder = newRecorder();
    recorder.record(widget('a', '7'), event);
    await recorder.flush(5000);
    await clock.advance(60_000);
    recorder.record(widget('a', '8'), event);
    await recorder.flush(5000);
    expect(bodies('PATCH')).toEqual([{ count: 2, lastTimestamp: '2026-05-01T00:01:00Z' }]);
    const { name } = bodies('POST')[0]?.metadata as { name: string };
    server.on('PATCH', `${path}/${name}`, (_, reply) => {
      reply.status(404, 'NotFound');
    });
    recorder.record(widget('a', '9'), event);
    await recorder.flush(5000);
    expect(bodies('POST').map(({ count }) => count)).toEqual([1, 3]);
  });

  it('sends repeats that wait as one', async () => {
    const recorder = newRecorder();
    for (const name of ['b', 'c', 'd', 'e']) recorder.record(widget(name, '1'), event);
    for (let count = 0; count < 10; count++) recorder.record(widget('a', '7'), event);
    await recorder.flush(5000);
    expect(bodies('POST').map(({ count }) => count)).toEqual([1, 1, 1, 1, 10]);
  });

  it('holds a chatty object back after 25, without holding back others', async () => {
    const recorder = newRecorder();
    for (let count = 0; count < 30; count++) recorder.record(widget('a', '7'), { ...event, message: String(count) });
    recorder.record(widget('b', '1'), event);
    await recorder.flush(5000);
    expect(dropped).toEqual(Array(5).fill('rate_limited'));
    await clock.advance(300_000);
    recorder.record(widget('a', '7'), { ...event, message: 'later' });
    await recorder.flush(5000);
    expect(bodies('POST')).toHaveLength(27);
  });

  it('lets the work go first, and tells of it when there is none', async () => {
    let busy = true;
    const recorder = newRecorder(() => busy);
    for (const name of ['a', 'b']) recorder.record(widget(name, '1'), event);
    await clock.advance(4_999);
    expect(bodies('POST')).toEqual([]);
    busy = false;
    recorder.resume();
    await waitUntil(() => bodies('POST').length === 2);
  });

  it('goes on under a load without end, and when it stops', async () => {
    const recorder = newRecorder(() => true);
    for (const name of ['a', 'b']) recorder.record(widget(name, '1'), event);
    await clock.advance(5_000);
    await waitUntil(() => bodies('POST').length === 2);
    recorder.record(widget('c', '1'), event);
    await recorder.flush(5000);
    expect(bodies('POST')).toHaveLength(3);
  });

  it('drops what is too much, and never waits', () => {
    const recorder = newRecorder();
    for (let count = 0; count < 10_100; count++) recorder.record(widget(`w${count}`, '1'), event);
    expect(dropped.filter((cause) => cause === 'queue_full')).toHaveLength(96);
  });

  it('tries a fault again, a refusal not', async () => {
    let turns = 0;
    server.on('POST', path, ({ body }, reply) => {
      if (turns++ === 0) reply.status(500, 'InternalError');
      else reply.json(201, body);
    });
    const recorder = newRecorder();
    recorder.record(widget('a', '7'), event);
    await server.until(() => turns === 1);
    await waitUntil(() => clock.pending > 0);
    await clock.advance(10_000);
    await recorder.flush(5000);
    expect([turns, dropped]).toEqual([2, []]);
    server.on('POST', path, (_, reply) => {
      reply.status(403, 'Forbidden');
    });
    recorder.record(widget('b', '7'), event);
    await recorder.flush(5000);
    expect(dropped).toEqual(['refused']);
  });
});
