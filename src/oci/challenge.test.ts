import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChallenges } from './challenge.ts';

const read = (...headers: string[]) =>
  parseChallenges(headers).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test.each([
  ['Basic', [['basic', {}]]],
  ['Basic realm="a b"', [['basic', { realm: 'a b' }]]],
  ['BEARER Realm="https://a/t",Service=b', [['bearer', { realm: 'https://a/t', service: 'b' }]]],
  [
    'Bearer realm="https://a/t?x=1,2",service="b",scope="repository:x:pull,push"',
    [['bearer', { realm: 'https://a/t?x=1,2', service: 'b', scope: 'repository:x:pull,push' }]],
  ],
  ['Bearer realm=https://a/t,service=b', [['bearer', { realm: 'https://a/t', service: 'b' }]]],
  ['Bearer realm = "a" , service = "b"', [['bearer', { realm: 'a', service: 'b' }]]],
  [
    'Basic realm="r", Bearer realm="t"',
    [
      ['basic', { realm: 'r' }],
      ['bearer', { realm: 't' }],
    ],
  ],
  [
    'Negotiate, Basic realm="r"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'r' }],
    ],
  ],
  [
    'Negotiate YWJj=, Basic realm="r"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'r' }],
    ],
  ],
  ['Basic realm="a\\"b"', [['basic', { realm: 'a"b' }]]],
  ['', []],
  [',,,', []],
])('%s', (header, expected) => {
  expect(read(header)).toEqual(expected);
});

test('several headers are one list', () => {
  expect(read('Basic realm="a"', 'Bearer realm="b"').map(([scheme]) => scheme)).toEqual(['basic', 'bearer']);
});

test('what was written is read, in any order and with any text between quotes', () => {
  const value = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
  fc.assert(
    fc.property(value, value, (realm, scope) => {
      const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
      const header = `Basic realm="x", Bearer realm=${quote(realm)},scope=${quote(scope)}`;
      expect(read(header)).toEqual([
        ['basic', { realm: 'x' }],
        ['bearer', { realm, scope }],
      ]);
    }),
  );
});

test('garbage ends', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z ,="\\]{0,60}$/)), (header) => {
      parseChallenges([header, `Bearer ${header}`]);
    }),
    { numRuns: 2000 },
  );
  parseChallenges(['"'.repeat(8192), `Bearer a="${'\\'.repeat(8000)}`]);
});
