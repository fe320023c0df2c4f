/** An answer that was lost made the recorder send the same fact again under another name: it was told twice. */
import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createKubeClient } from './http-client.ts';
import { silentLogger } from './logger.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { startScriptedServer, waitUntil } from './testing/scripted-server.ts';
import { widget } from './testing/widget.ts';

it('an Event whose answer was lost is there once, and says how often it happened', async () => {
  await using server = await startScriptedServer();
  const clock = createFakeClock('2026-05-01T00:00:00Z');
  const client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  const recorder = createEventRecorder({ client, clock, random: Math.random, logger: silentLogger });
  const path = '/api/v1/namespaces/default/events';
  const stored = new Map<string, unknown>();
  server.on('POST', path, ({ body }, reply) => {
    const { name } = (body as { metadata: { name: string } }).metadata;
    if (stored.has(name)) {
      reply.status(409, 'AlreadyExists');
      return;
    }
    stored.set(name, body);
    server.on('PATCH', `${path}/${name}`, (request, patched) => {
      stored.set(name, { ...(stored.get(name) as object), ...(request.body as object) });
      patched.json(200, stored.get(name));
    });
    if (stored.size === 1) reply.reset();
    else reply.json(201, body);
  });
  const event = { type: 'Normal', reason: 'Deployed', message: 'version 1' } as const;
  recorder.record(widget('a', '7'), event);
  await server.until(() => stored.size === 1);
  await waitUntil(() => clock.pending > 0);
  recorder.record(widget('a', '7'), event);
  await clock.advance(10_000);
  await recorder.flush(5000);
  expect([...stored.values()]).toMatchObject([{ message: 'version 1', count: 2 }]);
  await client.close();
});
