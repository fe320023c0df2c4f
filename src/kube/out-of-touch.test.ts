/**
 * After an outage of the API server a process decided on what it had heard before: a gate that was closed meanwhile was
 * still open for it, for up to half a minute.
 */
import { expect, it } from 'vitest';
import { createCacheReader } from './cache-reader.ts';
import { systemClock } from './clock.ts';
import { createKubeClient } from './http-client.ts';
import { Informers } from './informers.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { startScriptedServer } from './testing/scripted-server.ts';
import { Widget, widget, widgetList, widgetsPath } from './testing/widget.ts';

it('what may have been missed in an outage is read anew before anybody reads it', async () => {
  await using server = await startScriptedServer();
  const clock = createFakeClock();
  const client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  const informers = new Informers({ client, clock, random: () => 0, freeze: true });
  let isUp = true;
  let widgets = [widget('open', '5')];
  server.on('GET', widgetsPath, (_, reply) => {
    if (isUp) reply.json(200, widgetList(widgets, '10'));
    else reply.status(503, 'ServiceUnavailable');
  });
  server.on('WATCH', widgetsPath, (_, reply) => {
    if (isUp) reply.stream();
    else reply.status(503, 'ServiceUnavailable');
  });
  const { informer } = informers.acquire(Widget);
  await informer.ready(10_000);
  await server.until(() => server.watches.length === 1);

  isUp = false;
  server.watches[0]?.end();
  for (let step = 0; step < 200 && informer.fault === undefined; step++) {
    await clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(informer.fault).toBeDefined();
  const names: string[] = [];
  const reading = createCacheReader({ informers })
    .list(Widget)
    .then((list) => names.push(...list.map(({ metadata }) => metadata.name)));
  await clock.advance(100);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(names).toEqual([]);

  widgets = [widget('closed', '8')];
  isUp = true;
  for (let step = 0; step < 300 && names.length === 0; step++) {
    await clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await reading;
  expect(names).toEqual(['closed']);
  expect(informer.fault).toBeUndefined();
  await informers.stop();
  await client.close();
});
