import { Counter, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { formatBindAddress, parseBindAddress } from './address.ts';
import { type HttpServer, listen, metricsRoutes, probeRoutes, type Routes } from './http-server.ts';

const servers: HttpServer[] = [];

async function serve(routes: Routes): Promise<string> {
  const server = await listen({ host: '127.0.0.1', port: 0 }, routes);
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

describe('probes', () => {
  it('says ok, or what is wrong', async () => {
    let synced = false;
    const base = await serve(
      probeRoutes({}, { caches: () => (synced ? undefined : 'waiting for rollouts'), lease: () => undefined }),
    );
    const before = await fetch(`${base}/readyz`);
    expect([before.status, await before.text()]).toEqual([503, '[-]caches: waiting for rollouts\n[+]lease ok\n']);
    synced = true;
    const after = await fetch(`${base}/readyz?verbose`);
    expect([after.status, await after.text()]).toEqual([200, 'ok']);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });
});

describe('metrics', () => {
  it('prints the registry in the text format', async () => {
    const registry = new Registry();
    new Counter({ name: 'thing_total', help: 'Things.', registers: [registry] }).inc(3);
    const base = await serve(metricsRoutes(registry));
    const response = await fetch(`${base}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toContain('thing_total 3');
  });
});

describe('listen', () => {
  it('answers what it does not know, does not allow or cannot do', async () => {
    const base = await serve({
      '/bad': () => {
        throw new Error('no disk');
      },
    });
    expect((await fetch(`${base}/constructor`)).status).toBe(404);
    expect((await fetch(`${base}/bad`, { method: 'POST' })).status).toBe(405);
    const failed = await fetch(`${base}/bad`);
    expect([failed.status, await failed.text()]).toEqual([500, '/bad failed: no disk\n']);
  });

  it('says who is in the way when the address is taken', async () => {
    const base = await serve({});
    const { port } = new URL(base);
    await expect(listen({ host: '127.0.0.1', port: Number(port) }, {})).rejects.toMatchObject({
      code: 'KBK_SERVER_ADDRESS_UNAVAILABLE',
      message: `cannot listen on 127.0.0.1:${port}: another program listens there; choose another address`,
    });
  });

  it('lets go of its port at once, even with an idle connection open', async () => {
    const base = await serve(probeRoutes({}, {}));
    await (await fetch(`${base}/healthz`)).text();
    await servers.splice(0)[0]?.[Symbol.asyncDispose]();
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });
});

describe('parseBindAddress', () => {
  it.each([
    [':8080', { host: undefined, port: 8080 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:9', { host: 'localhost', port: 9 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['0', undefined],
  ])('%s', (address, expected) => {
    const parsed = parseBindAddress(address);
    expect(parsed).toEqual(expected);
    expect(parsed === undefined ? '0' : formatBindAddress(parsed)).toBe(address);
  });

  it.each(['', '8080', 'host', ':70000', '::1:80', ':80 '])('refuses "%s"', (address) => {
    expect(() => parseBindAddress(address)).toThrow('is no address to listen on');
  });
});
