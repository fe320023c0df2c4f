import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts';
import { InvalidValueError } from './errors.ts';

/** Any whole number of nanoseconds that Go can hold, with many small ones. */
const nanoseconds = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -10_000_000_000n, max: 10_000_000_000n }),
  fc.bigInt({ min: 0n, max: 1_000_000n }).map((seconds) => seconds * 1_000_000_000n),
);

function durationOf(count: bigint): Temporal.Duration {
  return Temporal.Duration.from({
    seconds: Number(count / 1_000_000_000n),
    nanoseconds: Number(count % 1_000_000_000n),
  }).round({ largestUnit: 'hours' });
}

describe('parseDuration', () => {
  test.each([
    ['0', 'PT0S'],
    ['0s', 'PT0S'],
    ['5m', 'PT5M'],
    ['1h30m', 'PT1H30M'],
    ['90m', 'PT1H30M'],
    ['1.5h', 'PT1H30M'],
    ['.5m', 'PT30S'],
    ['1.s', 'PT1S'],
    ['+1s', 'PT1S'],
    ['-1.5s', '-PT1.5S'],
    ['0.7h', 'PT42M'],
    ['500ms', 'PT0.5S'],
    ['1us2µs3μs', 'PT0.000006S'],
    ['1.9999999999999999999999ns', 'PT0.000000001S'],
    ['876000h', 'PT876000H'],
  ])('%s is %s', (text, iso) => {
    expect(parseDuration(text).toString()).toBe(iso);
  });

  test.each(['', ' ', '5', '5 m', 'm', '.m', '.', '-', '1d', '1h30', '--1s', '1h-1m', '5M', '1e3s', '1_0s'])(
    'refuses %j with a remedy',
    (text) => {
      expect(() => parseDuration(text)).toThrow(InvalidValueError);
      expect(() => parseDuration(text)).toThrow('write for example');
    },
  );

  test('says what is too long', () => {
    expect(() => parseDuration('9999999h')).toThrow('is longer than 292 years');
  });

  test('every text that the CRD admits within the range is a duration of no sign', () => {
    const text = fc.stringMatching(new RegExp(DURATION_PATTERN)).filter((value) => value.length < 8);
    fc.assert(fc.property(text, (value) => parseDuration(value).sign >= 0));
  });
});

describe('formatDuration', () => {
  test.each([
    ['0', '0s'],
    ['1ns', '1ns'],
    ['1500ns', '1.5µs'],
    ['100ms', '100ms'],
    ['1.5s', '1.5s'],
    ['10s', '10s'],
    ['100m', '1h40m0s'],
    ['5m', '5m0s'],
    ['1h', '1h0m0s'],
    ['-1h0m0.000000001s', '-1h0m0.000000001s'],
    ['48h', '48h0m0s'],
  ])('%s is printed as %s', (text, printed) => {
    expect(formatDuration(parseDuration(text))).toBe(printed);
  });

  test('what is printed is read as the same duration', () => {
    fc.assert(
      fc.property(nanoseconds, (count) => {
        const duration = durationOf(count);
        expect(parseDuration(formatDuration(duration)).toString()).toBe(duration.toString());
      }),
    );
  });

  test('days are printed as hours', () => {
    expect(formatDuration(Temporal.Duration.from({ days: 2, minutes: 1 }))).toBe('48h1m0s');
  });
});
