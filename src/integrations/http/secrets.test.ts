import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificate, key } from '../../oci/testing/certificate.ts';
import { accessFrom, authorityFrom, checkHeaders, headersFrom, withoutSecrets } from './secrets.ts';

const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

const encoded = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

describe('headers', () => {
  it('are the keys of the Secret, without the line feed that files end with', () => {
    expect(headersFrom(encoded({ Authorization: 'Bearer abc\n', 'x-team': 'a' }))).toEqual({
      authorization: 'Bearer abc',
      'x-team': 'a',
    });
  });

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', 'Expect', 'Upgrade'])(
    '%s cannot be chosen',
    (key) => {
      expect(headersFrom(encoded({ [key]: 'hunter2' }))).toBe(
        `has the key "${key}", a header that cannot be chosen: remove it`,
      );
    },
  );

  it.each([
    ['x-one', 'a\r\nhost: evil', 'has characters under the key "x-one" that no header can have'],
    ['x-one', 'a\u0000b', 'has characters under the key "x-one" that no header can have'],
    ['x one', 'a', 'has the key "x one", which is no name of a header'],
    ['x-one', 'a'.repeat(16_385), 'has more than 16384 characters under the key "x-one"'],
  ])('%s: %j is refused', (key, value, fault) => {
    expect(headersFrom(encoded({ [key]: value }))).toBe(fault);
  });

  it('are no more than a server reads', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`x-${index}`, 'a']));
    expect(headersFrom(encoded(many))).toBe('has 65 keys: at most 64 headers are sent');
  });
});

describe('authorities', () => {
  it('are PEM under ca.crt', () => {
    expect(authorityFrom(encoded({ 'ca.crt': certificate }))).toEqual({ pem: certificate });
    expect(authorityFrom(encoded({ ca: certificate }))).toBe('has no key ca.crt');
    expect(authorityFrom(encoded({ 'ca.crt': 'no' }))).toBe('has no PEM certificate under ca.crt');
  });
});

describe('texts', () => {
  it('have nothing in them that was sent in secret', () => {
    const headers = { authorization: 'Bearer hunter2secret', 'x-team': 'a' };
    const url = new URL('https://api.example.com/?token=tok-123456');
    const text = 'you, a team, sent Bearer hunter2secret (hunter2secret) and tok-123456';
    expect(withoutSecrets(text, headers, url)).toBe('you, a team, sent *** (***) and ***');
  });
});

describe('access, by the keys that Flux uses', () => {
  const pair = { 'tls.crt': certificate, 'tls.key': key };
  const basic = `Basic ${Buffer.from('me:hunter2').toString('base64')}`;

  it.each([
    [{}, { headers: {} }],
    [{ username: 'me', password: 'hunter2\n' }, { headers: { authorization: basic } }],
    [{ bearerToken: 'hunter2\n' }, { headers: { authorization: 'Bearer hunter2' } }],
    [{ 'ca.crt': certificate }, { headers: {}, authority: certificate }],
    [pair, { headers: {}, certificate: { chain: certificate, key } }],
    [
      { bearerToken: 'hunter2', 'ca.crt': certificate, ...pair, other: 'ignored' },
      {
        headers: { authorization: 'Bearer hunter2' },
        authority: certificate,
        certificate: { chain: certificate, key },
      },
    ],
  ])('%#', (values, expected) => {
    expect(accessFrom(encoded(values))).toEqual(expected);
  });

  it.each([
    [{ username: 'hunter2' }, 'has the key username without password: both are needed'],
    [{ password: 'hunter2' }, 'has the key password without username: both are needed'],
    [{ 'tls.crt': certificate }, 'has the key tls.crt without tls.key: both are needed'],
    [{ 'tls.key': key }, 'has the key tls.key without tls.crt: both are needed'],
    [
      { username: 'a', password: 'hunter2', bearerToken: 'b' },
      'has both username and bearerToken: remove one of the two',
    ],
    [{ bearerToken: 'hunter2\nx: y' }, 'has characters under the key "bearerToken" that no header can have'],
    [{ 'ca.crt': 'hunter2' }, 'has no PEM certificate under ca.crt'],
    [{ ...pair, 'tls.crt': 'hunter2' }, 'has no PEM certificate under tls.crt'],
    [{ ...pair, 'tls.key': 'hunter2' }, 'has no PEM key under tls.key'],
    [{ ...pair, 'tls.key': otherKey }, 'has a key under tls.key that is not that of tls.crt'],
  ])('%# is wrong, and no value is told', (values, fault) => {
    expect(accessFrom(encoded(values))).toBe(fault);
  });

  it('is in no text that somebody repeats', () => {
    const url = new URL('http://app.example.com/');
    const said = withoutSecrets(`no user with hunter2 or ${basic}`, { authorization: basic }, url);
    expect(said).toBe('no user with *** or ***');
  });
});

it('a header that is called __proto__ is sent like any other', () => {
  const sent = checkHeaders(JSON.parse('{"__proto__":"a"}') as Record<string, string>);
  expect(Object.entries(sent)).toEqual([['__proto__', 'a']]);
  const fromSecret = headersFrom(JSON.parse('{"__proto__":"YQ=="}') as Record<string, string>);
  expect(Object.entries(fromSecret)).toEqual([['__proto__', 'a']]);
});
