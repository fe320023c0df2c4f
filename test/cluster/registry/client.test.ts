/** Our client against three registries: what it reads and writes is the same, however they answer. */
import { describe, expect, test } from 'vitest';
import { parseTag } from '../../../src/api/tag.ts';
import { OciError, type OciErrorCode } from '../../../src/oci/errors.ts';
import { digestOf } from '../../../src/oci/manifest.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { pullArtifact } from '../../../src/oci/pull.ts';
import { pushArtifact, pushBlob, pushImage, pushManifest } from '../../../src/oci/push.ts';
import { registryNames } from '../control-plane/registries.ts';
import { eachRegistry, type Host, pathOf, signal } from './registries.ts';

const registry = eachRegistry();

const annotations = {
  'org.opencontainers.image.version': '1.0.0',
  'org.opencontainers.image.revision': 'main@sha1:8d2f',
  'org.opencontainers.image.created': '2026-01-01T12:00:00Z',
};

async function image({ client }: Host, repository: string, tag: string, more: object = {}): Promise<string> {
  return pushImage(client.transport, { repository, tag, files: { version: tag }, annotations, ...more }, signal);
}

async function refused(work: Promise<unknown>): Promise<OciErrorCode> {
  const error: unknown = await work.then(
    () => expect.unreachable('it was granted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OciError)) throw error;
  return error.code;
}

function bytesOf(manifest: object): Buffer {
  return Buffer.from(JSON.stringify(manifest));
}

describe.each(registryNames)('%s', (name) => {
  test.concurrent('lists more tags than fit into a page, and asks no more often than it must', async () => {
    const host = registry(name);
    const repository = host.repository('many');
    const digest = await image(host, repository, 'v0.0.0');
    const response = await host.ask('GET', `${pathOf(repository)}/manifests/${digest}`, {
      accept: mediaTypes.manifest,
    });
    const manifest = { mediaType: mediaTypes.manifest, bytes: Buffer.from(await response.arrayBuffer()) };
    const names = Array.from({ length: 1200 }, (_, index) => `v1.0.${index}`);
    for (let from = 0; from < names.length; from += 100) {
      const batch = names.slice(from, from + 100);
      await Promise.all(
        batch.map((tag) =>
          pushManifest(host.client.transport, host.target(repository), parseTag(tag), manifest, signal),
        ),
      );
    }
    const before = host.exchanges.filter(({ method }) => method === 'GET').length;
    const tags = await host.client.listTags(repository, {}, signal);
    expect(tags.toSorted()).toEqual(['v0.0.0', ...names].toSorted());
    expect(new Set(tags).size).toBe(tags.length);
    const pages = host.exchanges.filter(({ method }) => method === 'GET').length - before;
    expect(pages).toBe(host.traits.pages === 'never' ? 1 : 2);
  });

  test.concurrent('says that a repository, a tag or a digest is unknown', async () => {
    const host = registry(name);
    const repository = host.repository('unknown');
    expect(await refused(host.client.listTags(repository, {}, signal))).toBe('KBK_OCI_NOT_FOUND');
    await image(host, repository, 'v1.0.0');
    const read = (reference: string) => host.client.readManifest(repository, reference as never, {}, signal);
    expect(await refused(read('v2.0.0'))).toBe('KBK_OCI_NOT_FOUND');
    expect(await refused(read(digestOf(Buffer.from('nothing'))))).toBe('KBK_OCI_NOT_FOUND');
  });

  test.concurrent('a repository whose last tag is gone has no tags', async () => {
    const host = registry(name);
    const repository = host.repository('emptied');
    const digest = await image(host, repository, 'v1.0.0');
    expect(await host.client.listTags(repository, {}, signal)).toEqual(['v1.0.0']);
    const byTag = await host.ask('DELETE', `${pathOf(repository)}/manifests/v1.0.0`);
    expect(byTag.status).toBe(host.traits.deletesTags ? 202 : 400);
    const byDigest = await host.ask('DELETE', `${pathOf(repository)}/manifests/${digest}`);
    expect(byDigest.status).toBe(202);
    expect(await host.client.listTags(repository, {}, signal)).toEqual([]);
    expect(await refused(host.client.readManifest(repository, parseTag('v1.0.0'), {}, signal))).toBe(
      'KBK_OCI_NOT_FOUND',
    );
  });

  test.concurrent('reads a manifest by tag and by digest, which needs the right Accept', async () => {
    const host = registry(name);
    const repository = host.repository('manifest');
    const digest = await image(host, repository, 'v1.0.0');
    const expected = {
      digest,
      mediaType: mediaTypes.manifest,
      artifactType: mediaTypes.config,
      version: '1.0.0',
      revision: 'main@sha1:8d2f',
      created: '2026-01-01T12:00:00Z',
    };
    for (const reference of [parseTag('v1.0.0'), digest as never]) {
      expect(await host.client.readManifest(repository, reference, {}, signal)).toMatchObject(expected);
    }
    const unaccepted = await host.ask('GET', `${pathOf(repository)}/manifests/v1.0.0`, {
      accept: mediaTypes.dockerManifest,
    });
    expect(unaccepted.status).toBe(host.traits.unaccepted);
  });

  test.concurrent('reads what is missing in the annotations from the labels of the config', async () => {
    const host = registry(name);
    const repository = host.repository('labels');
    const labels = { 'org.opencontainers.image.version': '9', 'org.opencontainers.image.revision': 'from a label' };
    await image(host, repository, 'v1.0.0', { labels, annotations: { 'org.opencontainers.image.version': '1.0.0' } });
    expect(await host.client.readManifest(repository, parseTag('v1.0.0'), {}, signal)).toMatchObject({
      version: '1.0.0',
      revision: 'from a label',
      created: undefined,
    });
  });

  test.concurrent('an index is read as an index, with its own annotations', async () => {
    const host = registry(name);
    const repository = host.repository('index');
    const digest = await image(host, repository, 'v1.0.0-amd64');
    const bytes = bytesOf({
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests: [
        { mediaType: mediaTypes.manifest, digest, size: 1, platform: { architecture: 'amd64', os: 'linux' } },
      ],
      annotations: { 'org.opencontainers.image.version': '1.0.0' },
    });
    const manifest = { mediaType: mediaTypes.index, bytes };
    await pushManifest(host.client.transport, host.target(repository), parseTag('v1.0.0'), manifest, signal);
    expect(await host.client.readManifest(repository, parseTag('v1.0.0'), {}, signal)).toMatchObject({
      digest: digestOf(bytes),
      mediaType: mediaTypes.index,
      version: '1.0.0',
    });
  });

  test.concurrent('a tag is asked for by HEAD once its manifest is known, and read anew when it moved', async () => {
    const host = registry(name);
    const repository = host.repository('moved');
    const first = await image(host, repository, 'latest');
    const read = () => host.client.readManifest(repository, parseTag('latest'), {}, signal);
    expect((await read()).digest).toBe(first);
    const heads = () => host.exchanges.filter(({ method }) => method === 'HEAD').length;
    const before = heads();
    expect((await read()).digest).toBe(first);
    expect(heads()).toBeGreaterThan(before);
    const second = await image(host, repository, 'latest', { files: { version: 'another' } });
    expect(second).not.toBe(first);
    expect((await read()).digest).toBe(second);
  });

  test.concurrent('what accompanies an image is no release: fallback tags of referrers are left out', async () => {
    const host = registry(name);
    const repository = host.repository('referrers');
    const digest = await image(host, repository, 'v1.0.0');
    const empty = Buffer.from('{}');
    const target = host.target(repository);
    await pushBlob(host.client.transport, target, empty, {}, signal);
    const config = { mediaType: 'application/vnd.example.signature', digest: digestOf(empty), size: empty.byteLength };
    const subject = { mediaType: mediaTypes.manifest, digest, size: 1 };
    const signature = bytesOf({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [], subject });
    const push = (tag: string) =>
      pushManifest(
        host.client.transport,
        target,
        parseTag(tag),
        { mediaType: mediaTypes.manifest, bytes: signature },
        signal,
      );
    const fallback = digest.replace(':', '-');
    await push(fallback);
    await push(`${fallback}.sig`);
    expect(await host.client.listTags(repository, {}, signal)).toEqual(['v1.0.0']);
    // Only one of the three knows the API; whoever wants referrers needs the fallback too.
    const listed = await host.ask('GET', `${pathOf(repository)}/referrers/${digest}`);
    expect(listed.status).toBe(host.traits.referrers ? 200 : 404);
  });

  test.concurrent('uploads a blob whole, in pieces, and not at all where it can be mounted', async () => {
    const host = registry(name);
    const { transport } = host.client;
    const [from, to] = [host.repository('from'), host.repository('to')];
    const bytes = Buffer.from('content of a blob, '.repeat(1000));
    const digest = await pushBlob(transport, host.target(from), bytes, { chunkBytes: 5000 }, signal);
    expect(digest).toBe(digestOf(bytes));
    const puts = () => host.exchanges.filter(({ method }) => method === 'PUT').length;
    const before = puts();
    await pushBlob(transport, host.target(from), bytes, {}, signal);
    expect(puts()).toBe(before);
    await pushBlob(transport, host.target(to), bytes, { mountFrom: from }, signal);
    for (const repository of [from, to]) {
      const blob = await host.ask('GET', `${pathOf(repository)}/blobs/${digest}`);
      expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  test.concurrent('a manifest whose blob is missing is refused, or taken by who does not look', async () => {
    const host = registry(name);
    const repository = host.repository('hollow');
    const missing = { mediaType: mediaTypes.config, digest: digestOf(Buffer.from('missing')), size: 7 };
    const bytes = bytesOf({ schemaVersion: 2, mediaType: mediaTypes.manifest, config: missing, layers: [] });
    const push = pushManifest(
      host.client.transport,
      host.target(repository),
      parseTag('v1.0.0'),
      { mediaType: mediaTypes.manifest, bytes },
      signal,
    );
    if (name === 'go-containerregistry') {
      await push;
      // Without its labels it is a release still.
      expect(await host.client.readManifest(repository, parseTag('v1.0.0'), {}, signal)).toMatchObject({
        version: undefined,
      });
    } else expect(await refused(push)).toBe('KBK_OCI_INVALID_RESPONSE');
  });

  test.concurrent('a Flux artifact comes back as it was pushed, by tag and by digest', async () => {
    const host = registry(name);
    const repository = host.repository('artifact');
    const files = { 'kustomization.yaml': 'resources: [app.yaml]\n', 'deep/down/app.yaml': 'kind: ConfigMap\n' };
    const digest = await pushArtifact(host.client.transport, { repository, tag: 'v1.0.0', files }, signal);
    for (const reference of [`oci://${repository}:v1.0.0`, `${repository}@${digest}`]) {
      const artifact = await pullArtifact(host.client.transport, reference, {}, signal);
      expect(artifact.metadata).toMatchObject({ digest, artifactType: mediaTypes.fluxConfig });
      const texts = [...artifact.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]);
      expect(Object.fromEntries(texts)).toEqual(files);
    }
    await image(host, repository, 'v2.0.0');
    const wrong = pullArtifact(host.client.transport, `${repository}:v2.0.0`, {}, signal);
    expect(await refused(wrong)).toBe('KBK_OCI_INVALID_RESPONSE');
  });

  test.concurrent('knows a manifest again by its entity tag', async () => {
    const host = registry(name);
    const repository = host.repository('entity');
    const digest = await image(host, repository, 'v1.0.0');
    const headers = { accept: mediaTypes.manifest, 'if-none-match': `"${digest}"` };
    const answer = await host.ask('GET', `${pathOf(repository)}/manifests/v1.0.0`, headers);
    expect(answer.status).toBe(host.traits.conditional ? 304 : 200);
  });
});
