import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HealthCheck } from '../../../api/health-check.ts';
import { MemoryCluster } from '../../../integrations/flux/testing/memory-cluster.ts';
import { allowHosts, parseHostPattern } from '../../../integrations/http/allowed-hosts.ts';
import { createHttpAsker } from '../../../integrations/http/ask.ts';
import { createLiveReader } from '../../../kube/live-reader.ts';
import { createFakeClock } from '../../../kube/testing/fake-clock.ts';
import { certificate, key } from '../../../oci/testing/certificate.ts';
import { serve } from '../../../oci/testing/connect.ts';
import type { Script } from '../../../oci/testing/scripted-server.ts';
import { sampledClass } from '../sampled/sampled-class.ts';
import { SampledWorld } from '../sampled/testing/world.ts';
import { httpSampler } from './http-sampler.ts';

type Fields = Record<string, unknown>;

/** A check of an address. The class is named otherwise in this world. */
async function probe(http: Fields, spec: Fields = {}): Promise<SampledWorld> {
  return new SampledWorld(httpSampler).check({ ...spec, http });
}

async function probed(script: Script, http: Fields = {}) {
  const server = await serve(script);
  const url = `http://${server.host}/health?key=hunter2`;
  return { server, url, world: await probe({ url, ...http }) };
}

const shown = (url: string): string => url.split('?')[0] ?? '';

describe('class http', () => {
  const json = (body: unknown, status = 200) => ({ status, body: JSON.stringify(body) });

  it.each([
    ['2xx', { status: 204 }, {}, 'Healthy', ' answered 204'],
    ['404', { status: 404 }, {}, 'Unhealthy', ' answered 404'],
    ['500, with its words', json({ message: 'no database\n' }, 500), {}, 'Unhealthy', ' answered 500: no database'],
    ['another status than expected', {}, { expectedStatuses: [204] }, 'Unhealthy', ' answered 200'],
    ['an expected one', { status: 418 }, { expectedStatuses: [200, 418] }, 'Healthy', ' answered 418'],
    ['an expected redirect', { status: 302 }, { expectedStatuses: [302] }, 'Healthy', ' answered 302'],
    ['a body that is no JSON', { body: '<html>' }, {}, 'Healthy', ' answered 200'],
    ['success', json({ ready: true }), { success: 'body.ready == true' }, 'Healthy', ' answered 200'],
    [
      'no success',
      json({ ready: 'no' }),
      { success: 'body.ready == true' },
      'Unhealthy',
      ' answered 200, and success is false',
    ],
    [
      'no success with an unexpected status',
      json({ ready: true }, 503),
      { success: 'body.ready' },
      'Unhealthy',
      ' answered 503',
    ],
  ] as const)('%s', async (_what, answer, http, status, message) => {
    const { world, url } = await probed(() => answer, http);
    await world.until({
      status,
      message: `${shown(url)}${message}`,
      conditions: [{ status: 'True', reason: 'Judging' }],
    });
  });

  it.each([
    ['no JSON', { body: 'pong' }, { success: 'body.ready' }, 'it answered 200, and its answer is no JSON'],
    [
      'something else',
      json({ up: 1 }),
      { success: 'body.ready' },
      'it answered 200, and success cannot be evaluated for its answer: no such key in ready',
    ],
    ['far too much', { body: 'x'.repeat(1024 * 1024 + 1) }, {}, 'the answer is larger than 1048576 bytes'],
  ] as const)('has no data where %s is answered', async (_what, answer, http, fault) => {
    const { world, url } = await probed(() => answer, http);
    const message = `${shown(url)}: ${fault}`;
    await world.until({ status: 'Pending', message: `No data: ${message}` });
    expect((await world.status()).conditions).toMatchObject([{ status: 'False', reason: 'NoData', message }]);
  });

  it('sends what it is told to send', async () => {
    const server = await serve(() => ({}));
    const world = new SampledWorld(httpSampler).secret('headers', { 'X-Key': 'from-secret' });
    world.secret('access', { username: 'me', password: 'hunter2' });
    const headers = { 'x-team': 'a', 'x-key': 'from-spec', 'content-type': 'text/plain' };
    const refs = { headersSecretRef: { name: 'headers' }, secretRef: { name: 'access' } };
    await world.check({ http: { url: `http://${server.host}/`, method: 'PUT', headers, body: 'ping', ...refs } });
    await world.until({ status: 'Healthy' });
    const authorization = `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
    const sent = { 'x-team': 'a', 'x-key': 'from-secret', 'content-type': 'text/plain', authorization };
    expect(server.seen).toMatchObject([{ method: 'PUT', body: 'ping', headers: sent }]);
  });

  it('does not tell what its headers prove, wherever they stand', async () => {
    const echo: Script = ({ headers }) =>
      json({ message: `you are ${headers.authorization ?? ''} of ${String(headers['x-team'])}` }, 403);
    const headers = { Authorization: 'Bearer hunter2secret', 'X-Team': 'payments' };
    const { world, url } = await probed(echo, { headers });
    await world.until({
      status: 'Unhealthy',
      message: `${shown(url)} answered 403: you are *** of payments`,
    });
  });

  it('is unhealthy where nobody listens, or hangs up', async () => {
    const { world, server, url } = await probed(() => 'reset');
    await world.until({ status: 'Unhealthy', message: `${shown(url)}: other side closed` });
    await server[Symbol.asyncDispose]();
    await world.clock.advance(61_000);
    await world.next();
    await world.until({ status: 'Unhealthy', message: `${shown(url)}: connect ECONNREFUSED ${server.host}` });
  });

  it('is unhealthy where no answer comes in time', async () => {
    const { world, server, url } = await probed(() => 'silence');
    await world.check({ http: { url }, timeout: '3s' });
    await world.look();
    await vi.waitFor(() => {
      expect(server.seen).toHaveLength(1);
    });
    await world.clock.advance(3_000);
    await world.until({ status: 'Unhealthy', message: `${shown(url)}: no answer within 3 s` });
  });

  it('is unhealthy where an answer has no end', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const server = createServer((_request, response) => {
      response.write('{');
      arrived.resolve(undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const world = await probe({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    await world.look();
    await arrived.promise;
    await world.clock.advance(10_000);
    expect((await world.until({ status: 'Unhealthy' })).message).toContain('no answer within 10 s');
  });

  it('never follows a redirect to another host with its credentials', async () => {
    const other = await serve(() => ({}));
    const { world, server, url } = await probed(() => ({
      status: 307,
      headers: { location: `http://${other.host}/` },
    }));
    world.secret('access', { bearerToken: 'hunter2' });
    await world.check({ http: { url, secretRef: { name: 'access' } } });
    const { message } = await world.until({ status: 'Unhealthy' });
    expect(message).toContain(`it redirects to http://${other.host}, and another host or scheme is never followed`);
    expect(server.seen).toMatchObject([{ headers: { authorization: 'Bearer hunter2' } }]);
    expect(other.seen).toEqual([]);
  });

  it('trusts whom its Secret names, and nobody else', async () => {
    const server = await serve(() => ({}), { cert: certificate, key });
    const url = `https://${server.host}/`;
    const world = new SampledWorld(httpSampler).secret('trust', { 'ca.crt': certificate });
    await world.check({ http: { url } });
    expect((await world.until({ status: 'Unhealthy' })).message).toContain('CERT');
    await world.check({ http: { url, secretRef: { name: 'trust' } } });
    await world.until({ status: 'Healthy' });
  });

  it('knows no verdict where nobody knows the name', async () => {
    const world = await probe({ url: 'http://nowhere.invalid/' });
    const { conditions } = await world.until({ status: 'Pending' });
    expect(conditions).toMatchObject([{ status: 'False', reason: 'NoData' }]);
  });

  it('asks as often as the thresholds say', async () => {
    const { world, server } = await probed(() => ({ status: 500 }));
    await world.check({ failureThreshold: 3, interval: '1s', http: { url: `http://${server.host}/` } });
    for (const count of [1, 2]) {
      await world.until({ status: 'Pending', lastSample: { result: 'Unhealthy', value: '500', count } });
      await world.next();
    }
    await world.until({ status: 'Unhealthy', lastSample: { count: 3 } });
    expect(server.seen).toHaveLength(3);
  });

  it.each([
    ['no URL', { url: 'https://' }, 'spec.http: url is no URL such as https://app.example.com/healthz'],
    ['a header that cannot be chosen', { headers: { Host: 'x' } }, 'spec.http: headers has the key "Host"'],
    ['a body of a GET', { body: 'x' }, 'spec.http: a GET has no body: remove body, or write method: POST'],
    ['what is no expression', { success: 'body.' }, 'spec.http: success is no CEL expression over status and body:'],
    ['an expression of another type', { success: '"yes"' }, 'it is of type string, not bool'],
  ])('refuses %s', async (_what, http, message) => {
    const world = await probe({ url: 'http://127.0.0.1/', ...http });
    const status = await world.look();
    expect(status).toMatchObject({ status: 'Pending', conditions: [{ status: 'False', reason: 'InvalidSpec' }] });
    expect(status.message).toContain(message);
  });
});

