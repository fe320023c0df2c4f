import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextNames, loadKubeConfig } from './kube-config.ts';
import { createFakeClock } from './testing/fake-clock.ts';

let folder: string;
const clock = createFakeClock();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function kubeconfig(user: unknown, server = 'https://example.test:6443/'): Promise<string> {
  const file = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'one',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64('CA') } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u' } },
      { name: 'two', context: { cluster: 'c', user: 'u', namespace: 'team' } },
      { name: 'broken', context: { cluster: 'nowhere', user: 'u' } },
    ],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe('kubeconfig', () => {
  it('gives server, authority, client certificate and namespace of the context', async () => {
    const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
    const file = await kubeconfig(user);
    const cluster = await loadKubeConfig({ kubeconfig: file, clock });
    expect(cluster).toMatchObject({ server: 'https://example.test:6443', namespace: 'default', insecure: false });
    const { cert, key } = (await cluster.certificate?.()) ?? {};
    expect([cluster.ca, cert, key].map(String)).toEqual(['CA', 'CERT', 'KEY']);
    expect((await loadKubeConfig({ kubeconfig: file, context: 'two', clock })).namespace).toBe('team');
    expect(contextNames({ kubeconfig: file })).toEqual(['one', 'two', 'broken']);
  });

  it.each([
    [{ token: 'abc' }, 'Bearer abc'],
    [{ username: 'me', password: 'pw' }, `Basic ${base64('me:pw')}`],
  ])('sends credentials %#', async (user, authorization) => {
    const { headers } = await loadKubeConfig({ kubeconfig: await kubeconfig(user, 'http://127.0.0.1:1'), clock });
    expect(Object.values(await headers())).toEqual([authorization]);
  });

  it('reads a token file again when the token was refused, and every ten seconds', async () => {
    const now = createFakeClock();
    const file = await kubeconfig({ token: 'not this', tokenFile: 'token' });
    await writeFile(join(folder, 'token'), 'first\n');
    const { headers } = await loadKubeConfig({ kubeconfig: file, clock: now });
    expect(await headers()).toEqual({ Authorization: 'Bearer first' });
    await writeFile(join(folder, 'token'), 'second\n');
    expect(await headers()).toEqual({ Authorization: 'Bearer first' });
    await now.advance(1000);
    expect(await headers(true)).toEqual({ Authorization: 'Bearer second' });
    await writeFile(join(folder, 'token'), 'third\n');
    await now.advance(10_000);
    expect(await headers()).toEqual({ Authorization: 'Bearer third' });
    await rm(join(folder, 'token'));
    await now.advance(10_000);
    await expect(headers()).rejects.toThrow(/token file .* cannot be read/);
  });

  it('asks a plug-in once for many requests', async () => {
    const count = join(folder, 'count');
    const status = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'fresh' },
    };
    const script = `require('fs').appendFileSync(${JSON.stringify(count)}, 'x'); console.log(${JSON.stringify(JSON.stringify(status))})`;
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
    const { headers } = await loadKubeConfig({ kubeconfig: await kubeconfig({ exec }), clock });
    const all = await Promise.all(Array.from({ length: 20 }, () => headers()));
    expect(new Set(all.map((each) => Object.values(each).join())).size).toBe(1);
    expect(Object.values(all[0] ?? {})).toEqual(['Bearer fresh']);
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(count, 'utf8')).toBe('x');
  });

  it.each([
    ['a missing file', async () => ({ kubeconfig: join(folder, 'none') })],
    ['an unknown context', async () => ({ kubeconfig: await kubeconfig({}), context: 'three' })],
    ['a context without cluster', async () => ({ kubeconfig: await kubeconfig({}), context: 'broken' })],
  ])('refuses %s', async (_, options) => {
    const loading = loadKubeConfig({ ...(await options()), clock });
    await expect(loading).rejects.toMatchObject({ code: 'KBK_KUBE_CONFIG', disposition: { kind: 'terminal' } });
  });

  it('names the contexts there are', async () => {
    const loading = loadKubeConfig({ kubeconfig: await kubeconfig({}), context: 'three', clock });
    await expect(loading).rejects.toThrow('there is no context "three"; there are: one, two, broken');
  });
});
