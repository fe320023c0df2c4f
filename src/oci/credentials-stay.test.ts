import { describe, expect, it, test } from 'vitest';
import type { Access } from './registry.ts';
import { connect, failure, serve } from './testing/connect.ts';

const found = { body: '{"tags":["1.0.0"]}' };
const credentials = { username: 'me', password: 'hunter2secret' };
const basic = `Basic ${Buffer.from('me:hunter2secret').toString('base64')}`;

describe('a redirect', () => {
  const moved = (location: string) => ({ status: 307, headers: { location } });

  it('to another host does not take the credentials along', async () => {
    const elsewhere = await serve(() => found);
    const server = await serve(({ headers }) =>
      headers.authorization === basic
        ? moved(`http://${elsewhere.host}/signed?x=1`)
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    const { tags } = connect();
    expect(await tags(server.host, { credentials })).toEqual(['1.0.0']);
    expect(elsewhere.seen).toMatchObject([{ url: '/signed?x=1' }]);
    expect(JSON.stringify(elsewhere.seen)).not.toContain(basic);
  });

  it('to a host that asks for credentials gets none', async () => {
    const thief = await serve(({ headers }) => ({
      status: 401,
      headers: { 'www-authenticate': [`Basic realm="r"`, `Bearer realm="http://${headers.host ?? ''}/token"`] },
    }));
    const server = await serve(() => moved(`http://${thief.host}/x`));
    const { tags } = connect();
    expect(await failure(tags(server.host, { credentials }))).toMatchObject({ code: 'KBK_OCI_UNAUTHORIZED' });
    expect(thief.seen).toHaveLength(1);
    expect(thief.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('of the token endpoint to another host does not take the password along', async () => {
    const thief = await serve(() => ({ body: '{"token":"t"}' }));
    const server = await serve(({ url, headers }) => {
      if (url.startsWith('/token')) return moved(`http://${thief.host}/token`);
      if (headers.authorization === 'Bearer t') return found;
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token"` } };
    });
    const { tags } = connect();
    await tags(server.host, { credentials });
    expect(thief.seen).toHaveLength(1);
    expect(thief.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('of the token endpoint does not take an identity token along', async () => {
    const thief = await serve(() => ({ body: '{"token":"t"}' }));
    const server = await serve(({ url, headers }) => {
      if (url.startsWith('/token')) return moved(`http://${thief.host}/token`);
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token"` } };
    });
    const { tags } = connect();
    const error = await failure(tags(server.host, { credentials: { identityToken: 'hunter2secret' } }));
    expect(error).toMatchObject({ code: 'KBK_OCI_REDIRECT_REFUSED' });
    expect(thief.seen).toEqual([]);
  });

  it('on the same host keeps them', async () => {
    const server = await serve(({ url, headers }) => {
      if (headers.authorization !== basic) return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      return url.startsWith('/v2/') ? moved('/elsewhere') : found;
    });
    const { tags } = connect();
    expect(await tags(server.host, { credentials })).toEqual(['1.0.0']);
  });

  test.each([
    ['for ever', '/again', 'more than 5 times'],
    ['to nowhere', '', 'no address'],
    ['to a file', 'file:///etc/passwd', 'no address'],
  ])('%s is refused', async (_, location, fault) => {
    const server = await serve(() => ({ status: 302, ...(location && { headers: { location } }) }));
    const { tags } = connect();
    const error = await failure(tags(server.host));
    expect(error).toMatchObject({ code: 'KBK_OCI_REDIRECT_REFUSED', message: expect.stringContaining(fault) });
    expect(server.seen.length).toBeLessThanOrEqual(6);
  });
});

test('no credential is in a message, even when the registry repeats it', async () => {
  const secrets: Access[] = [
    { credentials },
    { credentials: { identityToken: 'hunter2secret' } },
    { credentials: { registryToken: 'hunter2secret' } },
  ];
  for (const access of secrets) {
    for (const status of [400, 401, 403, 404, 429, 500]) {
      const message = `you sent hunter2secret and ${basic}`;
      const server = await serve(({ url, headers }) => {
        const body = JSON.stringify({ errors: [{ code: 'X', message }] });
        if (status === 400 && url.startsWith('/v2/') && headers.authorization === undefined) {
          return {
            status: 401,
            headers: { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token"` },
            body,
          };
        }
        return { status, body };
      });
      const { tags } = connect();
      const error = await failure(tags(server.host, access));
      const shown = [String(error), JSON.stringify(error), String((error as Error).cause), (error as Error).stack].join(
        '\n',
      );
      expect(shown).not.toContain('hunter2secret');
      expect(shown).not.toContain(basic.slice('Basic '.length));
    }
  }
});

test('a token that was issued is in no message, even when the registry repeats it without saying what it is', async () => {
  const server = await serve(({ url, headers }) => {
    if (url.startsWith('/token')) return { body: '{"token":"issued-hunter2"}' };
    const { authorization } = headers;
    const said = JSON.stringify({ errors: [{ code: 'DENIED', message: `issued-hunter2 may not` }] });
    if (authorization !== undefined) return { status: 403, body: said };
    return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token"` } };
  });
  const { tags } = connect();
  const error = await failure(tags(server.host, { credentials }));
  expect(String(error)).toContain('(DENIED: *** may not)');
});
