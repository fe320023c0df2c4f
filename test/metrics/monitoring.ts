/** The files of `deploy/monitoring` as tests read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../deploy/monitoring');

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: unknown;
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: unknown }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
  readonly panels: readonly Panel[];
}

export function readMonitoring(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

export function readDashboard(): Dashboard {
  return JSON.parse(readMonitoring('dashboard.json')) as Dashboard;
}

/** What Grafana sends to Prometheus, for a range of an hour. @param namespace a regular expression */
export function queryOf(expr: string, namespace = '.*'): string {
  const variables = {
    $__range_s: '3600',
    $__range: '1h',
    $__rate_interval: '2m',
    $__interval: '1h',
    $namespace: namespace,
    $rollout: '.*',
  };
  return Object.entries(variables).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}
