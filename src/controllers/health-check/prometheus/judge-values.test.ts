import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryValue } from '../../../integrations/prometheus/query.ts';
import { judgeValues, type Limits } from './judge-values.ts';

/** `{pod: 1}` is a series of each pod. */
function series(values: Readonly<Record<string, number>>): readonly QueryValue[] {
  return Object.entries(values).map(([pod, value]) => ({ labels: { pod }, value }));
}
const scalar = (value: number): readonly QueryValue[] => [{ labels: {}, value }];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const most: Limits = { thresholdRange: { max: 0.05 } };
const least: Limits = { thresholdRange: { min: 2 } };
const between: Limits = { thresholdRange: { min: 1, max: 3 } };
const relative: Limits = { relativeRange: { max: 1.2 } };
const both: Limits = { ...most, ...relative };
type Values = readonly QueryValue[];

const cases: readonly [string, Limits, Values, Values | undefined, string, string, string?][] = [
  ['nothing', most, [], undefined, 'NoData', 'the query has no result'],
  ['below the most', most, scalar(0.01), undefined, 'Healthy', '0.01 is at most 0.05', '0.01'],
  ['the limit itself', most, scalar(0.05), undefined, 'Healthy', '0.05 is at most 0.05', '0.05'],
  ['above the most', most, scalar(0.25), undefined, 'Unhealthy', '0.25 is above 0.05', '0.25'],
  ['endless', most, scalar(inf), undefined, 'Unhealthy', 'Infinity is above 0.05', 'Infinity'],
  ['below the least', least, scalar(1), undefined, 'Unhealthy', '1 is below 2', '1'],
  ['endless and no most', least, scalar(inf), undefined, 'Healthy', 'Infinity is at least 2', 'Infinity'],
  ['between', between, scalar(2), undefined, 'Healthy', '2 is from 1 to 3', '2'],
  ['above between', between, scalar(4), undefined, 'Unhealthy', '4 is above 3', '4'],
  ['below between', between, scalar(0), undefined, 'Unhealthy', '0 is below 1', '0'],
  ['few digits', most, scalar(0.0123456), undefined, 'Healthy', '0.01235 is at most 0.05', '0.01235'],
  ['not a number', most, series({ a: nan, b: 0 }), undefined, 'NoData', 'the value of {pod="a"} is not a number'],
  [
    'one out of range, one unknown',
    most,
    series({ a: nan, b: 1 }),
    undefined,
    'Unhealthy',
    '1 of {pod="b"} is above 0.05',
  ],
  [
    'several: the worst, and how many more',
    most,
    series({ a: 0.1, b: 0.3, c: 0.2, d: 0.01 }),
    undefined,
    'Unhealthy',
    '0.3 of {pod="b"} is above 0.05; 2 more are out of range',
    '0.3',
  ],
  [
    'several that are fine: the closest to its limit',
    most,
    series({ a: 0.01, b: 0.04 }),
    undefined,
    'Healthy',
    '0.04 of {pod="b"} is at most 0.05; 1 more is in range',
    '0.04',
  ],
  [
    'as much as it was',
    relative,
    scalar(0.1),
    scalar(0.1),
    'Healthy',
    '0.1 is 1 times what it was (0.1), at most 1.2',
    '0.1',
  ],
  [
    'more than it was',
    relative,
    scalar(0.3),
    scalar(0.1),
    'Unhealthy',
    '0.3 is 3 times what it was (0.1), above 1.2',
    '0.3',
  ],
  ['nothing, as before', relative, scalar(0), scalar(0), 'Healthy', '0 is 1 times what it was (0), at most 1.2'],
  [
    'something of nothing',
    relative,
    scalar(0.001),
    scalar(0),
    'Unhealthy',
    'Infinity times what it was (0), above 1.2',
  ],
  [
    'no value then',
    relative,
    series({ a: 1 }),
    series({ b: 1 }),
    'NoData',
    '{pod="a"} had no value when the deployment began',
  ],
  ['not a number then', relative, scalar(1), scalar(nan), 'NoData', 'had no value when the deployment began'],
  ['not a number now', relative, scalar(nan), scalar(1), 'NoData', 'the value is not a number'],
  [
    'each series by itself',
    relative,
    series({ a: 1, b: 4 }),
    series({ a: 1, b: 2 }),
    'Unhealthy',
    '4 of {pod="b"} is 2 times',
  ],
  ['a series that ended', relative, series({ a: 1 }), series({ a: 1, b: 2 }), 'Healthy', '1 of {pod="a"} is 1 times'],
  ['no deployment', relative, scalar(1), undefined, 'NoData', 'there is no deployment'],
  ['no deployment, but a threshold', both, scalar(0.01), undefined, 'Healthy', '0.01 is at most 0.05'],
  ['both ranges, in both', both, scalar(0.01), scalar(0.01), 'Healthy', '0.01 is at most 0.05'],
  ['both ranges, out of the relative one', both, scalar(0.04), scalar(0.01), 'Unhealthy', '4 times what it was'],
  ['both ranges, out of the absolute one', both, scalar(0.06), scalar(0.06), 'Unhealthy', '0.06 is above 0.05'],
  ['both ranges, no value then', both, scalar(0.01), [], 'NoData', 'had no value when the deployment began'],
  ['both ranges, no value then, too high', both, scalar(0.1), [], 'Unhealthy', '0.1 is above 0.05'],
];

