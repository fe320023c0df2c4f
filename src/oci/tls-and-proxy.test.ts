import type { Agent } from 'undici';
import { describe, expect, it, test } from 'vitest';
import { certificate as cert, key } from './testing/certificate.ts';
import { connect, failure, neverAborted, serve } from './testing/connect.ts';

const found = { body: '{"tags":["1.0.0"]}' };
const credentials = { username: 'me', password: 'hunter2secret' };
const basic = `Basic ${Buffer.from('me:hunter2secret').toString('base64')}`;

describe('TLS', () => {
  const lookup: Agent.Options = {
    connect: {
      lookup: (_name, _options, done) => {
        done(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    },
  };

  it('trusts the given authority, and no other', async () => {
    const server = await serve(() => found, { cert, key });
    const { tags } = connect({ dispatcherOptions: lookup });
    const host = `registry.example.com:${server.port}`;
    expect(await tags(host, { certificateAuthority: cert })).toEqual(['1.0.0']);
    const error = await failure(tags(host));
    expect(error).toMatchObject({ code: 'KBK_OCI_UNAVAILABLE', message: expect.stringContaining('CERT') });
    expect(server.seen).toHaveLength(1);
  });

  it('is left for nothing: not by a redirect, not by a token endpoint', async () => {
    const server = await serve(
      ({ url }) => {
        if (!url.includes('/other/')) return { status: 307, headers: { location: 'http://127.0.0.1:1/x' } };
        return { status: 401, headers: { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/token"' } };
      },
      { cert, key },
    );
    const { registry, tags } = connect({ dispatcherOptions: lookup });
    const host = `registry.example.com:${server.port}`;
    const access = { certificateAuthority: cert, credentials };
    expect(await failure(tags(host, access))).toMatchObject({ code: 'KBK_OCI_REDIRECT_REFUSED' });
    expect(await failure(registry.listTags(`${host}/other/app`, access, neverAborted))).toMatchObject({
      code: 'KBK_OCI_UNAUTHORIZED',
      message: expect.stringContaining('without TLS'),
    });
  });

  it('is not left because a certificate of the local network is not trusted', async () => {
    const server = await serve(() => found, { cert, key });
    const { tags } = connect({ dispatcherOptions: lookup });
    expect(await failure(tags(`registry.local:${server.port}`))).toMatchObject({ code: 'KBK_OCI_UNAVAILABLE' });
    expect(server.seen).toEqual([]);
  });

  it('is not spoken with a plain registry of the local network', async () => {
    const server = await serve(() => found);
    const { tags } = connect({ dispatcherOptions: lookup });
    const host = `registry.team.svc.cluster.local:${server.port}`;
    expect(await tags(host)).toEqual(['1.0.0']);
    expect(await tags(host)).toEqual(['1.0.0']);
    expect(await tags(`registry.example.com:${server.port}`, { insecure: true })).toEqual(['1.0.0']);
    expect(await failure(tags(`registry.example.com:${server.port}`))).toMatchObject({ code: 'KBK_OCI_UNAVAILABLE' });
  });

  test.each([
    [{ certificateAuthority: 'hello' }, 'not PEM'],
    [{ clientCertificate: { certificate: 'hello', key: 'hunter2secret' } }, 'not PEM'],
    [{ proxy: 'proxy hunter2secret' }, 'proxy'],
  ])('refuses %o', async (access, fault) => {
    const { tags } = connect();
    const error = await failure(tags('registry.example.com', access));
    expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_CREDENTIALS', message: expect.stringContaining(fault) });
    expect(String(error)).not.toContain('hunter2secret');
  });
});

describe('a proxy', () => {
  it('is used, and gets its own credentials alone', async () => {
    const proxy = await serve(({ headers }) =>
      headers.authorization === basic ? found : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    const { tags } = connect();
    const access = { credentials, insecure: true, proxy: `http://user:proxypw@${proxy.host}` };
    expect(await tags('registry.example.com', access)).toEqual(['1.0.0']);
    expect(proxy.seen[0]?.url).toBe('http://registry.example.com/v2/me/app/tags/list?n=1000');
    const expected = `Basic ${Buffer.from('user:proxypw').toString('base64')}`;
    expect(proxy.seen[0]?.headers['proxy-authorization']).toBe(expected);
  });

  it('of the process is used where it applies', async () => {
    const proxy = await serve(() => found);
    const { tags } = connect({ proxies: { httpProxy: `http://${proxy.host}`, httpsProxy: '', noProxy: 'localhost' } });
    expect(await tags('registry.example.com', { insecure: true })).toEqual(['1.0.0']);
    expect(proxy.seen[0]?.url).toContain('http://registry.example.com/');
  });
});
