import { expect, it } from 'vitest';
import { compareElements, parseElement } from './path-element.ts';

it.each([
  ['i:0', 'i:0'],
  ['i:-7', 'i:-7'],
  ['i:007', 'i:7'],
  ['i:9223372036854775807', 'i:9223372036854775807'],
  // Longer than Go reads; as a number it would be printed as another one.
  ['i:9223372036854775808', undefined],
  ['i:999999999999999999999', undefined],
  ['i:1e3', undefined],
  ['i:', undefined],
])('the index %s is read as %s', (text, element) => {
  expect(parseElement(text)).toBe(element);
});

it('indexes that are the same number to JavaScript keep their order', () => {
  const indexes = ['i:9007199254740993', 'i:-1', 'i:9007199254740992', 'i:10', 'i:9'];
  expect(indexes.toSorted(compareElements)).toEqual([
    'i:-1',
    'i:9',
    'i:10',
    'i:9007199254740992',
    'i:9007199254740993',
  ]);
});
