import { expect, test } from 'vitest';
import type { Alert } from '../../../integrations/prometheus/alerts.ts';
import { judgeAlerts } from './judge-alerts.ts';

const at = (minute: number): Temporal.Instant => Temporal.Instant.from('2026-01-01T12:00:00Z').add({ minutes: minute });
const deployed = { cutoff: at(0), now: at(60) };

function alert(alertname: string, minute: number, state: Alert['state'] = 'firing', labels = {}): Alert {
  return { labels: { alertname, ...labels }, state, activeAt: at(minute) };
}

const cases: readonly [string, readonly Alert[], boolean, string, string][] = [
  ['nothing', [], false, 'Healthy', 'no matching alert is firing'],
  ['one that is pending', [alert('Slow', 5, 'pending')], true, 'Healthy', 'no matching alert is firing'],
  ['one that is silenced', [alert('Slow', 5, 'suppressed')], true, 'Healthy', 'no matching alert is firing'],
  ['a new one', [alert('Slow', 5)], false, 'Unhealthy', '1 alert is firing: Slow since 2026-01-01T12:05:00Z'],
  ['one of the very moment', [alert('Slow', 0)], false, 'Unhealthy', 'Slow since 2026-01-01T12:00:00Z'],
  [
    'one from before',
    [alert('Slow', -5)],
    false,
    'Healthy',
    '1 alert was active before the deployment: Slow since 2026-01-01T11:55:00Z',
  ],
  [
    'one from before that counts',
    [alert('Slow', -5)],
    true,
    'Unhealthy',
    '1 alert is firing: Slow since 2026-01-01T11:55',
  ],
  [
    'a new one beside one from before',
    [alert('Old', -5), alert('Slow', 5), alert('Late', 6, 'pending')],
    false,
    'Unhealthy',
    '1 alert is firing: Slow since 2026-01-01T12:05:00Z',
  ],
  [
    'many, those that are active for the longest first',
    [alert('E', 4), alert('D', 3), alert('B', 1), alert('C', 2), alert('A', 2)],
    false,
    'Unhealthy',
    '5 alerts are firing: B since 2026-01-01T12:01:00Z; A since 2026-01-01T12:02:00Z; C since 2026-01-01T12:02:00Z; and 2 more',
  ],
  [
    'labels, in short',
    [alert('Slow', 1, 'firing', { z: 'z', app: 'web', severity: 'x'.repeat(100), a: 'two\nlines', b: '1' })],
    false,
    'Unhealthy',
    `Slow {a="two lines", app="web", b="1", severity="${'x'.repeat(47)}…", …} since`,
  ],
];

test.each(cases)('%s', (_, alerts, includeExisting, result, message) => {
  const sample = judgeAlerts(alerts, includeExisting, deployed);
  expect(sample).toMatchObject({ result, message: expect.stringContaining(message) as string });
  // In whatever order they come.
  expect(judgeAlerts(alerts.toReversed(), includeExisting, deployed)).toEqual(sample);
});

test('the failure is as old as the oldest alert that counts, not older than the deployment, and not in the future', () => {
  const failedAt = (alerts: readonly Alert[], includeExisting = false): string | undefined =>
    judgeAlerts(alerts, includeExisting, deployed).failedAt?.toString();
  expect(failedAt([alert('A', 9), alert('B', 7), alert('C', -3)])).toBe('2026-01-01T12:07:00Z');
  expect(failedAt([alert('A', 9), alert('C', -3)], true)).toBe('2026-01-01T12:00:00Z');
  expect(failedAt([alert('A', 61)])).toBe('2026-01-01T13:00:00Z');
  expect(failedAt([])).toBeUndefined();
});

test('where nothing is deployed no alert is because of a deployment, unless all count', () => {
  const nothing = { cutoff: undefined, now: at(60) };
  expect(judgeAlerts([alert('A', 9)], false, nothing)).toEqual({
    result: 'Healthy',
    message: 'nothing is deployed that could be the reason of A since 2026-01-01T12:09:00Z',
  });
  expect(judgeAlerts([alert('A', 9)], true, nothing)).toMatchObject({ result: 'Unhealthy', failedAt: at(9) });
});