test.each(cases)('%s', (_, limits, values, then, result, message, value) => {
  const sample = judgeValues(values, then, limits);
  expect(sample).toMatchObject({ result, message: expect.stringContaining(message) as string });
  if (value !== undefined) expect(sample.value).toBe(value);
});

const number = fc.oneof(fc.double(), fc.constantFrom(nan, 0, inf, -inf, 0.05, 1));
const someSeries = fc.uniqueArray(
  fc.record({ labels: fc.record({ pod: fc.constantFrom('a', 'b', 'c', 'd') }), value: number }),
  {
    selector: ({ labels }) => labels.pod,
  },
);
const range = fc.oneof(
  fc.record({ max: fc.double({ noNaN: true }) }),
  fc.record({ min: fc.double({ noNaN: true }) }),
  fc.record({ min: fc.double({ noNaN: true }), max: fc.double({ noNaN: true }) }),
);

test('healthy is what is in range, every value of it', () => {
  fc.assert(
    fc.property(someSeries, range, (values, thresholdRange) => {
      const { min = -inf, max = inf }: { min?: number; max?: number } = thresholdRange;
      const { result } = judgeValues(values, undefined, { thresholdRange });
      const isOut = values.some(({ value }) => value < min || value > max);
      const isKnown = values.length > 0 && values.every(({ value }) => !Number.isNaN(value));
      expect(result).toBe(isOut ? 'Unhealthy' : isKnown ? 'Healthy' : 'NoData');
    }),
  );
});

test('what is below a limit is out of range, however far away the other limit is', () => {
  const values = [
    { labels: { pod: 'a' }, value: 1 },
    { labels: { pod: 'b' }, value: -inf },
  ];
  expect(judgeValues(values, undefined, { thresholdRange: { min: 0, max: -inf } }).result).toBe('Unhealthy');
  expect(judgeValues(values.toReversed(), [], { thresholdRange: { min: 0, max: -inf } }).result).toBe('Unhealthy');
});

test('the order of the series says nothing, and one more limit never makes anything healthier', () => {
  const order = ['Unhealthy', 'NoData', 'Healthy'];
  fc.assert(
    fc.property(someSeries, someSeries, range, range, (values, then, thresholdRange, relativeRange) => {
      const sample = judgeValues(values, then, { thresholdRange, relativeRange });
      expect(judgeValues(values.toReversed(), then.toReversed(), { thresholdRange, relativeRange })).toEqual(sample);
      for (const limits of [{ thresholdRange }, { relativeRange }]) {
        const alone = judgeValues(values, then, limits);
        expect(order.indexOf(sample.result)).toBeLessThanOrEqual(order.indexOf(alone.result));
      }
    }),
  );
});
