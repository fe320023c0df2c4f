import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { mediaTypes } from '../../oci/media-types.ts';
import { createHastyClock } from '../../oci/testing/hasty-clock.ts';
import { absent, manifestOf, putBlob, putImage, sha256, start } from './testing/start.ts';

const oci = { 'content-type': mediaTypes.manifest };

test('says what it is', async () => {
  const { call } = await start();
  for (const path of ['/v2', '/v2/']) {
    const { status, headers } = await call('GET', path);
    expect([status, headers.get('docker-distribution-api-version')]).toEqual([200, 'registry/2.0']);
  }
});

describe('a blob', () => {
  it('goes up in one request', async () => {
    const { call } = await start();
    const digest = await putBlob(call, 'team/app', 'hello');
    expect((await call('GET', `/v2/team/app/blobs/${digest}`)).body).toBe('hello');
    const head = await call('HEAD', `/v2/team/app/blobs/${digest}`);
    expect([head.status, head.headers.get('content-length'), head.headers.get('docker-content-digest')]).toEqual([
      200,
      '5',
      digest,
    ]);
  });

  it('goes up in two, and in pieces', async () => {
    const { call } = await start();
    const one = await call('POST', '/v2/team/app/blobs/uploads/');
    expect(one.status).toBe(202);
    const put = await call('PUT', `${one.headers.get('location') ?? ''}?digest=${sha256('hello')}`, { body: 'hello' });
    expect([put.status, put.headers.get('location')]).toEqual([201, `/v2/team/app/blobs/${sha256('hello')}`]);

    const two = await call('POST', '/v2/team/app/blobs/uploads/');
    const location = two.headers.get('location') ?? '';
    const piece = (range: string, body: string) =>
      call('PATCH', location, { body, headers: { 'content-range': range } });
    expect((await piece('0-2', 'abc')).headers.get('range')).toBe('0-2');
    const wrong = await piece('5-6', 'xx');
    expect([wrong.status, wrong.headers.get('range')]).toEqual([416, '0-2']);
    expect((await piece('3-4', 'xyz')).status).toBe(416);
    expect((await piece('3-4', 'de')).status).toBe(202);
    const progress = await call('GET', location);
    expect([progress.status, progress.headers.get('range')]).toEqual([204, '0-4']);
    expect((await call('PUT', `${location}?digest=${sha256('abcdef')}`, { body: 'f' })).status).toBe(201);
    expect((await call('GET', `/v2/team/app/blobs/${sha256('abcdef')}`)).body).toBe('abcdef');
    expect((await call('GET', location)).status).toBe(404);
  });

  it('can be given up, and is given up after an hour', async () => {
    const clock = createHastyClock();
    const { call, code } = await start({ clock });
    const begin = async () => (await call('POST', '/v2/team/app/blobs/uploads/')).headers.get('location') ?? '';
    const cancelled = await begin();
    expect((await call('DELETE', cancelled)).status).toBe(204);
    expect(await code(call('PATCH', cancelled, { body: 'x' }))).toBe('404 BLOB_UPLOAD_UNKNOWN');
    const forgotten = await begin();
    expect(await code(call('GET', forgotten.replace('team/app', 'other/app')))).toBe('404 BLOB_UPLOAD_UNKNOWN');
    clock.advance(3_600_000);
    expect(await code(call('GET', forgotten))).toBe('404 BLOB_UPLOAD_UNKNOWN');
  });

  it('is read in part', async () => {
    const { call } = await start();
    const path = `/v2/team/app/blobs/${await putBlob(call, 'team/app', '0123456789')}`;
    const part = (range: string) => call('GET', path, { headers: { range } });
    expect(await part('bytes=2-4')).toMatchObject({ status: 206, body: '234' });
    expect(await part('bytes=8-')).toMatchObject({ status: 206, body: '89' });
    expect(await part('bytes=8-99')).toMatchObject({ status: 206, body: '89' });
    expect(await part('bytes=10-')).toMatchObject({ status: 416 });
    expect(await part('lines=1')).toMatchObject({ status: 200, body: '0123456789' });
  });

  it('is mounted, or uploaded where there is none', async () => {
    const { call } = await start();
    const digest = await putBlob(call, 'team/app', 'hello');
    const mount = (of: string) => call('POST', `/v2/other/app/blobs/uploads/?mount=${of}&from=team/app`);
    expect((await mount(absent)).status).toBe(202);
    expect((await mount(digest)).status).toBe(201);
    expect((await call('GET', `/v2/other/app/blobs/${digest}`)).body).toBe('hello');
    expect((await call('DELETE', `/v2/team/app/blobs/${digest}`)).status).toBe(202);
    expect((await call('GET', `/v2/team/app/blobs/${digest}`)).status).toBe(404);
    expect((await call('GET', `/v2/other/app/blobs/${digest}`)).body).toBe('hello');
  });

  it('must be what its digest says', async () => {
    const { call, code } = await start();
    expect(await code(call('POST', `/v2/a/blobs/uploads/?digest=${absent}`, { body: 'x' }))).toBe('400 DIGEST_INVALID');
    expect(await code(call('POST', '/v2/a/blobs/uploads/?digest=sha256:abc', { body: 'x' }))).toBe(
      '400 DIGEST_INVALID',
    );
    expect(await code(call('GET', `/v2/a/blobs/${absent}`))).toBe('404 BLOB_UNKNOWN');
    const sha512 = `sha512:${createHash('sha512').update('x').digest('hex')}`;
    expect((await call('POST', `/v2/a/blobs/uploads/?digest=${sha512}`, { body: 'x' })).status).toBe(201);
  });
});

