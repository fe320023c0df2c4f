import { describe, expect, it } from 'vitest';
import { PatchError } from './errors.ts';
import { applyMergePatch } from './merge-patch.ts';

/** The table of RFC 7386, appendix A. */
const table: readonly [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('applyMergePatch', () => {
  it.each(table)('%j with %j is %j', (document, patch, result) => {
    const before = JSON.stringify([document, patch]);
    expect(applyMergePatch(document, patch)).toEqual(result);
    expect(JSON.stringify([document, patch])).toBe(before);
  });

  it('never reaches a prototype', () => {
    const patch: unknown = JSON.parse('{"a":{"__proto__":{"polluted":true}}}');
    expect(() => applyMergePatch({ a: {} }, patch)).toThrow(PatchError);
    expect(applyMergePatch({}, JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'))).toEqual({
      constructor: { prototype: { polluted: true } },
    });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
