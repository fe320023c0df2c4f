import { expect, test } from 'vitest';
import type { Alert } from './alerts.ts';
import { parseAlertTimes, parseStartTime, remembered } from './restart.ts';

const result = (...series: readonly unknown[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: series },
});
const state = (labels: object, value: string) => ({
  metric: { __name__: 'ALERTS_FOR_STATE', ...labels },
  value: [1, value],
});

test('the time of a start', () => {
  const data = { startTime: '2026-11-21T18:30:00.25Z', CWD: '/', reloadConfigSuccess: true };
  expect(parseStartTime({ status: 'success', data })?.toString()).toBe('2026-11-21T18:30:00.25Z');
  for (const other of [null, [], { status: 'success' }, { status: 'success', data: { startTime: 1 } }, { data }]) {
    expect(parseStartTime(other)).toBeUndefined();
  }
});

test('when alerts became active', () => {
  const times = parseAlertTimes(
    result(
      state({ alertname: 'A' }, '1763750000'),
      state({ alertname: 'B' }, 'NaN'),
      state({ alertname: 'C' }, '1e300'),
    ),
  );
  expect([...times].map(([key, time]) => [key, time.epochMilliseconds])).toEqual([
    ['[["alertname","A"]]', 1763750000_000],
  ]);
  expect(parseAlertTimes(result({ metric: { alertname: 'A' }, value: [1, '1'] })).size).toBe(0);
  expect(parseAlertTimes({}).size).toBe(0);
});

test('an alert is as old as it was, unless it ended before the restart', () => {
  const alert = (alertname: string): Alert => ({
    labels: { alertname, app: 'web' },
    state: 'firing',
    activeAt: Temporal.Instant.from('2026-11-21T18:30:00Z'),
  });
  const of = (alertname: string, seconds: number) => state({ app: 'web', alertname }, String(seconds));
  const then = parseAlertTimes(result(of('Same', 100), of('Again', 100), of('Ended', 100)));
  const last = parseAlertTimes(result(of('Same', 100), of('Again', 200), of('New', 200)));
  const alerts = remembered(['Same', 'Again', 'Ended', 'New', 'Newest'].map(alert), then, last);
  expect(alerts.map(({ labels, activeAt }) => [labels.alertname, activeAt.epochMilliseconds < 1_000_000])).toEqual([
    ['Same', true],
    ['Again', false],
    ['Ended', false],
    ['New', false],
    ['Newest', false],
  ]);
});
