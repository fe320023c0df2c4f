/**
 * What a Prometheus forgets when it is restarted: since when alerts are active whose rules wait less than its
 * `--rules.alert.for-grace-period` (10 minutes by default). Its own series still know it, as `ALERTS_FOR_STATE`.
 */
import { instantOf } from '../../api/instant.ts';
import { isRecord } from '../../api/json.ts';
import type { Alert } from './alerts.ts';
import { labelKey } from './labels.ts';
import { parseQueryResult } from './query.ts';

/** https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information */
export const runtimePath = '/api/v1/status/runtimeinfo';

/** Its value is when an alert became active, in seconds. */
export const alertTimesQuery = 'ALERTS_FOR_STATE';

/** By the labels of the alert. */
export type AlertTimes = ReadonlyMap<string, Temporal.Instant>;

/** Undefined: it does not say, as what only answers like Prometheus does not. */
export function parseStartTime(json: unknown): Temporal.Instant | undefined {
  if (!isRecord(json) || json.status !== 'success' || !isRecord(json.data)) return undefined;
  const { startTime } = json.data;
  return typeof startTime === 'string' ? instantOf(startTime) : undefined;
}

/** None when it is no such answer. */
export function parseAlertTimes(json: unknown): AlertTimes {
  const result = parseQueryResult(json);
  const times = new Map<string, Temporal.Instant>();
  for (const { labels, value } of typeof result === 'string' ? [] : result) {
    const { __name__, ...own } = labels;
    const milliseconds = value * 1000;
    if (__name__ !== alertTimesQuery || !Number.isSafeInteger(milliseconds)) continue;
    times.set(labelKey(own), Temporal.Instant.fromEpochMilliseconds(milliseconds));
  }
  return times;
}

/**
 * The alerts with the times that were forgotten.
 * @param then what was active at some time before the restart
 * @param last what was active when it was restarted: an alert that ended meanwhile has another time there
 */
export function remembered(alerts: readonly Alert[], then: AlertTimes, last: AlertTimes): readonly Alert[] {
  return alerts.map((alert) => {
    const key = labelKey(alert.labels);
    const activeAt = then.get(key);
    return activeAt !== undefined && last.get(key)?.equals(activeAt) === true ? { ...alert, activeAt } : alert;
  });
}
