/** The real skopeo against the sandbox's registry: `npm run test:tools`. Fails where skopeo is missing. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../kube/clock.ts';
import { pushImage } from '../../oci/push.ts';
import { createRegistry } from '../../oci/registry-client.ts';
import { type RunningRegistry, startRegistry } from './start-registry.ts';

const run = promisify(execFile);
const skopeo = async (...words: string[]) => (await run('skopeo', words, { timeout: 60_000 })).stdout;

describe('skopeo', () => {
  const { signal } = new AbortController();
  const client = createRegistry({ clock: systemClock });
  let registry: RunningRegistry;
  let folder = '';
  let digest = '';

  beforeAll(async () => {
    await skopeo('--version').catch((cause: unknown) => {
      throw new Error('skopeo is not installed; install it (apt-get install skopeo)', {
        cause,
      });
    });
    folder = await mkdtemp(join(tmpdir(), 'kuberik-skopeo-'));
    registry = await startRegistry({ clock: systemClock, dataDir: join(folder, 'data') });
    const repository = `${registry.host}/source/app`;
    const content = {
      repository,
      tag: '1.0.0',
      files: { 'a.txt': 'hello' },
      labels: { 'org.opencontainers.image.version': '1.0.0' },
    };
    digest = await pushImage(client.transport, content, signal);
  });
  afterAll(async () => {
    await registry.close();
    await client[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('pulls what we pushed and pushes it back unchanged', async () => {
    const layout = `oci:${folder}/layout:1.0.0`;
    await skopeo('copy', '--src-tls-verify=false', `docker://${registry.host}/source/app:1.0.0`, layout);
    await skopeo('copy', '--dest-tls-verify=false', layout, `docker://${registry.host}/team/app:1.0.0`);
    const inspected = JSON.parse(
      await skopeo('inspect', '--tls-verify=false', `docker://${registry.host}/team/app:1.0.0`),
    );
    expect(inspected).toMatchObject({ Digest: digest, Labels: { 'org.opencontainers.image.version': '1.0.0' } });
  });

  it('copies within the registry, lists and deletes', async () => {
    const image = (tag: string) => `docker://${registry.host}/copied/app:${tag}`;
    for (const tag of ['1.0.0', '1.0.1']) {
      const flags = ['--src-tls-verify=false', '--dest-tls-verify=false'];
      await skopeo('copy', ...flags, `docker://${registry.host}/source/app:1.0.0`, image(tag));
    }
    const list = async () =>
      JSON.parse(await skopeo('list-tags', '--tls-verify=false', `docker://${registry.host}/copied/app`)).Tags;
    expect(await list()).toEqual(['1.0.0', '1.0.1']);
    await skopeo('delete', '--tls-verify=false', image('1.0.0'));
    // It deletes by digest, so every tag of the same image goes.
    expect(await list()).toEqual([]);
  });

  it('converts to the Docker format', async () => {
    const copy = ['copy', '--src-tls-verify=false', '--dest-tls-verify=false', '--format', 'v2s2'];
    await skopeo(...copy, `docker://${registry.host}/source/app:1.0.0`, `docker://${registry.host}/docker/app:1`);
    const read = await client.readManifest(`${registry.host}/docker/app`, '1' as never, {}, signal);
    expect(read).toMatchObject({ mediaType: 'application/vnd.docker.distribution.manifest.v2+json', version: '1.0.0' });
  });

  it('logs in', async () => {
    const guarded = await startRegistry({ clock: systemClock, credentials: { username: 'me', password: 'pw' } });
    try {
      const copy = (creds: string) =>
        skopeo(
          'copy',
          '--src-tls-verify=false',
          '--dest-tls-verify=false',
          '--dest-creds',
          creds,
          `docker://${registry.host}/source/app:1.0.0`,
          `docker://${guarded.host}/team/app:1`,
        );
      await copy('me:pw');
      await expect(copy('me:no')).rejects.toThrow(/unauthorized/);
    } finally {
      await guarded.close();
    }
  });
});
