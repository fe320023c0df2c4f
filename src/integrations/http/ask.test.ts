import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { createFakeClock, type FakeClock } from '../../kube/testing/fake-clock.ts';
import { certificate, key } from '../../oci/testing/certificate.ts';
import { failure, neverAborted, serve } from '../../oci/testing/connect.ts';
import { allowHostList, allowHosts, parseHostPattern } from './allowed-hosts.ts';
import { createHttpAsker, type HttpAsker, type Question } from './ask.ts';

const credentials = { authorization: 'Bearer hunter2secret' };
const body = JSON.stringify({ rollout: 'app', version: 'v1.3.0' });
const access = { headers: credentials };

function asker(clock: FakeClock = createFakeClock()): HttpAsker {
  const patterns = ['127.0.0.1', 'localhost'].flatMap((text) => parseHostPattern(text) ?? []);
  const made = createHttpAsker({ clock, hosts: allowHosts(patterns) });
  onTestFinished(() => made.close());
  return made;
}

function question(url: string, more: Partial<Question> = {}): Question {
  return { url: new URL(url), method: 'POST', body, access, timeout: 10_000, ...more };
}

/** A server of one's own, for answers that have no end. */
function listen(listener: RequestListener): Promise<string> {
  return listening(createServer(listener), 'http');
}

async function listening(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `${scheme}://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const ask = (url: string, more: Partial<Question> = {}, by = asker()) => by.ask(question(url, more), neverAborted);

it('sends what is asked as JSON, unless a header says otherwise, or nothing at all', async () => {
  const server = await serve(() => ({ body: '{}' }));
  await ask(`http://${server.host}/check?team=a`);
  const url = new URL(`http://${server.host}/check?team=a`);
  await asker().ask({ url, method: 'GET', access, timeout: 10_000 }, neverAborted);
  await asker().ask({ url, method: 'HEAD', access, timeout: 10_000 }, neverAborted);
  await ask(`http://${server.host}/check`, {
    method: 'PUT',
    access: { headers: { 'content-type': 'application/vnd.check+json' } },
  });
  expect(server.seen).toMatchObject([
    {
      method: 'POST',
      url: '/check?team=a',
      body,
      headers: { ...credentials, 'content-type': 'application/json', accept: 'application/json, */*;q=0.5' },
    },
    { method: 'GET', url: '/check?team=a', body: '', headers: credentials },
    { method: 'HEAD', url: '/check?team=a', body: '' },
    { method: 'PUT', headers: { 'content-type': 'application/vnd.check+json' } },
  ]);
  expect(server.seen[1]?.headers).not.toHaveProperty('content-type');
});

it.each([301, 302, 307, 308])('follows a %d on the same host, with the same question', async (status) => {
  const server = await serve(({ url }) =>
    url === '/old' ? { status, headers: { location: '/new' } } : { body: '{}' },
  );
  const answer = await ask(`http://${server.host}/old`);
  expect(answer.status).toBe(200);
  expect(server.seen).toMatchObject([
    { method: 'POST', url: '/old', body, headers: credentials },
    { method: 'POST', url: '/new', body, headers: credentials },
  ]);
});

it('fetches what a 303 names', async () => {
  const server = await serve(({ url }) => (url === '/old' ? { status: 303, headers: { location: '/new' } } : {}));
  await ask(`http://${server.host}/old`);
  expect(server.seen).toMatchObject([{ method: 'POST' }, { method: 'GET', url: '/new', body: '' }]);
});

it('takes a redirect for the answer where that is what is wanted', async () => {
  const server = await serve(() => ({ status: 302, headers: { location: 'http://elsewhere.example.com/' } }));
  expect(await ask(`http://${server.host}/`, { finalStatuses: [302] })).toMatchObject({ status: 302 });
  expect(await failure(ask(`http://${server.host}/`))).toMatchObject({ because: 'redirect' });
});

it.each([
  ['another port', (port: number) => `http://127.0.0.1:${port}/x`],
  ['another name of this machine', (port: number) => `http://localhost:${port}/x`],
  ['another host without a scheme', (port: number) => `//127.0.0.1:${port}/x`],
])('never follows a redirect to %s, although that host may be called', async (_what, location) => {
  const other = await serve(() => ({}));
  const server = await serve(() => ({ status: 307, headers: { location: location(other.port) } }));
  const said = await failure(ask(`http://${server.host}/x`));
  expect(said).toMatchObject({ message: expect.stringContaining('another host or scheme is never followed') });
  expect(other.seen).toEqual([]);
});

it('ends a chain of redirects, and one that leads nowhere', async () => {
  const server = await serve(({ url }) => ({ status: 307, headers: url === '/x' ? {} : { location: `${url}1` } }));
  expect(await failure(ask(`http://${server.host}/a`))).toMatchObject({ message: 'it redirects more than 3 times' });
  expect(server.seen).toHaveLength(4);
  const nowhere = await failure(ask(`http://${server.host}/x`));
  expect(nowhere).toMatchObject({ message: 'it redirects without saying where' });
});

