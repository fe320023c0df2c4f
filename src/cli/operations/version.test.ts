import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from './version.ts';

const short = fc.string({ maxLength: 8 });

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['v1.4.0', 'v1.4.0', 0],
    ['v1.4.0', 'v1.4', 2],
    ['v1.4.0', 'v1.5.0', 1],
    ['kitten', 'sitting', 3],
  ])('%s and %s', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  it('is a distance', () => {
    fc.assert(
      fc.property(short, short, short, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('nearestNames', () => {
  const names = ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0', 'v2.0.0-rc.1'];

  it.each([
    ['v1.3', ['v1.3.0']],
    ['1.2.0', ['v1.2.0', 'v1.3.0', 'v1.1.0']],
    ['v2.0.0-rc1', ['v2.0.0-rc.1']],
    ['main', []],
  ])('%s', (text, nearest) => {
    expect(nearestNames(text, names)).toEqual(nearest);
  });
});
