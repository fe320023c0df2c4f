import { describe, expect, it, test } from 'vitest';
import { parseDigest, parseTag } from '../api/tag.ts';
import { digestOf } from './manifest.ts';
import { mediaTypes } from './media-types.ts';
import type { Access } from './registry.ts';
import { connect, failure, neverAborted, serve } from './testing/connect.ts';
import type { Script } from './testing/scripted-server.ts';

const imageConfig = JSON.stringify({
  config: { Labels: { 'org.opencontainers.image.version': '9', 'org.opencontainers.image.revision': 'label' } },
});
const manifestOf = (more: object = {}) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: digestOf(Buffer.from(imageConfig)), size: imageConfig.length },
    layers: [],
    ...more,
  });
const full = {
  annotations: {
    'org.opencontainers.image.version': '1.0.0',
    'org.opencontainers.image.revision': 'main@sha1:abc',
    'org.opencontainers.image.created': '2026-01-01T00:00:00Z',
    'org.opencontainers.image.source': 'https://example.com/app',
    'org.opencontainers.image.title': 'App',
    'org.opencontainers.image.description': 'An app',
  },
};
/** A registry of one manifest and its config, without authentication. */
const plain =
  (manifest: string, headers: Record<string, string> = {}): Script =>
  ({ url }) => {
    if (url.includes('/blobs/')) return { body: imageConfig };
    const digest = digestOf(Buffer.from(manifest));
    return {
      body: manifest,
      headers: { 'content-type': mediaTypes.manifest, 'docker-content-digest': digest, ...headers },
    };
  };
const tag = parseTag('1.0.0');

describe('the metadata of a manifest', () => {
  it('comes from its annotations, without another request', async () => {
    const server = await serve(plain(manifestOf(full)));
    const { registry } = connect();
    expect(await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted)).toEqual({
      digest: digestOf(Buffer.from(manifestOf(full))),
      mediaType: mediaTypes.manifest,
      artifactType: mediaTypes.config,
      version: '1.0.0',
      revision: 'main@sha1:abc',
      created: '2026-01-01T00:00:00Z',
      source: 'https://example.com/app',
      title: 'App',
      description: 'An app',
    });
    expect(server.seen.map(({ url }) => url)).toEqual(['/v2/me/app/manifests/1.0.0']);
  });

  it('comes from annotations first, then from the config descriptor, then from labels', async () => {
    const config = {
      ...JSON.parse(manifestOf()).config,
      annotations: { 'org.opencontainers.image.version': '2', 'org.opencontainers.image.title': 'descriptor' },
    };
    const server = await serve(plain(manifestOf({ config, annotations: { 'org.opencontainers.image.title': 'top' } })));
    const { registry } = connect();
    expect(await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted)).toMatchObject({
      title: 'top',
      version: '2',
      revision: 'label',
      created: undefined,
    });
  });

  it('has no labels when the config is not of an image', async () => {
    const config = { mediaType: mediaTypes.fluxConfig, digest: digestOf(Buffer.from('{}')), size: 2 };
    const server = await serve(plain(manifestOf({ config, artifactType: 'application/x' })));
    const { registry } = connect();
    const read = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    expect(read).toMatchObject({ artifactType: 'application/x', version: undefined });
    expect(server.seen).toHaveLength(1);
  });

  it("of an index is the index's own", async () => {
    const index = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [], ...full });
    const server = await serve(plain(index, { 'content-type': mediaTypes.index }));
    const { registry } = connect();
    const read = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    expect(read).toMatchObject({ mediaType: mediaTypes.index, artifactType: mediaTypes.index, version: '1.0.0' });
    expect(server.seen[0]?.headers.accept).toContain(mediaTypes.index);
  });

  test.each(['yesterday', '2026-01-01', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00'])(
    'leaves out created %s',
    async (created) => {
      const annotations = { ...full.annotations, 'org.opencontainers.image.created': created };
      const server = await serve(plain(manifestOf({ annotations, config: {} })));
      const { registry } = connect();
      expect(await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted)).toMatchObject({
        created: undefined,
      });
    },
  );
});

