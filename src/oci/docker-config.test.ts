import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findCredentials, parseDockerConfig, type RunCredentialHelper } from './docker-config.ts';
import { OciError } from './errors.ts';
import { parseRepository } from './reference.ts';

const { signal } = new AbortController();
const auth = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64');
const find = (config: unknown, image: string, run?: RunCredentialHelper) =>
  findCredentials(parseDockerConfig(JSON.stringify(config), 'Secret team/pull'), parseRepository(image), signal, run);

describe('the key of an entry', () => {
  test.each([
    ['ghcr.io', 'ghcr.io/me/app', true],
    ['https://ghcr.io', 'ghcr.io/me/app', true],
    ['https://ghcr.io/', 'ghcr.io/me/app', true],
    ['https://ghcr.io/v2/', 'ghcr.io/me/app', true],
    ['http://localhost:5000', 'localhost:5000/app', true],
    ['GHCR.IO', 'ghcr.io/me/app', true],
    ['https://index.docker.io/v1/', 'nginx', true],
    ['https://index.docker.io/v1', 'me/app', true],
    ['index.docker.io', 'docker.io/me/app', true],
    ['docker.io', 'me/app', true],
    ['registry-1.docker.io', 'me/app', true],
    ['ghcr.io/me', 'ghcr.io/me/app', true],
    ['ghcr.io/me/app', 'ghcr.io/me/app', true],
    ['ghcr.io/me', 'ghcr.io/melissa/app', false],
    ['ghcr.io', 'evil-ghcr.io/me/app', false],
    ['ghcr.io', 'ghcr.io.evil.com/me/app', false],
    ['ghcr.io', 'ghcr.io:8443/me/app', false],
    ['index.docker.io', 'ghcr.io/me/app', false],
  ])('%s for %s: %s', async (key, image, matches) => {
    const found = await find({ auths: { [key]: { auth: auth('me', 'secret') } } }, image);
    expect(found).toEqual(matches ? { username: 'me', password: 'secret' } : undefined);
  });

  it('that is longest wins', async () => {
    const config = {
      auths: {
        'ghcr.io': { auth: auth('host', '1') },
        'ghcr.io/team/app': { auth: auth('image', '3') },
        'ghcr.io/team': { auth: auth('team', '2') },
      },
    };
    expect((await find(config, 'ghcr.io/team/app'))?.username).toBe('image');
    expect((await find(config, 'ghcr.io/team/other'))?.username).toBe('team');
    expect((await find(config, 'ghcr.io/me/app'))?.username).toBe('host');
  });
});

test.each([
  ['a pair', { username: 'me', password: 'a:b' }, { username: 'me', password: 'a:b' }],
  ['base64', { auth: auth('me', 'a:b') }, { username: 'me', password: 'a:b' }],
  ['an identity token', { auth: auth('me', ''), identitytoken: 'tok' }, { username: 'me', identityToken: 'tok' }],
  ['a token in place of a user', { auth: auth('<token>', 'tok') }, { identityToken: 'tok' }],
  ['a registry token', { registrytoken: 'raw' }, { registryToken: 'raw' }],
  ['nothing', {}, undefined],
  ['a user alone', { username: 'me' }, undefined],
])('an entry with %s', async (_, entry, expected) => {
  expect(await find({ auths: { 'ghcr.io': entry } }, 'ghcr.io/me/app')).toEqual(expected);
});

test('the older form has the entries at the top', async () => {
  expect(await find({ 'https://ghcr.io': { auth: auth('me', 'pw') } }, 'ghcr.io/me/app')).toMatchObject({
    username: 'me',
  });
});

describe('helpers', () => {
  const asked: string[] = [];
  const run: RunCredentialHelper = async (helper, server) => {
    asked.push(`${helper} ${server}`);
    return helper === 'token' ? { username: '<token>', secret: 'tok' } : { username: helper, secret: 'pw' };
  };
  const config = {
    auths: { 'ghcr.io': { auth: auth('file', 'pw') }, 'https://index.docker.io/v1/': {} },
    credHelpers: { 'https://gcr.io': 'gcloud', 'quay.io': 'token' },
    credsStore: 'desktop',
  };
  test.each([
    ['gcr.io/me/app', { username: 'gcloud', password: 'pw' }, 'gcloud https://gcr.io'],
    ['quay.io/me/app', { identityToken: 'tok' }, 'token quay.io'],
    ['me/app', { username: 'desktop', password: 'pw' }, 'desktop https://index.docker.io/v1/'],
    ['example.com/app', { username: 'desktop', password: 'pw' }, 'desktop example.com'],
    ['ghcr.io/me/app', { username: 'file', password: 'pw' }, undefined],
  ])('%s', async (image, credentials, question) => {
    asked.length = 0;
    expect(await find(config, image, run)).toEqual(credentials);
    expect(asked).toEqual(question === undefined ? [] : [question]);
  });

  it('are not run for a config that a tenant wrote', async () => {
    expect(await find(config, 'gcr.io/me/app')).toBeUndefined();
    expect(await find(config, 'example.com/app')).toBeUndefined();
  });

  it('cannot be a path', () => {
    const text = JSON.stringify({ credsStore: '../../bin/sh' });
    expect(() => parseDockerConfig(text, 'the file')).toThrow('credential helper');
  });
});

test.each([
  ['no JSON', 'hunter2 {'],
  ['a list', '[]'],
  ['an entry that is text', '{"auths":{"ghcr.io":"hunter2"}}'],
  [
    'an auth without a colon',
    JSON.stringify({ auths: { 'ghcr.io': { auth: Buffer.from('hunter2').toString('base64') } } }),
  ],
])('%s is refused without being quoted', (_, text) => {
  try {
    parseDockerConfig(text, 'Secret team/pull');
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_CREDENTIALS', retryable: false });
    expect(String(error)).toContain('Secret team/pull');
    expect(String(error)).not.toContain('hunter2');
  }
});

test('any JSON is read or refused with the same error', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (first, second) => {
      for (const text of [first, `{"auths":${first},"credHelpers":${second}}`]) {
        try {
          parseDockerConfig(text, 'the file');
        } catch (error) {
          expect(error).toBeInstanceOf(OciError);
        }
      }
    }),
  );
});

test.each(['https://me:hunter2secret@ghcr.io', 'hunter2 secret', 'ghcr.io/?token=hunter2secret'])(
  'a key that is more than a host and a path is not told: %s',
  (key) => {
    for (const entry of ['no object', { auth: 'bm8gY29sb24=' }]) {
      const config = JSON.stringify({ auths: { [key]: entry } });
      expect(() => parseDockerConfig(config, 'Secret team/pull')).toThrow(/^((?!hunter2).)*$/);
    }
  },
);
