import { describe, expect, test } from 'vitest';
import { InvalidValueError } from './errors.ts';
import { isDigest, isTag, parseDigest, parseTag } from './tag.ts';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('tags', () => {
  test.each(['v1.2.3', '1', '_x', 'a'.repeat(128), '1.0.0-rc.1_build-2'])('%s is one', (text) => {
    expect(parseTag(text)).toBe(text);
  });

  test.each(['', '.a', '-a', 'a b', 'a/b', 'a:b', 'a'.repeat(129), 'v1\n', 'é'])('%j is none', (text) => {
    expect(isTag(text)).toBe(false);
    expect(() => parseTag(text)).toThrow(InvalidValueError);
  });
});

describe('digests', () => {
  test.each([sha256, `sha512:${'ab'.repeat(64)}`, `sha256+b64:${'A'.repeat(43)}=`])('%s is one', (text) => {
    expect(parseDigest(text)).toBe(text);
  });

  test.each(['', 'sha256:', 'sha256:abc', sha256.slice(7), `${sha256}\n`, `SHA256:${'a'.repeat(64)}`])(
    '%j is none',
    (text) => {
      expect(isDigest(text)).toBe(false);
      expect(() => parseDigest(text)).toThrow(InvalidValueError);
    },
  );
});

test('an error shows no more than 200 characters of what was refused', () => {
  expect(() => parseTag('x'.repeat(10_000))).toThrow(/^"x{200}" is not a tag/);
});
