import { describe, expect, it } from 'vitest';
import { PatchError } from './errors.ts';
import { applyJsonPatch } from './json-patch.ts';

/** The examples of RFC 6902, appendix A. */
const examples: readonly { name: string; document: unknown; patch: unknown; result: unknown }[] = [
  {
    name: 'A.1 adding an object member',
    document: { foo: 'bar' },
    patch: [{ op: 'add', path: '/baz', value: 'qux' }],
    result: { baz: 'qux', foo: 'bar' },
  },
  {
    name: 'A.2 adding an array element',
    document: { foo: ['bar', 'baz'] },
    patch: [{ op: 'add', path: '/foo/1', value: 'qux' }],
    result: { foo: ['bar', 'qux', 'baz'] },
  },
  {
    name: 'A.3 removing an object member',
    document: { baz: 'qux', foo: 'bar' },
    patch: [{ op: 'remove', path: '/baz' }],
    result: { foo: 'bar' },
  },
  {
    name: 'A.4 removing an array element',
    document: { foo: ['bar', 'qux', 'baz'] },
    patch: [{ op: 'remove', path: '/foo/1' }],
    result: { foo: ['bar', 'baz'] },
  },
  {
    name: 'A.5 replacing a value',
    document: { baz: 'qux', foo: 'bar' },
    patch: [{ op: 'replace', path: '/baz', value: 'boo' }],
    result: { baz: 'boo', foo: 'bar' },
  },
  {
    name: 'A.6 moving a value',
    document: { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    patch: [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    result: { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  },
  {
    name: 'A.7 moving an array element',
    document: { foo: ['all', 'grass', 'cows', 'eat'] },
    patch: [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    result: { foo: ['all', 'cows', 'eat', 'grass'] },
  },
  {
    name: 'A.8 testing a value: success',
    document: { baz: 'qux', foo: ['a', 2, 'c'] },
    patch: [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    result: { baz: 'qux', foo: ['a', 2, 'c'] },
  },
  {
    name: 'A.10 adding a nested member object',
    document: { foo: 'bar' },
    patch: [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    result: { foo: 'bar', child: { grandchild: {} } },
  },
  {
    name: 'A.11 ignoring unrecognized elements',
    document: { foo: 'bar' },
    patch: [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
    result: { foo: 'bar', baz: 'qux' },
  },
  {
    name: 'A.14 ~ escape ordering',
    document: { '/': 9, '~1': 10 },
    patch: [{ op: 'test', path: '/~01', value: 10 }],
    result: { '/': 9, '~1': 10 },
  },
  {
    name: 'A.16 adding an array value',
    document: { foo: ['bar'] },
    patch: [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    result: { foo: ['bar', ['abc', 'def']] },
  },
  {
    name: 'copy',
    document: { a: { b: 1 } },
    patch: [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'replace', path: '/c/b', value: 2 },
    ],
    result: { a: { b: 1 }, c: { b: 2 } },
  },
  {
    name: 'whole document',
    document: { a: 1 },
    patch: [{ op: 'replace', path: '', value: { b: 2 } }],
    result: { b: 2 },
  },
  {
    name: 'keys with a slash',
    document: { metadata: { annotations: {} } },
    patch: [{ op: 'add', path: '/metadata/annotations/kuberik.com~1gate', value: 'x' }],
    result: { metadata: { annotations: { 'kuberik.com/gate': 'x' } } },
  },
  {
    name: 'test for null where nothing is',
    document: {},
    patch: [{ op: 'test', path: '/a', value: null }],
    result: {},
  },
  {
    name: 'an index with zeros',
    document: { a: [1, 2] },
    patch: [{ op: 'remove', path: '/a/01' }],
    result: { a: [1] },
  },
  {
    name: 'an index from the end',
    document: { a: [1, 2] },
    patch: [
      { op: 'replace', path: '/a/-1', value: 3 },
      { op: 'add', path: '/a/-1', value: 4 },
    ],
    result: { a: [1, 3, 4] },
  },
  { name: 'no value is null', document: {}, patch: [{ op: 'add', path: '/a' }], result: { a: null } },
  {
    name: 'a copy of what is absent is null',
    document: { a: {} },
    patch: [{ op: 'copy', from: '/a/b', path: '/c' }],
    result: { a: {}, c: null },
  },
];

const refused: readonly { name: string; document: unknown; patch: unknown; code: string }[] = [
  {
    name: 'A.9 testing a value: error',
    document: { baz: 'qux' },
    patch: [{ op: 'test', path: '/baz', value: 'bar' }],
    code: 'test-failed',
  },
  {
    name: 'A.12 adding to a nonexistent target',
    document: { foo: 'bar' },
    patch: [{ op: 'add', path: '/baz/bat', value: 'qux' }],
    code: 'invalid',
  },
  {
    name: 'A.15 comparing strings and numbers',
    document: { '/': 9, '~1': 10 },
    patch: [{ op: 'test', path: '/~01', value: '10' }],
    code: 'test-failed',
  },
  { name: 'remove of nothing', document: {}, patch: [{ op: 'remove', path: '/a' }], code: 'invalid' },
  { name: 'index beyond', document: { a: [1] }, patch: [{ op: 'add', path: '/a/2', value: 1 }], code: 'invalid' },
  { name: 'index before', document: { a: [1] }, patch: [{ op: 'remove', path: '/a/-2' }], code: 'invalid' },
  { name: 'index in words', document: { a: [1] }, patch: [{ op: 'remove', path: '/a/x' }], code: 'invalid' },
  { name: 'the whole', document: {}, patch: [{ op: 'add', path: '', value: 1 }], code: 'invalid' },
  { name: 'move of nothing', document: {}, patch: [{ op: 'move', from: '/a', path: '/b' }], code: 'invalid' },
  { name: 'no array', document: {}, patch: { op: 'add' }, code: 'invalid' },
  { name: 'unknown op', document: {}, patch: [{ op: 'merge', path: '/a' }], code: 'invalid' },
  { name: 'op with a toString', document: {}, patch: [{ op: { toString: null }, path: '/a' }], code: 'invalid' },
  { name: 'no pointer', document: {}, patch: [{ op: 'add', path: 'a', value: 1 }], code: 'invalid' },
  { name: 'into itself', document: { a: {} }, patch: [{ op: 'move', from: '/a', path: '/a/b' }], code: 'invalid' },
  { name: '__proto__', document: {}, patch: [{ op: 'add', path: '/__proto__/x', value: 1 }], code: 'invalid' },
  {
    name: 'constructor',
    document: {},
    patch: [{ op: 'add', path: '/constructor/prototype/x', value: 1 }],
    code: 'invalid',
  },
];

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return error instanceof PatchError ? error.code : 'another error';
  }
}

describe('applyJsonPatch', () => {
  it.each(examples)('$name', ({ document, patch, result }) => {
    const before = JSON.stringify([document, patch]);
    expect(applyJsonPatch(document, patch)).toEqual(result);
    expect(JSON.stringify([document, patch])).toBe(before);
  });

  it.each(refused)('refuses $name', ({ document, patch, code }) => {
    expect(codeOf(() => applyJsonPatch(document, patch))).toBe(code);
  });

  it('changes nothing when a later operation fails', () => {
    const document = { a: 1 };
    const patch = [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'test', path: '/a', value: 3 },
    ];
    expect(codeOf(() => applyJsonPatch(document, patch))).toBe('test-failed');
    expect(document).toEqual({ a: 1 });
  });

  it('refuses more operations than the API server takes', () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '', value: {} }));
    expect(codeOf(() => applyJsonPatch({}, patch))).toBe('invalid');
  });
});
