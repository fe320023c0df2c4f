import { expect, test } from 'vitest';
import { DatadogMonitor } from '../../../integrations/datadog/monitor.ts';
import { judgeMonitor, type MonitorFacts } from './judge.ts';

const now = Temporal.Instant.from('2026-01-01T12:00:00Z');
/** `now` and this many minutes. */
const at = (minutes: number): string => now.add({ seconds: Math.round(minutes * 60) }).toString();

function judged(status: object, more: Partial<Omit<MonitorFacts, 'monitor'>> = {}) {
  const monitor = DatadogMonitor.parse({
    apiVersion: DatadogMonitor.apiVersion,
    kind: 'DatadogMonitor',
    metadata: { namespace: 'team', name: 'errors' },
    status: { monitorStateLastUpdateTime: at(0), ...status },
  });
  return judgeMonitor({ monitor, warn: 'Pending', noDataPolicy: 'Hold', cutoff: undefined, ...more }, now);
}

test.each([
  ['OK', {}, 'Healthy'],
  ['Alert', {}, 'Unhealthy'],
  ['Warn', {}, 'Pending'],
  ['Warn', { warn: 'Healthy' }, 'Healthy'],
  ['Warn', { warn: 'Unhealthy' }, 'Unhealthy'],
  ['No Data', {}, 'Pending'],
  ['No Data', { noDataPolicy: 'Healthy' }, 'Healthy'],
  ['No Data', { noDataPolicy: 'Unhealthy' }, 'Unhealthy'],
  ['Skipped', { noDataPolicy: 'Healthy', warn: 'Healthy' }, 'Pending'],
  ['Ignored', {}, 'Pending'],
  ['Unknown', {}, 'Pending'],
  ['ok', {}, 'Pending'],
  ['', {}, 'Pending'],
] as const)('a monitor that says "%s" with %o is %s', (monitorState, options, expected) => {
  expect(judged({ monitorState }, options).status).toBe(expected);
});

test.each([
  ['of before the deployment', { monitorStateLastUpdateTime: at(-2) }, 'Pending'],
  ['of the second of the deployment', { monitorStateLastUpdateTime: at(-1) }, 'Healthy'],
  ['of after the deployment', { monitorStateLastUpdateTime: at(-0.5) }, 'Healthy'],
  ['of no known time', { monitorStateLastUpdateTime: undefined }, 'Pending'],
  ['that the operator could not confirm', { monitorStateSyncStatus: 'error getting monitor' }, 'Pending'],
  ['that an old operator could not confirm', { syncStatus: 'error getting monitor' }, 'Pending'],
  ['that an old operator confirmed', { syncStatus: 'OK' }, 'Healthy'],
])('an OK %s', (_name, status, expected) => {
  const verdict = judged({ monitorState: 'OK', ...status }, { cutoff: Temporal.Instant.from(at(-1)) });
  expect(verdict.status).toBe(expected);
});

test('an OK that nobody confirms any more is no verdict, and is looked at again when that is so', () => {
  expect(judged({ monitorState: 'OK' }).changesAt?.toString()).toBe(at(5));
  const silent = judged({ monitorState: 'OK', monitorStateLastUpdateTime: at(-5) });
  expect(silent).toMatchObject({ status: 'Pending', fault: { reason: 'NoData' } });
  expect(silent.message).toContain(`last asked Datadog at ${at(-5)}`);
});

const group = (monitorGroup: string, minutes: number, state = 'Alert') => ({
  monitorGroup,
  state,
  lastTransitionTime: at(minutes),
});

test.each([
  ['when the operator saw it', {}, -3],
  ['when Datadog says that it began', { triggeredState: [group('a', -4), group('b', -2)] }, -4],
  ['by a group that failed since the deployment', { triggeredState: [group('a', -40), group('b', -2)] }, -2],
  ['not by groups in another state', { triggeredState: [group('a', -4, 'Warn')] }, -3],
  ['before the deployment, when it was so', { triggeredState: [group('a', -40)] }, -40],
])('an alert failed %s', (_name, status, expected) => {
  const verdict = judged(
    { monitorState: 'Alert', monitorStateLastTransitionTime: at(-3), ...status },
    { cutoff: Temporal.Instant.from(at(-10)) },
  );
  expect(verdict.failedAt?.toString()).toBe(at(expected));
});

test('the message says the state, since when, which groups, and where to look, and stays the same', () => {
  const groups = ['g', 'f', 'e', 'd', 'c', 'b', 'a'].map((name) => group(name, -2));
  const alert = { monitorState: 'Alert', monitorStateLastTransitionTime: at(-3), triggeredState: groups, id: 7 };
  const { message } = judged(alert);
  expect(message).toBe(
    `DatadogMonitor team/errors says Alert since ${at(-3)} (a; b; c; d; e and 2 more) (https://app.datadoghq.com/monitors/7)`,
  );
  expect(judged({ ...alert, monitorStateLastUpdateTime: at(1), triggeredState: groups.toReversed() }).message).toBe(
    message,
  );
});