it('a host that never answers holds up no check of another one', async () => {
  const clock = createFakeClock();
  const slow = await serve(() => 'silence');
  const quick = await serve(() => ({}));
  const hosts = allowHosts([parseHostPattern('127.0.0.1') ?? expect.unreachable()]);
  const reader = createLiveReader(new MemoryCluster());
  const asker = createHttpAsker({ clock, hosts });
  const judge = sampledClass(httpSampler(asker), { reader, live: reader, hosts, asker, clock });
  const woken: string[] = [];
  const stop = new AbortController();
  judge.start?.(({ name }) => woken.push(name), stop.signal);
  const { signal } = stop;
  const look = (name: string, host: string) => {
    const metadata = { namespace: 'team', name, uid: name };
    const { apiVersion, kind } = HealthCheck;
    const spec = { class: 'http', http: { url: `http://${host}/` } };
    const check = HealthCheck.parse({ apiVersion, kind, metadata, spec });
    return judge.judge({ check, rollouts: [], cutoff: undefined, deployedAt: undefined }, signal);
  };
  for (let index = 0; index < 50; index++) await look(`slow-${index}`, slow.host);
  for (let index = 0; index < 20; index++) await look(`quick-${index}`, quick.host);
  await vi.waitFor(() => {
    expect(woken).toHaveLength(20);
  });
  expect(slow.seen).toHaveLength(4);
  expect(await look('quick-7', quick.host)).toMatchObject({ status: 'Healthy' });
  stop.abort(new Error('the test is over'));
});
