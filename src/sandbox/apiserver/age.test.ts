import { expect, it } from 'vitest';
import { age, between } from './age.ts';

const start = Temporal.Instant.from('2026-01-01T00:00:00Z');

it.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [125, '2m5s'],
  [599, '9m59s'],
  [660, '11m'],
  [179 * 60, '179m'],
  [3 * 3600, '3h'],
  [3 * 3600 + 60, '3h1m'],
  [9 * 3600, '9h'],
  [48 * 3600, '2d'],
  [50 * 3600, '2d2h'],
  [10 * 86_400, '10d'],
  [800 * 86_400, '2y70d'],
  [-5, '<invalid>'],
])('%d s is %s', (seconds, expected) => {
  expect(age(start.toString(), start.add({ seconds }))).toBe(expected);
});

it('does not know the age of what has no time', () => {
  expect(age(undefined, start)).toBe('<unknown>');
  expect(age('yesterday', start)).toBe('<unknown>');
  expect(between(start.toString(), 'yesterday')).toBe('<unknown>');
});