describe('a manifest', () => {
  it('is stored byte by byte, under tag and digest', async () => {
    const { call } = await start();
    const manifest = manifestOf({ annotations: { spaced: ' ü ' } });
    const put = await putImage(call, 'team/app', '1.0.0', manifest);
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, sha256(manifest)]);
    for (const reference of ['1.0.0', sha256(manifest)]) {
      const got = await call('GET', `/v2/team/app/manifests/${reference}`);
      expect([got.status, got.body, got.headers.get('content-type')]).toEqual([200, manifest, mediaTypes.manifest]);
      const head = await call('HEAD', `/v2/team/app/manifests/${reference}`);
      expect([head.status, head.body, head.headers.get('docker-content-digest')]).toEqual([200, '', sha256(manifest)]);
    }
    const etag = { 'if-none-match': `"${sha256(manifest)}"` };
    expect((await call('GET', '/v2/team/app/manifests/1.0.0', { headers: etag })).status).toBe(304);
  });

  it('is refused when it is none, or lacks a part', async () => {
    const { call, code } = await start();
    const put = (body: string, reference = '1', headers: Record<string, string> = oci) =>
      code(call('PUT', `/v2/team/app/manifests/${reference}`, { body, headers }));
    expect(await put('hello')).toBe('400 MANIFEST_INVALID');
    expect(await put('{"schemaVersion":1}')).toBe('400 MANIFEST_INVALID');
    expect(await put(manifestOf(), '1', { 'content-type': mediaTypes.index })).toBe('400 MANIFEST_INVALID');
    expect(await put(manifestOf())).toBe('400 MANIFEST_BLOB_UNKNOWN');
    await putBlob(call, 'team/app', '{}');
    expect(await put(manifestOf({ layers: [{ mediaType: mediaTypes.layer, digest: absent, size: 1 }] }))).toBe(
      '400 MANIFEST_BLOB_UNKNOWN',
    );
    expect(await put(manifestOf({ layers: [{ mediaType: mediaTypes.layer, size: 1 }] }))).toBe('400 MANIFEST_INVALID');
    expect(await put(manifestOf(), absent)).toBe('400 DIGEST_INVALID');
    expect(await put(' '.repeat(4 * 1024 * 1024 + 1))).toBe('413 SIZE_INVALID');
    const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [{ digest: absent }] };
    expect(await put(JSON.stringify(index), '1', { 'content-type': mediaTypes.index })).toBe(
      '400 MANIFEST_BLOB_UNKNOWN',
    );
    expect(await code(call('GET', '/v2/team/app/manifests/1'))).toBe('404 MANIFEST_UNKNOWN');
  });

  it('goes with its tags, a tag goes alone', async () => {
    const { call } = await start();
    for (const tag of ['a', 'b', 'c']) await putImage(call, 'team/app', tag);
    const tags = async () => (await call('GET', '/v2/team/app/tags/list')).json().tags;
    expect((await call('DELETE', '/v2/team/app/manifests/a')).status).toBe(202);
    expect(await tags()).toEqual(['b', 'c']);
    expect((await call('DELETE', `/v2/team/app/manifests/${sha256(manifestOf())}`)).status).toBe(202);
    expect(await tags()).toEqual([]);
    expect((await call('GET', `/v2/team/app/manifests/${sha256(manifestOf())}`)).status).toBe(404);
    expect((await call('DELETE', '/v2/team/app/manifests/b')).status).toBe(404);
  });
});

