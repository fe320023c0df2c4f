import type { lookup } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { allowHostList, allowHosts, guardedLookup, type HostPattern, parseHostPattern } from './allowed-hosts.ts';

function patterns(...texts: string[]): HostPattern[] {
  return texts.map((text) => parseHostPattern(text) ?? expect.unreachable(text));
}

describe('patterns of hosts', () => {
  it.each([
    ['', '*', '*.', '*.*.example.com', 'a*.example.com', 'https://api.example.com', 'api.example.com/path'],
    ['api.example.com:', 'api.example.com:0', 'api.example.com:65536', 'me@api.example.com', 'a b', '::1', '[::1'],
    // As no URL writes them, so that they would never match.
    ['0x7f.1', '127.1', '*.169.254', '*.1', '.example.com', 'example..com'],
  ])('are refused: %s, %s, %s, …', (...texts) => {
    expect(texts.filter((text) => parseHostPattern(text) !== undefined)).toEqual([]);
  });

  it.each([
    ['api.example.com', 'https://api.example.com/x', true],
    ['api.example.com', 'http://API.example.com:8080/x', true],
    ['API.example.com', 'https://api.example.com/', true],
    ['api.example.com', 'https://evil.api.example.com/', false],
    ['api.example.com', 'https://api.example.com.evil.org/', false],
    ['api.example.com', 'https://api.example.com@evil.org/', false],
    ['api.example.com:8443', 'https://api.example.com:8443/', true],
    ['api.example.com:8443', 'https://api.example.com/', false],
    ['api.example.com:443', 'https://api.example.com/', true],
    ['api.example.com:443', 'http://api.example.com/', false],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://notexample.com/', false],
    ['127.0.0.1', 'http://2130706433:9/', true],
    ['[::1]:8080', 'http://[0:0::1]:8080/', true],
    ['example.com', 'http://169.254.169.254/latest', false],
    ['169.254.169.254', 'http://169.254.169.254/latest', true],
    ['169.254.169.254', 'http://0xA9FEA9FE/latest', true],
  ])('%s and %s: %s', (pattern, url, allowed) => {
    expect(allowHosts(patterns(pattern)).allows(new URL(url))).toBe(allowed);
  });

  it('are none unless somebody lists them', () => {
    expect(allowHosts([]).allows(new URL('http://127.0.0.1/'))).toBe(false);
  });
});

describe('names that lead to link-local addresses', () => {
  const resolved = (...addresses: string[]) =>
    ((_name: string, _options: object, done: (error: null, found: object[]) => void) => {
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as unknown as typeof lookup;

  it.each([
    [['10.1.2.3'], undefined],
    [['169.254.169.254'], '169.254.169.254'],
    [['10.1.2.3', '169.254.0.1'], '169.254.0.1'],
    [['fe80::1'], 'fe80::1'],
    [['fe80::1%eth0'], 'fe80::1%eth0'],
    [['::ffff:169.254.169.254'], '::ffff:169.254.169.254'],
    [['fd00::1'], undefined],
  ])('%j', async (addresses, refused) => {
    const hosts = allowHosts(patterns('*.example.com'));
    const said = await new Promise<unknown>((resolve) => {
      guardedLookup(hosts, resolved(...addresses))('api.example.com', { all: true }, (error, found) => {
        resolve(error?.message ?? found);
      });
    });
    if (refused === undefined) expect(said).toHaveLength(addresses.length);
    else expect(said).toBe(`api.example.com leads to ${refused}, a link-local address`);
  });

  it('are followed when the address is listed itself', () => {
    const hosts = allowHosts(patterns('*.example.com', '169.254.169.254'));
    const refusals = ['169.254.169.254', '169.254.169.253'].map((address) => hosts.refusal(address, 'a.example.com'));
    expect(refusals).toEqual([undefined, 'a link-local address']);
  });
});

describe('every host but this machine and its link', () => {
  it.each([
    ['http://prometheus.monitoring.svc:9090/', true],
    ['http://10.1.2.3/', true],
    ['https://[fd00::1]/', true],
    ['http://localhost:9090/', false],
    ['http://api.localhost/', false],
    ['http://LOCALHOST./', false],
    ['http://127.0.0.1/', false],
    ['http://127.1.2.3/', false],
    ['http://2130706433/', false],
    ['http://0/', false],
    ['http://[::1]/', false],
    ['http://[::]/', false],
    ['http://[::ffff:127.0.0.1]/', false],
    ['http://169.254.169.254/latest', false],
    ['http://[fe80::1]/', false],
  ])('%s: %s', (url, allowed) => {
    expect(allowHostList({ listed: [], others: true }).allows(new URL(url))).toBe(allowed);
  });

  it('is judged by what a name leads to', () => {
    const hosts = allowHostList({ listed: patterns('here.example.com'), others: true });
    const refusal = (address: string, name = 'app.example.com') => hosts.refusal(address, name);
    expect(refusal('10.1.2.3')).toBeUndefined();
    expect(refusal('127.0.0.1')).toBe('an address of this machine');
    expect(refusal('0.0.0.0')).toBe('an address of this machine');
    expect(refusal('::1')).toBe('an address of this machine');
    expect(refusal('::ffff:127.0.0.1')).toBe('an address of this machine');
    expect(refusal('169.254.169.254')).toBe('a link-local address');
    // Whoever listed the name knows.
    expect(refusal('127.0.0.1', 'here.example.com')).toBeUndefined();
    expect(refusal('169.254.169.254', 'here.example.com')).toBe('a link-local address');
  });

  it('may be more than these, or none of them', () => {
    const here = new URL('http://127.0.0.1:9090/');
    const there = new URL('http://prometheus.example.com/');
    const allowed = (others: boolean, ...texts: string[]): boolean[] => {
      const hosts = allowHostList({ listed: patterns(...texts), others });
      return [here, there].map((url) => hosts.allows(url));
    };
    expect(allowed(true)).toEqual([false, true]);
    expect(allowed(true, '127.0.0.1')).toEqual([true, true]);
    expect(allowed(true, '127.0.0.1:80')).toEqual([false, true]);
    expect(allowed(false, '127.0.0.1')).toEqual([true, false]);
    expect(allowed(false, 'prometheus.example.com')).toEqual([false, true]);
  });
});
