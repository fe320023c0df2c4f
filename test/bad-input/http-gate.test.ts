/** A service that repeats the credentials that it was sent, in every way that it has: they are seen nowhere. */
import { expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { serve } from '../../src/oci/testing/connect.ts';
import { eventually } from '../support/eventually.ts';
import { gate } from '../support/objects.ts';
import { startWorld } from '../support/world.ts';

const secret = 'hunter2secret';

test('credentials of a service are in no status, event or log', async () => {
  const logged: string[] = [];
  const log = (fields: object, message: string): void => {
    const texts = Object.values(fields).map((value) => (value instanceof Error ? String(value.stack) : value));
    logged.push(JSON.stringify([message, fields, texts]));
  };
  await using world = await startWorld({ logger: { debug: log, info: log, warn: log, error: log } });
  const space = await world.space('credentials');
  const service = await serve(({ url: address }) => {
    const [url] = address.split('?');
    if (url === '/refuses') return { body: JSON.stringify({ allowed: false, message: `not with Bearer ${secret}` }) };
    if (url === '/breaks') return { status: 500, headers: { 'x-sent': secret }, body: secret };
    if (url === '/babbles') return { body: `{"allowed": "${secret}"}` };
    return { status: 307, headers: { location: `http://${secret}.example.com/?${secret}` } };
  });
  const stringData = { Authorization: `Bearer ${secret}` };
  await space.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'service' }, stringData });
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const headersSecretRef = { name: 'service' };
  const paths = ['refuses', 'breaks', 'babbles', 'redirects'];
  for (const path of paths) {
    const url = `http://${service.host}/${path}?key=${secret}-too`;
    await space.put(gate(path, 'app', { class: 'http', http: { url, headersSecretRef } }));
  }
  await space.push('v1.1.0');
  await eventually(async () => {
    for (const path of paths) expect((await space.get(RolloutGate, path)).status?.verdicts).toHaveLength(1);
    const { gates = [] } = (await space.get(Rollout)).status ?? {};
    expect(gates.filter(({ message }) => message?.includes('v1.1.0'))).toHaveLength(paths.length);
  });
  expect(service.seen.map(({ headers }) => headers.authorization)).toEqual(paths.map(() => `Bearer ${secret}`));

  const address = `${world.sandbox.api.url}/api/v1/namespaces/${space.namespace}/events`;
  const events = await eventually(async () => {
    const text = await (await fetch(address)).text();
    expect(text).toContain('"reason":"Unreachable"');
    return text;
  });
  const statuses = await Promise.all(paths.map(async (path) => (await space.get(RolloutGate, path)).status));
  const written = [statuses, (await space.get(Rollout)).status, events, logged];
  expect(JSON.stringify(written)).not.toContain(secret);
});
