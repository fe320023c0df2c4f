import { describe, expect, it } from 'vitest';
import { certificate } from '../../oci/testing/certificate.ts';
import { authorityFrom, headersFrom, withoutSecrets } from './secrets.ts';

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
