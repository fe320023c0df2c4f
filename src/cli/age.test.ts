import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageSince, formatAge, formatClock, formatMoment, readInstant } from './age.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('formatAge', () => {
  // The table of kubectl's own function.
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [1.9, '1s'],
    [119, '119s'],
    [120, '2m'],
    [123, '2m3s'],
    [599, '9m59s'],
    [600, '10m'],
    [179 * 60 + 59, '179m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 12 * 60, '3h12m'],
    [8 * 3600, '8h'],
    [47 * 3600 + 59 * 60, '47h'],
    [48 * 3600, '2d'],
    [3 * 86400 + 4 * 3600, '3d4h'],
    [8 * 86400, '8d'],
    [500 * 86400, '500d'],
    [2 * 365 * 86400, '2y'],
    [(2 * 365 + 30) * 86400, '2y30d'],
    [9 * 365 * 86400, '9y'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatAge(seconds)).toBe(text);
  });

  it('fits into a narrow column whatever the span', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 * 365 * 86400 }), (s) => formatAge(s).length <= 7));
  });
});

describe('ageSince', () => {
  it.each([
    ['2026-11-21T12:00:00Z', '2m3s'],
    [undefined, '<unknown>'],
    [null, '<unknown>'],
    ['yesterday', '<unknown>'],
  ])('%s', (text, age) => {
    expect(ageSince(text, at('2026-11-21T12:02:03Z'))).toBe(age);
  });
});

describe('formatClock', () => {
  const now = at('2026-11-21T12:00:00Z');
  it.each([
    ['2026-11-21T14:05:03Z', 'UTC', '14:05:03'],
    ['2026-11-22T08:00:00Z', 'UTC', 'Sun 22 Nov 08:00'],
    ['2027-11-22T08:00:00Z', 'UTC', '2027-11-22 08:00'],
    ['2026-11-21T23:30:00Z', 'Europe/Zagreb', 'Sun 22 Nov 00:30'],
    ['2026-11-21T14:05:03Z', 'Europe/Zagreb', '15:05:03'],
  ])('%s in %s is %s', (instant, zone, text) => {
    expect(formatClock(at(instant), { now, zone })).toBe(text);
  });
});

describe('formatMoment', () => {
  const moment = { now: at('2026-11-21T12:00:00Z'), zone: 'UTC' };
  it('says how far ahead or back', () => {
    expect(formatMoment(at('2026-11-21T12:03:00Z'), moment)).toBe('12:03:00 (in 3m)');
    expect(formatMoment(at('2026-11-21T11:57:00Z'), moment)).toBe('11:57:00 (3m ago)');
  });
});

describe('readInstant', () => {
  it('takes what is a time and nothing else', () => {
    expect(readInstant('2026-11-21T12:00:00Z')?.toString()).toBe('2026-11-21T12:00:00Z');
    expect(readInstant('')).toBeUndefined();
  });
});