it('reads no more than 1 MiB of an answer without end, and hangs up', async () => {
  const closed = Promise.withResolvers<undefined>();
  const url = await listen((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const more = (): void => {
      if (!response.destroyed) response.write(chunk, () => setImmediate(more));
    };
    response.on('close', () => {
      closed.resolve(undefined);
    });
    more();
  });
  const said = { because: 'size', message: 'the answer is larger than 1048576 bytes' };
  expect(await failure(ask(url))).toMatchObject(said);
  await closed.promise;
});

it.each([
  ['does not begin', () => undefined],
  [
    'trickles',
    (write: (text: string) => void) => {
      write('{');
    },
  ],
])('gives up an answer that %s', async (_what, start) => {
  const clock = createFakeClock();
  const arrived = Promise.withResolvers<undefined>();
  const url = await listen((_request, response) => {
    start((text) => response.write(text));
    arrived.resolve(undefined);
  });
  const said = failure(ask(url, { timeout: 2_000 }, asker(clock)));
  await arrived.promise;
  await clock.advance(2_000);
  expect(await said).toMatchObject({ message: 'no answer within 2 s' });
});

it('measures the time over all redirects together', async () => {
  const clock = createFakeClock();
  const arrived = Promise.withResolvers<undefined>();
  const url = await listen(({ url: path }, response) => {
    if (path === '/b') arrived.resolve(undefined);
    else void clock.advance(1_500).then(() => response.writeHead(307, { location: '/b' }).end());
  });
  const said = failure(ask(url, { timeout: 2_000 }, asker(clock)));
  await arrived.promise;
  await clock.advance(500);
  expect(await said).toMatchObject({ message: 'no answer within 2 s' });
});

it('says that nobody listens, or that the connection broke', async () => {
  const server = await serve(() => 'reset');
  expect(await failure(ask(`http://${server.host}/`))).toMatchObject({ because: 'connection' });
  await server[Symbol.asyncDispose]();
  const refused = await failure(ask(`http://${server.host}/`));
  expect(refused).toMatchObject({ because: 'connection', message: `connect ECONNREFUSED ${server.host}` });
});

it('says that nobody knows the name, or that it leads to where nobody may go', async () => {
  const hosts = allowHostList({ listed: [], others: true });
  const by = createHttpAsker({ clock: createFakeClock(), hosts });
  onTestFinished(() => by.close());
  expect(await failure(ask('http://nowhere.invalid/', {}, by))).toMatchObject({ because: 'name' });
  const nearby = await failure(ask('http://localhost:9/', {}, by));
  expect(nearby).toMatchObject({ because: 'policy', message: expect.stringContaining('an address of this machine') });
});

it('trusts a private authority that is named, and nobody else', async () => {
  const server = await serve(() => ({ body: '{}' }), { cert: certificate, key });
  const url = `https://${server.host}/check`;
  expect(await ask(url, { access: { headers: {}, authority: certificate } })).toMatchObject({ status: 200 });
  expect(await failure(ask(url))).toMatchObject({ message: expect.stringContaining('CERT') });
  expect(server.seen).toHaveLength(1);
});

it('shows its certificate to a server that wants to see one', async () => {
  const seen: unknown[] = [];
  const server = createTlsServer(
    { cert: certificate, key, ca: certificate, requestCert: true },
    (request, response) => {
      if (request.socket instanceof TLSSocket) seen.push(request.socket.getPeerCertificate().subject);
      response.end();
    },
  );
  const url = await listening(server, 'https');
  const mine = { headers: {}, authority: certificate, certificate: { chain: certificate, key } };
  expect(await ask(url, { access: mine })).toMatchObject({ status: 200 });
  const stranger = failure(ask(url, { access: { headers: {}, authority: certificate } }));
  expect(await stranger).toMatchObject({ because: 'connection' });
  expect(seen).toMatchObject([{ CN: 'kuberik test' }]);
});

it('is not held up at one host by another one', async () => {
  const slow = await serve(() => 'silence');
  const quick = await serve(() => ({ body: '{}' }));
  const by = asker();
  const stop = new AbortController();
  const asked = Array.from({ length: 50 }, () => by.ask(question(`http://${slow.host}/`), stop.signal));
  await expect.poll(() => slow.seen.length).toBe(4);
  expect(await ask(`http://${quick.host}/`, {}, by)).toMatchObject({ status: 200 });
  stop.abort(new Error('enough'));
  expect(await Promise.all(asked.map(failure))).toEqual(Array.from({ length: 50 }, () => stop.signal.reason as Error));
  expect(slow.seen).toHaveLength(4);
});
