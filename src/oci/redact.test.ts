import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redacted } from './redact.ts';

const secret = `p"ss/w\\rd+&é 1`;
const pair = Buffer.from(`somebody:${secret}`);

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ secret })],
  ['in JSON within JSON', JSON.stringify(JSON.stringify({ secret }))],
  [
    'in JSON, all of it escaped',
    Array.from(secret, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ],
  ['in a URL', encodeURIComponent(secret)],
  ['in a URL, in small letters', encodeURIComponent(secret).toLowerCase()],
  ['in a URL within a URL', encodeURIComponent(encodeURIComponent(secret))],
  ['in a form', new URLSearchParams({ secret }).toString().slice('secret='.length)],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
  ['with a user, in base64', pair.toString('base64')],
  ['in a document, in base64', Buffer.from(JSON.stringify(['ab', `${secret}c`])).toString('base64')],
  ['longer than any pattern', secret.repeat(200)],
])('a secret %s is gone', (_, shown) => {
  const left = redacted(`before ${shown} after`, [secret, secret.repeat(200)]);
  expect(left).toMatch(/^before .*after$/);
  expect(left).toContain('***');
  expect(Buffer.from(left, 'base64').toString()).not.toContain('w\\rd');
  expect(decodeURIComponent(left.replaceAll('%25', '%'))).not.toMatch(/w\\*rd/);
  expect(left).not.toMatch(/ss|rd\+|%2F/i);
});

test('a short word is left where it stands, and so is everything else', () => {
  expect(redacted('the user me may not', ['me', 'hunter2', ''])).toBe('the user me may not');
});

test('so is a short one of which little is left when escapes are undone', () => {
  const short = 'c1V\\fc2';
  expect(redacted(JSON.stringify(JSON.stringify({ short })), [short])).not.toMatch(/c1V|fc2/);
});

test('a secret of several lines is gone from JSON', () => {
  const key = '-----BEGIN KEY-----\nAbC\tdEf\r\n-----END KEY-----';
  expect(redacted(JSON.stringify(JSON.stringify({ key })), [key])).not.toMatch(/AbC|dEf/);
});

test('nothing takes long, whatever is sent and whatever is secret', () => {
  const parts = ['\\', '%25', '%', 'a', '\\\\a%25', 'QUFB', '\\u0061'];
  const secrets = parts.flatMap((part) => [part.repeat(60), `${part.repeat(40)}x`]);
  const texts = parts.map((part) => `${part.repeat(Math.ceil((256 * 1024) / part.length))}y`);
  const started = process.threadCpuUsage().user;
  for (const text of texts) redacted(text, secrets);
  // Microseconds: what grows faster than its input takes hours.
  expect(process.threadCpuUsage().user - started).toBeLessThan(30_000_000);
});

test('what is replaced is never more than the secret and its neighbours', () => {
  const word = fc.stringMatching(/^[a-z]{12,30}$/);
  fc.assert(
    fc.property(word, fc.stringMatching(/^[A-Z ]{0,40}$/), (hidden, around) => {
      expect(redacted(`${around} ${hidden} ${around}`, [hidden])).toBe(`${around} *** ${around}`);
    }),
  );
});
