import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, test } from 'vitest';
import { parseTag } from '../../api/tag.ts';
import { systemClock } from '../../kube/clock.ts';
import { digestOf } from '../../oci/manifest.ts';
import { mediaTypes } from '../../oci/media-types.ts';
import { pullArtifact } from '../../oci/pull.ts';
import { pushArtifact, pushBlob, pushImage, pushManifest } from '../../oci/push.ts';
import { createRegistry, fetchBlob } from '../../oci/registry-client.ts';
import { packFiles } from '../../oci/tar.ts';
import type { RegistryCredentials } from './guard.ts';
import { startRegistry } from './start-registry.ts';

const { signal } = new AbortController();
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function start(credentials?: RegistryCredentials) {
  const server = await startRegistry({ clock: systemClock, ...(credentials && { credentials }) });
  const registry = createRegistry({ clock: systemClock });
  open.push(registry, server);
  const target = {
    name: { registry: server.host, repository: 'team/app' },
    access: credentials ? { credentials } : {},
  };
  return { server, registry, transport: registry.transport, target };
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
const image = {
  tag: '1.0.0',
  files: { 'app/index.html': '<p>1</p>' },
  labels: { 'org.opencontainers.image.version': '1.0.0' },
};

test('an image is pushed, listed and read', async () => {
  const { server, registry, transport } = await start();
  const repository = `${server.host}/team/app`;
  const digest = await pushImage(transport, { ...image, repository }, signal);
  expect(await registry.listTags(repository, {}, signal)).toEqual(['1.0.0']);
  expect(await registry.readManifest(repository, parseTag('1.0.0'), {}, signal)).toMatchObject({
    digest,
    version: '1.0.0',
  });
});

test('the same content has the same digest, and nothing is uploaded twice', async () => {
  const { server, transport } = await start();
  const repository = `${server.host}/team/app`;
  const first = await pushImage(transport, { ...image, repository }, signal);
  const uploads = () => server.requests.filter(({ method }) => method === 'POST').length;
  expect(uploads()).toBe(2);
  expect(await pushImage(transport, { ...image, repository, tag: 'again' }, signal)).toBe(first);
  expect(uploads()).toBe(2);
  expect(await pushImage(transport, { ...image, repository, files: { a: 'b' } }, signal)).not.toBe(first);
});

describe('a Flux artifact', () => {
  it('is read as it was pushed', async () => {
    const { server, transport } = await start();
    const repository = `${server.host}/team/manifests`;
    const annotations = { 'org.opencontainers.image.revision': 'main@sha1:abc' };
    const files = { 'kustomization.yaml': 'resources: [a.yaml]', 'sub/a.yaml': 'kind: ConfigMap' };
    const digest = await pushArtifact(transport, { repository, tag: 'v1', files, annotations }, signal);
    for (const reference of [`oci://${repository}:v1`, `${repository}@${digest}`, `${repository}:gone@${digest}`]) {
      const artifact = await pullArtifact(transport, reference, {}, signal);
      expect(artifact.metadata).toMatchObject({
        digest,
        artifactType: mediaTypes.fluxConfig,
        revision: 'main@sha1:abc',
      });
      const read = [...artifact.files].map(([path, content]) => [path, Buffer.from(content).toString()]);
      expect(Object.fromEntries(read)).toEqual(files);
    }
  });

  it('that is an image is none', async () => {
    const { server, transport } = await start();
    const repository = `${server.host}/team/app`;
    await pushImage(transport, { ...image, repository }, signal);
    const error = await failure(pullArtifact(transport, `${repository}:1.0.0`, {}, signal));
    expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_RESPONSE', message: expect.stringContaining('no layer') });
  });

  it('that cannot be unpacked is refused with its name', async () => {
    const { server, transport, target } = await start();
    const layer = Buffer.from('no gzip');
    const config = Buffer.from('{}');
    for (const blob of [layer, config]) await pushBlob(transport, target, blob, {}, signal);
    const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: describe(mediaTypes.fluxConfig, config),
      layers: [describe(mediaTypes.fluxContent, layer)],
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    await pushManifest(transport, target, parseTag('bad'), { mediaType: mediaTypes.manifest, bytes }, signal);
    const error = await failure(pullArtifact(transport, `${server.host}/team/app:bad`, {}, signal));
    expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_ARCHIVE', message: expect.stringContaining('team/app:bad') });
  });
});

describe('a blob', () => {
  const bytes = Buffer.from('0123456789'.repeat(1000));

  it.each([1, 999, 5000, 10_000, 20_000])('goes up in pieces of %i bytes', async (chunkBytes) => {
    const { transport, target, server } = await start();
    const content = chunkBytes === 1 ? bytes.subarray(0, 20) : bytes;
    const digest = await pushBlob(transport, target, content, { chunkBytes }, signal);
    expect(await fetchBlob(transport, target, { digest, size: content.length }, { maxBytes: 20_000 }, signal)).toEqual(
      content,
    );
    const pieces = server.requests.filter(({ method }) => method === 'PATCH').length;
    expect(pieces).toBe(Math.ceil(content.length / chunkBytes));
  });

  it('is mounted from another repository', async () => {
    const { transport, target, server } = await start();
    const digest = await pushBlob(transport, target, bytes, {}, signal);
    const other = { ...target, name: { ...target.name, repository: 'other/app' } };
    await pushBlob(transport, other, bytes, { mountFrom: `${server.host}/team/app` }, signal);
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(await fetchBlob(transport, other, { digest, size: bytes.length }, { maxBytes: 20_000 }, signal)).toEqual(
      bytes,
    );
  });

  it('is uploaded where there is nothing to mount', async () => {
    const { transport, target, server } = await start();
    const digest = await pushBlob(transport, target, bytes, { mountFrom: `${server.host}/nothing/here` }, signal);
    expect(digest).toBe(digestOf(bytes));
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('that is larger than wanted is not read', async () => {
    const { transport, target } = await start();
    const digest = await pushBlob(transport, target, bytes, {}, signal);
    for (const size of [bytes.length, 1]) {
      const error = await failure(fetchBlob(transport, target, { digest, size }, { maxBytes: 100 }, signal));
      expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_RESPONSE' });
    }
  });
});

test.each<[string, RegistryCredentials]>([
  ['a password for a token', { username: 'me', password: 'pw' }],
  ['a password', { username: 'me', password: 'pw', scheme: 'basic' }],
  ['an identity token', { username: 'me', password: 'pw', identityToken: 'refresh' }],
])('pushes and pulls with %s', async (_, { identityToken, ...credentials }) => {
  const { server, registry, transport } = await start({ ...credentials, ...(identityToken && { identityToken }) });
  const repository = `${server.host}/team/app`;
  const access = { credentials: identityToken === undefined ? credentials : { identityToken } };
  await pushImage(transport, { ...image, repository, access }, signal);
  expect(await registry.listTags(repository, access, signal)).toEqual(['1.0.0']);
  const wrong = { credentials: { username: 'me', password: 'no' } };
  expect(await failure(registry.listTags(repository, wrong, signal))).toMatchObject({ code: 'KBK_OCI_UNAUTHORIZED' });
  expect(await failure(registry.listTags(repository, {}, signal))).toMatchObject({ code: 'KBK_OCI_UNAUTHORIZED' });
});

test('the layer of an image is a tar whose digest the config names', async () => {
  const { server, transport, target } = await start();
  await pushImage(transport, { ...image, repository: `${server.host}/team/app` }, signal);
  const layer = packFiles(new Map([['app/index.html', Buffer.from('<p>1</p>')]]));
  const read = await fetchBlob(
    transport,
    target,
    { digest: digestOf(layer), size: layer.length },
    { maxBytes: 1e6 },
    signal,
  );
  expect(gunzipSync(read).subarray(0, 14).toString()).toBe('app/index.html');
});