describe('lists', () => {
  it('of tags have pages', async () => {
    const { call, code } = await start();
    for (const tag of ['c', 'a', 'b', 'B', '10']) await putImage(call, 'team/app', tag);
    const all = ['10', 'B', 'a', 'b', 'c'];
    expect((await call('GET', '/v2/team/app/tags/list')).json()).toEqual({ name: 'team/app', tags: all });
    const seen: string[] = [];
    for (let path = '/v2/team/app/tags/list?n=2'; path !== ''; ) {
      const page = await call('GET', path);
      seen.push(...(page.json().tags as string[]));
      path = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    }
    expect(seen).toEqual(all);
    expect((await call('GET', '/v2/team/app/tags/list?last=a')).json().tags).toEqual(['b', 'c']);
    expect((await call('GET', '/v2/team/app/tags/list?n=0')).json().tags).toEqual([]);
    expect((await call('GET', '/v2/team/app/tags/list?n=x')).status).toBe(400);
    expect(await code(call('GET', '/v2/nothing/tags/list'))).toBe('404 NAME_UNKNOWN');
  });

  it('of repositories have pages', async () => {
    const { call } = await start();
    for (const name of ['b', 'a/b', 'a']) await putBlob(call, name, 'x');
    expect((await call('GET', '/v2/_catalog')).json()).toEqual({ repositories: ['a', 'a/b', 'b'] });
    const page = await call('GET', '/v2/_catalog?n=2');
    expect([page.json().repositories, page.headers.get('link')]).toEqual([
      ['a', 'a/b'],
      '</v2/_catalog?n=2&last=a%2Fb>; rel="next"',
    ]);
  });

  it('of referrers are filtered, also before the subject is there', async () => {
    const { call } = await start();
    const subject = { mediaType: mediaTypes.manifest, digest: sha256(manifestOf()), size: 1 };
    const referrer = (artifactType: string) => manifestOf({ artifactType, subject, annotations: { is: artifactType } });
    const put = await putImage(call, 'team/app', sha256(referrer('a/x')), referrer('a/x'));
    expect([put.status, put.headers.get('oci-subject')]).toEqual([201, subject.digest]);
    await putImage(call, 'team/app', sha256(referrer('a/y')), referrer('a/y'));
    const all = await call('GET', `/v2/team/app/referrers/${subject.digest}`);
    expect(all.headers.get('content-type')).toBe(mediaTypes.index);
    const referrers = all.json().manifests as { artifactType: string }[];
    expect(referrers.map(({ artifactType }) => artifactType).sort()).toEqual(['a/x', 'a/y']);
    const some = await call('GET', `/v2/team/app/referrers/${subject.digest}?artifactType=a/x`);
    expect(some.headers.get('oci-filters-applied')).toBe('artifactType');
    const size = Buffer.byteLength(referrer('a/x'));
    expect(some.json().manifests).toEqual([
      {
        mediaType: mediaTypes.manifest,
        digest: sha256(referrer('a/x')),
        size,
        artifactType: 'a/x',
        annotations: { is: 'a/x' },
      },
    ]);
    expect((await call('GET', `/v2/team/app/referrers/${absent}`)).json().manifests).toEqual([]);
  });
});