describe('what is known', () => {
  it('costs nothing by digest and a HEAD by tag', async () => {
    const server = await serve(plain(manifestOf()));
    const { registry, exchanges } = connect();
    const name = `${server.host}/me/app`;
    const { digest } = await registry.readManifest(name, tag, {}, neverAborted);
    expect(exchanges.map(({ method }) => method)).toEqual(['GET', 'GET']);
    await registry.readManifest(name, digest, {}, neverAborted);
    expect(exchanges).toHaveLength(2);
    await registry.readManifest(name, tag, {}, neverAborted);
    expect(exchanges.map(({ method }) => method)).toEqual(['GET', 'GET', 'HEAD']);
  });

  it('is read again when the tag moved', async () => {
    let manifest = manifestOf(full);
    const server = await serve((request) => plain(manifest)(request));
    const { registry } = connect();
    const first = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    manifest = manifestOf({ annotations: { ...full.annotations, 'org.opencontainers.image.version': '1.0.1' } });
    const second = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    expect([first.version, second.version]).toEqual(['1.0.0', '1.0.1']);
  });

  it('is asked once when many ask at the same time, and stays when one of them leaves', async () => {
    const server = await serve(plain(manifestOf(full)));
    const { registry, exchanges } = connect();
    const leaving = new AbortController();
    const left = failure(registry.readManifest(`${server.host}/me/app`, tag, {}, leaving.signal));
    const all = Array.from({ length: 50 }, () => registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted));
    leaving.abort();
    expect(await left).toMatchObject({ name: 'OciError' });
    expect(new Set((await Promise.all(all)).map(({ digest }) => digest)).size).toBe(1);
    expect(exchanges).toHaveLength(1);
  });

  it('is not told to who has other credentials', async () => {
    const manifest = manifestOf(full);
    const server = await serve((request) =>
      request.headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : plain(manifest)(request),
    );
    const { registry } = connect();
    const mine: Access = { credentials: { username: 'me', password: 'pw' } };
    const { digest } = await registry.readManifest(`${server.host}/me/app`, tag, mine, neverAborted);
    expect(await failure(registry.readManifest(`${server.host}/me/app`, digest, {}, neverAborted))).toMatchObject({
      code: 'KBK_OCI_UNAUTHORIZED',
    });
  });

  it('is asked again while the labels could not be read, and filled in later', async () => {
    let blobStatus = 404;
    const server = await serve((request) =>
      request.url.includes('/blobs/') ? { status: blobStatus, body: imageConfig } : plain(manifestOf())(request),
    );
    const { registry } = connect();
    const before = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    blobStatus = 200;
    const after = await registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted);
    expect([before.version, after.version]).toEqual([undefined, '9']);
  });
});

describe('a manifest is refused', () => {
  const other = parseDigest(`sha256:${'0'.repeat(64)}`);
  test.each([
    [
      'with another digest than claimed',
      plain(manifestOf(full), { 'docker-content-digest': other }),
      'KBK_OCI_DIGEST_MISMATCH',
      'instead of',
    ],
    ['that is no JSON', plain('<html>'), 'KBK_OCI_INVALID_RESPONSE', 'not a JSON object'],
    ['that is a list', plain('[]'), 'KBK_OCI_INVALID_RESPONSE', 'not a JSON object'],
    ['of schema 1', plain('{"schemaVersion":1}'), 'KBK_OCI_INVALID_RESPONSE', 'schema 1'],
    ['of no known type', plain('{"schemaVersion":2,"mediaType":"text/x"}'), 'KBK_OCI_INVALID_RESPONSE', 'text/x'],
    ['that is huge', plain(' '.repeat(4 * 1024 * 1024 + 1)), 'KBK_OCI_INVALID_RESPONSE', 'larger than'],
  ])('%s', async (_, script, code, fault) => {
    const server = await serve(script);
    const { registry } = connect();
    const error = await failure(registry.readManifest(`${server.host}/me/app`, tag, {}, neverAborted));
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(fault),
      reference: `${server.host}/me/app:1.0.0`,
    });
  });

  it('when its bytes are not what the digest names', async () => {
    const server = await serve(plain(manifestOf(full)));
    const { registry } = connect();
    const error = await failure(registry.readManifest(`${server.host}/me/app`, other, {}, neverAborted));
    expect(error).toMatchObject({ code: 'KBK_OCI_DIGEST_MISMATCH' });
  });
});

