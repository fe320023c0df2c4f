import { expect, test } from 'vitest';
import { parseLabels } from './labels.ts';

test('a label that is called __proto__ is a label like any other', () => {
  const labels = parseLabels(JSON.parse('{"__proto__":"a","constructor":"b"}'));
  expect(Object.entries(labels ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});
