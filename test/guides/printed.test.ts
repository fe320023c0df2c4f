import { expect, it } from 'vitest';
import { oneLine, patternOf } from './printed.ts';

it.each([
  ['v1.3.0  12s', 'v1.3.0   3m4s\n', true],
  ['v1.3.0  12s', 'v1.4.0   3m4s', false],
  ['until 2026-03-09T08:00:00Z', 'until 2026-03-09T08:00:00Z', true],
  ['until 2026-03-09T08:00:00Z', 'until 2026-03-09T09:00:00Z', false],
  ['since 2026-03-09T08:00:12Z', 'since 2026-03-09T08:01:00Z', true],
  ['deployed 17:00:12 (4s ago)', 'deployed 17:03:59 (12s ago)', true],
  ['on sha256:0123abcd', 'on sha256:ffffffff', true],
  ['today 17:40', 'today 17:41', true],
  ['Mon 9 Mar 09:00', 'Mon 9 Mar 09:01', false],
  ['13:00:00', '14:00:00', false],
  ['one\n...\nthree', 'one\ntwo\ntwo and a half\nthree', true],
  ['one\n...\nthree', 'one\nthree', true],
  ['one\n...\nthree', 'one\ntwo', false],
  ['...\nthree', 'three', true],
  ['one\n...', 'one\ntwo', true],
  ['approval/board-…: created', 'approval/board-x7f: created', true],
  ['it waits for\n   an approval', 'it waits\n for an approval', true],
  ['open', 'open and closed', false],
  ['a.b', 'axb', false],
])('%j shows %j: %s', (shown, actual, expected) => {
  expect(patternOf(shown).test(oneLine(actual))).toBe(expected);
});
