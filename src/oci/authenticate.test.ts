import { describe, expect, it, test } from 'vitest';
import { parseTag } from '../api/tag.ts';
import { connect, failure, neverAborted, serve } from './testing/connect.ts';
import type { Script } from './testing/scripted-server.ts';

const found = { body: '{"tags":["1.0.0"]}' };
const credentials = { username: 'me', password: 'hunter2secret' };
const basic = `Basic ${Buffer.from('me:hunter2secret').toString('base64')}`;

describe('bearer authentication', () => {
  /** A registry that wants a token of its own endpoint. */
  function guarded(options: { lifetime?: number; tokenAnswer?: () => ReturnType<Script> } = {}): Script {
    let issued = 0;
    return ({ method, url, headers }) => {
      if (url.startsWith('/token')) {
        if (options.tokenAnswer) return options.tokenAnswer();
        issued += 1;
        return { body: JSON.stringify({ token: `tok-${issued}`, expires_in: options.lifetime ?? 300 }) };
      }
      if (headers.authorization === `Bearer tok-${issued}`) return found;
      const realm = `http://${headers.host ?? ''}/token`;
      const challenge = `Bearer realm="${realm}",service="svc",scope="repository:me/app:pull"`;
      return { status: method === 'GET' ? 401 : 405, headers: { 'www-authenticate': challenge } };
    };
  }

  it('fetches a token for the scope with the password, and keeps it as long as it lives', async () => {
    const server = await serve(guarded());
    const { tags, clock } = connect();
    await tags(server.host, { credentials });
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v2/me/app/tags/list?n=1000',
      '/token?service=svc&scope=repository%3Ame%2Fapp%3Apull',
      '/v2/me/app/tags/list?n=1000',
    ]);
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.seen[1]?.headers.authorization).toBe(basic);
    expect(server.seen[2]?.headers.authorization).toBe('Bearer tok-1');
    clock.advance(269_000);
    await tags(server.host, { credentials });
    expect(server.seen).toHaveLength(4);
    clock.advance(2_000);
    await tags(server.host, { credentials });
    // The challenge is remembered: the token is renewed without another 401.
    expect(server.seen.slice(4).map(({ url }) => url.slice(0, 6))).toEqual(['/token', '/v2/me']);
  });

  it('is anonymous without credentials', async () => {
    const server = await serve(guarded());
    const { tags } = connect();
    await tags(server.host);
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
  });

  it('exchanges an identity token', async () => {
    const server = await serve(guarded());
    const { tags } = connect();
    await tags(server.host, { credentials: { identityToken: 'refresh me' } });
    expect(server.seen[1]).toMatchObject({ method: 'POST', url: '/token' });
    expect(Object.fromEntries(new URLSearchParams(server.seen[1]?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'kuberik',
      service: 'svc',
      scope: 'repository:me/app:pull',
      refresh_token: 'refresh me',
    });
  });

  it('sends a registry token as it is', async () => {
    const server = await serve(({ headers }) => (headers.authorization === 'Bearer raw' ? found : { status: 500 }));
    const { tags } = connect();
    await tags(server.host, { credentials: { registryToken: 'raw' } });
    expect(server.seen).toHaveLength(1);
  });

  it('asks for one token however many ask at once', async () => {
    const server = await serve(guarded());
    const { registry } = connect();
    const names = Array.from({ length: 20 }, (_, index) => parseTag(`t${index}`));
    await Promise.allSettled(
      names.map((name) => registry.readManifest(`${server.host}/me/app`, name, { credentials }, neverAborted)),
    );
    expect(server.seen.filter(({ url }) => url.startsWith('/token'))).toHaveLength(1);
  });

  it('ends when the registry refuses its own token', async () => {
    const server = await serve(({ url, headers }) => {
      if (url.startsWith('/token')) return { body: '{"token":"x"}' };
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token"` } };
    });
    const { tags } = connect();
    for (let time = 0; time < 2; time += 1) {
      expect(await failure(tags(server.host, { credentials }))).toMatchObject({
        code: 'KBK_OCI_UNAUTHORIZED',
        retryable: false,
      });
    }
    expect(server.seen.length).toBeLessThanOrEqual(6);
  });

  test.each([
    ['is no JSON', { body: 'hello' }, 'KBK_OCI_INVALID_RESPONSE'],
    ['has no token', { body: '{}' }, 'KBK_OCI_INVALID_RESPONSE'],
    ['would be another header', { body: '{"token":"a\\r\\nx: y"}' }, 'KBK_OCI_INVALID_RESPONSE'],
    ['refuses', { status: 401 }, 'KBK_OCI_UNAUTHORIZED'],
    ['is not there', { status: 404 }, 'KBK_OCI_UNAUTHORIZED'],
    ['fails', { status: 502 }, 'KBK_OCI_UNAVAILABLE'],
    ['resets', 'reset', 'KBK_OCI_UNAVAILABLE'],
    ['limits', { status: 429 }, 'KBK_OCI_RATE_LIMITED'],
    ['is huge', { body: ' '.repeat(300 * 1024) }, 'KBK_OCI_INVALID_RESPONSE'],
  ] as const)('a token endpoint that %s', async (_, answer, code) => {
    const server = await serve(guarded({ tokenAnswer: () => answer }));
    const { tags } = connect();
    expect(await failure(tags(server.host, { credentials }))).toMatchObject({ code });
  });

  test.each(['Bearer realm="nowhere"', 'Bearer realm="file:///etc/passwd"', 'Bearer service="x"', 'Digest realm="x"'])(
    'refuses %s',
    async (challenge) => {
      const server = await serve(() => ({ status: 401, headers: { 'www-authenticate': challenge } }));
      const { tags } = connect();
      expect(await failure(tags(server.host, { credentials }))).toMatchObject({ code: 'KBK_OCI_UNAUTHORIZED' });
      expect(server.seen).toHaveLength(1);
    },
  );
});

describe('basic authentication', () => {
  const guarded: Script = ({ headers }) =>
    headers.authorization === basic ? found : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };

  it('is given when asked for, and remembered', async () => {
    const server = await serve(guarded);
    const { tags } = connect();
    await tags(server.host, { credentials });
    await tags(server.host, { credentials });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, basic, basic]);
  });

  it('without a password says what is missing', async () => {
    const server = await serve(guarded);
    const { tags } = connect();
    const error = await failure(tags(server.host));
    expect(error).toMatchObject({
      code: 'KBK_OCI_UNAUTHORIZED',
      message: expect.stringContaining('a user and a password'),
    });
  });
});