describe('tags', () => {
  const list = (tags: unknown, headers: Record<string, string> = {}) => ({
    body: JSON.stringify({ name: 'x', tags }),
    headers,
  });
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `t${from + index}`);

  it('leave out what accompanies an image', async () => {
    const hex = 'a'.repeat(64);
    const tags = [
      '1.0.0',
      `sha256-${hex}`,
      `sha256-${hex}.sig`,
      `sha256-${hex}.att`,
      'sha256-short',
      'bad tag',
      '1.0.0',
    ];
    const server = await serve(() => list(tags));
    const { registry } = connect();
    expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toEqual(['1.0.0', 'sha256-short']);
  });

  test.each([
    ['none', null, []],
    ['an empty list', [], []],
    ['a list', ['a'], ['a']],
  ])('%s', async (_, tags, expected) => {
    const server = await serve(() => list(tags));
    const { registry } = connect();
    expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toEqual(expected);
  });

  it('of all pages, by relative and absolute links', async () => {
    const server = await serve(({ url }) => {
      if (url.endsWith('page=2'))
        return list(['b'], { link: `<http://${server.host}/v2/me/app/tags/list?page=3>; rel="next"` });
      if (url.endsWith('page=3')) return list(['c']);
      return list(['a'], { link: '</v2/me/app/tags/list?page=2>; rel=next' });
    });
    const { registry } = connect();
    expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toEqual(['a', 'b', 'c']);
  });

  it('of a registry that pages without links', async () => {
    const server = await serve(({ url }) => {
      const last = new URL(url, 'http://x').searchParams.get('last');
      return list(last === null ? numbers(0, 1000) : last === 't999' ? numbers(1000, 1500) : []);
    });
    const { registry } = connect();
    expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toHaveLength(1500);
    expect(server.seen).toHaveLength(2);
  });

  it('of a registry that does not page', async () => {
    for (const count of [1000, 2500]) {
      const server = await serve(() => list(numbers(0, count)));
      const { registry } = connect();
      expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toHaveLength(count);
    }
  });

  it('end although the links go round', async () => {
    const server = await serve(() => list(['a'], { link: '</v2/me/app/tags/list?n=1>; rel="next"' }));
    const { registry } = connect();
    expect(await registry.listTags(`${server.host}/me/app`, {}, neverAborted)).toEqual(['a']);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['more than a hundred thousand', () => list(numbers(0, 100_001)), 'more than 100000 tags'],
    ['a page on another host', () => list(['a'], { link: '<http://evil.example.com/x>; rel="next"' }), 'another host'],
    ['what is no list', () => list('a'), 'not a list of tags'],
    ['what are no words', () => list([1]), 'not a list of tags'],
    ['no JSON', () => ({ body: 'hello' }), 'not a list of tags'],
  ])('are refused: %s', async (_, script, fault) => {
    const server = await serve(script);
    const { registry } = connect();
    const error = await failure(registry.listTags(`${server.host}/me/app`, {}, neverAborted));
    expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_RESPONSE', message: expect.stringContaining(fault) });
  });
});

test('a bad repository name is refused before anything is sent', async () => {
  const { registry, exchanges } = connect();
  expect(await failure(registry.listTags('ghcr.io/Me/app', {}, neverAborted))).toMatchObject({
    code: 'KBK_OCI_INVALID_REFERENCE',
  });
  expect(exchanges).toEqual([]);
});
