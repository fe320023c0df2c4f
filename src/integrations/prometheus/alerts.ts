/** The alerts that are active, from Prometheus or from Alertmanager. */
import type { AlertApi } from '../../api/health-check-classes.ts';
import { instantOf } from '../../api/instant.ts';
import { isRecord } from '../../api/json.ts';
import { parseLabels } from './labels.ts';
import type { Labels } from './matchers.ts';

export interface Alert {
  readonly labels: Labels;
  /** Suppressed: silenced or inhibited, which is how people say that an alert does not matter now. */
  readonly state: 'firing' | 'pending' | 'suppressed';
  /** Of Prometheus when its expression became true, of Alertmanager when it began to fire. */
  readonly activeAt: Temporal.Instant;
}

export const alertPaths: Readonly<Record<AlertApi, string>> = {
  Prometheus: '/api/v1/alerts',
  Alertmanager: '/api/v2/alerts',
};

/** A text: what it is instead. */
export function parseAlerts(api: AlertApi, json: unknown): readonly Alert[] | string {
  const list = api === 'Prometheus' ? prometheusList(json) : json;
  if (!Array.isArray(list)) return `its answer is no list of alerts of ${api}${otherApi(api, json)}`;
  const parse = api === 'Prometheus' ? prometheusAlert : alertmanagerAlert;
  const alerts: Alert[] = [];
  for (const alert of list.map(parse)) {
    if (alert === undefined) return `its answer has something in it that is no alert of ${api}`;
    if (alert !== 'inactive') alerts.push(alert);
  }
  return alerts;
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#alerts */
function prometheusList(json: unknown): unknown {
  return isRecord(json) && json.status === 'success' && isRecord(json.data) ? json.data.alerts : undefined;
}

function prometheusAlert(item: unknown): Alert | 'inactive' | undefined {
  if (!isRecord(item)) return undefined;
  const { state } = item;
  if (state === 'inactive') return 'inactive';
  return state === 'firing' || state === 'pending' ? alertOf(item.labels, state, item.activeAt) : undefined;
}

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
function alertmanagerAlert(item: unknown): Alert | undefined {
  if (!isRecord(item) || !isRecord(item.status)) return undefined;
  const { state } = item.status;
  if (state === 'suppressed') return alertOf(item.labels, 'suppressed', item.startsAt);
  // Not processed yet: nobody knows of a reason why it should not count.
  return state === 'active' || state === 'unprocessed' ? alertOf(item.labels, 'firing', item.startsAt) : undefined;
}

function alertOf(labels: unknown, state: Alert['state'], since: unknown): Alert | undefined {
  const parsed = parseLabels(labels);
  const activeAt = typeof since === 'string' ? instantOf(since) : undefined;
  return parsed && activeAt && { labels: parsed, state, activeAt };
}

/** The mistake that is made most: the address of one and the API of the other. */
function otherApi(api: AlertApi, json: unknown): string {
  if (api === 'Alertmanager' && prometheusList(json) !== undefined) return ': set api to Prometheus';
  return api === 'Prometheus' && Array.isArray(json) ? ': set api to Alertmanager' : '';
}
