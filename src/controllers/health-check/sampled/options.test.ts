import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const key = 'healthcheck.kuberik.com/requeue-interval';

function read(spec: object, annotation?: string) {
  const annotations: Record<string, string> = annotation === undefined ? {} : { [key]: annotation };
  return readOptions({ metadata: { namespace: 'team', name: 'check', annotations }, spec: { class: 'http', ...spec } });
}

it('has defaults', () => {
  const expected = { timeout: 10_000, failureThreshold: 1, successThreshold: 1, noDataPolicy: 'Hold' };
  expect(read({})).toMatchObject(expected);
});

it.each([
  [undefined, undefined, 30],
  ['2m', undefined, 120],
  ['100ms', undefined, 1],
  ['0s', undefined, 1],
  // Upstream's annotation: at least 5 s, and what is no duration is the default.
  [undefined, '60s', 60],
  [undefined, '1s', 5],
  [undefined, '3', 30],
  [undefined, 'invalid-format', 30],
  [undefined, '-1m', 30],
  [undefined, '\\\n  45s', 45],
  ['1m', '60s', 60],
  ['1s', '1s', 1],
])('spec.interval %j and annotation %j: %d s', (interval, annotation, seconds) => {
  const options = read(interval === undefined ? {} : { interval }, annotation);
  expect('interval' in options && options.interval.total('seconds')).toBe(seconds);
});

it.each([
  ['1m', '30s', `spec.interval is 1m0s and annotation ${key} 30s: remove one of the two`],
  ['1m', '3', `spec.interval is 1m0s and annotation ${key} 3: remove one of the two`],
])('spec.interval %j and annotation %j contradict each other', (interval, annotation, message) => {
  expect(read({ interval }, annotation)).toEqual({ reason: 'InvalidSpec', message });
});

it.each([
  ['250ms', 250],
  ['60s', 60_000],
  ['5m', 60_000],
])('spec.timeout %s: %d ms', (timeout, milliseconds) => {
  expect(read({ timeout })).toMatchObject({ timeout: milliseconds });
});

it.each(['0s', 'soon'])('spec.timeout %s is refused', (timeout) => {
  const message = `spec.timeout: "${timeout}" is no time to answer in: write for example 10s`;
  expect(read({ timeout })).toEqual({ reason: 'InvalidSpec', message });
});