test.each([
  ['GET', '/v2/Team/app/tags/list', '400 NAME_INVALID'],
  ['GET', `/v2/${'a'.repeat(256)}/tags/list`, '400 NAME_INVALID'],
  ['GET', '/v2/team/app/unknown', '404 UNSUPPORTED'],
  ['GET', '/', '404 UNSUPPORTED'],
  ['POST', '/v2/team/app/tags/list', '405 UNSUPPORTED'],
  ['GET', '/v2/team/app/blobs/uploads/', '405 UNSUPPORTED'],
  ['GET', '/v2/team/app/manifests/%E0%A4%A', '400 NAME_INVALID'],
  ['GET', '/v2/team/app/manifests/-bad', '400 DIGEST_INVALID'],
  ['GET', '/v2/a/manifests/manifests/1', '404 MANIFEST_UNKNOWN'],
])('%s %s is %s', async (method, path, expected) => {
  const { call, code } = await start();
  expect(await code(call(method, path))).toBe(expected);
});

describe('authentication', () => {
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });
  const credentials = { username: 'me', password: 'pw' };

  it('gives a token for what is asked, for five minutes', async () => {
    const clock = createHastyClock();
    const { registry, call } = await start({ clock, credentials });
    const challenge = await call('GET', '/v2/team/app/tags/list');
    expect([challenge.status, challenge.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="${registry.url}/token",service="sandbox-registry",scope="repository:team/app:pull"`,
    ]);
    expect((await call('GET', '/token?scope=repository:team/app:pull')).status).toBe(401);
    expect((await call('GET', '/token?scope=repository:team/app:pull', { headers: basic('no') })).status).toBe(401);
    const { token } = (await call('GET', '/token?scope=repository:team/app:pull', { headers: basic('pw') })).json();
    const headers = { authorization: `Bearer ${String(token)}` };
    expect((await call('GET', '/v2/team/app/tags/list', { headers })).status).toBe(404);
    expect((await call('GET', '/v2/other/app/tags/list', { headers })).status).toBe(401);
    expect((await call('POST', '/v2/team/app/blobs/uploads/', { headers })).status).toBe(401);
    clock.advance(300_000);
    expect((await call('GET', '/v2/team/app/tags/list', { headers })).status).toBe(401);
  });

  it('takes the password itself', async () => {
    const { call } = await start({ credentials: { ...credentials, scheme: 'basic' } });
    expect((await call('GET', '/v2/')).headers.get('www-authenticate')).toMatch(/^Basic /);
    expect((await call('GET', '/v2/', { headers: basic('pw') })).status).toBe(200);
    expect((await call('GET', '/v2/', { headers: basic('pw2') })).status).toBe(401);
  });
});

test('faults take the place of answers, and requests are recorded', async () => {
  const { registry, call } = await start({
    faults: ({ path }) => {
      if (path === '/v2/reset') return 'reset';
      return path === '/v2/limited' ? { status: 429, headers: { 'retry-after': '1' }, body: 'slow' } : undefined;
    },
  });
  expect(await call('GET', '/v2/limited')).toMatchObject({ status: 429, body: 'slow' });
  await expect(call('GET', '/v2/reset')).rejects.toThrow();
  await call('GET', '/v2/');
  expect(registry.requests).toEqual([
    { method: 'GET', path: '/v2/limited', status: 429 },
    { method: 'GET', path: '/v2/', status: 200 },
  ]);
});

test('what is no HTTP does not end it', async () => {
  const { registry, call } = await start();
  const port = Number(registry.host.split(':')[1]);
  for (const text of [
    'hello\r\n\r\n',
    'GET //[ HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST /v2/a/blobs/uploads/?digest=x HTTP/1.1\r\ncontent-length: 9\r\n\r\nx',
  ]) {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((done) => {
      socket.once('connect', () => socket.end(text));
      socket.once('error', done);
      socket.once('close', done);
      socket.resume();
    });
  }
  expect((await call('GET', '/v2/')).status).toBe(200);
});
