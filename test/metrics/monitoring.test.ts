/** The dashboard and the alert rules speak of metrics that exist, and Grafana and the operator can read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertRules, RUNBOOK } from '../../src/api/alerts.ts';
import { type MetricDoc, metricSections } from '../../src/api/metrics.ts';
import { type Panel, queryOf, readDashboard, readMonitoring } from './monitoring.ts';

const metrics = metricSections.flatMap((section) => section.metrics);
const dashboard = readDashboard();
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ refId, expr }) => ({ where: `${title}, ${refId}`, expr: queryOf(expr) })),
);
const choices = dashboard.templating.list
  .filter(({ type }) => type === 'query')
  .map(({ name, query }) => {
    const [, selector = '', label = ''] =
      /^label_values\((.*), (\w+)\)$/.exec((query as { query: string }).query) ?? [];
    return { where: `variable ${name}`, expr: `count by (${label}) (${queryOf(selector)})` };
  });
const expressions = [...queries, ...choices, ...alertRules.map(({ name, expr }) => ({ where: name, expr }))];

/** Series of a family, with the labels that they have. */
const series = new Map(metrics.flatMap(seriesOf));

function seriesOf({ name, type, labels }: MetricDoc): (readonly [string, readonly string[]])[] {
  const known = [...labels, 'job', 'instance'];
  if (type !== 'histogram') return [[name, known]];
  return [
    [`${name}_bucket`, [...known, 'le']],
    [`${name}_sum`, known],
    [`${name}_count`, known],
  ];
}

function selectorsOf(expr: string): { name: string; labels: string[] }[] {
  const names = expr.matchAll(/\b((?:kuberik|controller_runtime|workqueue|rest_client)_\w+)(?:\{([^}]*)\})?/g);
  return [...names].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  }));
}

describe('what is asked of Prometheus', () => {
  it.each(expressions)('$where: the metrics exist and have these labels', ({ expr }) => {
    const selectors = selectorsOf(expr);
    expect(selectors).not.toEqual([]);
    for (const { name, labels } of selectors) {
      expect([...series.keys()]).toContain(name);
      expect(series.get(name)).toEqual(expect.arrayContaining(labels));
    }
    const asked = new Set(selectors.flatMap(({ name }) => series.get(name) ?? []));
    const grouped = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
    expect(grouped.filter((label) => !asked.has(label))).toEqual([]);
  });

  it('a rate is of what grows, and nothing that grows is shown as it is', () => {
    const growing = new Set(
      metrics.flatMap((doc) => (doc.type === 'gauge' ? [] : seriesOf(doc).map(([name]) => name))),
    );
    for (const { where, expr } of expressions) {
      const rated = [...expr.matchAll(/\b(?:rate|increase)\((\w+)/g)].map(([, name]) => name);
      const grown = selectorsOf(expr).flatMap(({ name }) => (growing.has(name) ? [name] : []));
      expect(rated, where).toEqual(grown);
    }
  });
});

describe('the dashboard', () => {
  it('can be imported as it is: it asks for a data source and names none', () => {
    const [source] = dashboard.templating.list;
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    const datasource = { type: 'prometheus', uid: '${datasource}' };
    for (const { type, title, targets = [], ...panel } of dashboard.panels) {
      if (type === 'row') continue;
      expect([panel.datasource, ...targets.map((target) => target.datasource)], title).toEqual(
        Array(targets.length + 1).fill(datasource),
      );
    }
    expect(readMonitoring('dashboard.json')).not.toContain('__inputs');
  });

  it('knows each variable that it uses', () => {
    const known = new Set([...dashboard.templating.list.map(({ name }) => name), 'labels']);
    const builtIn = ['__range', '__range_s', '__interval', '__rate_interval', '__all'];
    const used = [...readMonitoring('dashboard.json').matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !known.has(name) && !builtIn.includes(name))).toEqual([]);
  });

  it('has panels that neither overlap nor leave the grid', () => {
    const taken = new Map<string, string>();
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (const cell of cellsOf(gridPos)) {
        expect(taken.get(cell), title).toBeUndefined();
        taken.set(cell, title);
      }
    }
  });

  it('has a row for each subject', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['Delivery (DORA)', 'State', 'Health', 'Controller']);
  });
});

function cellsOf({ x, y, w, h }: Panel['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`);
}

describe('the alert rules', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/metrics.md'), 'utf8');

  it.each(alertRules)('$name has a heading in the guide, where its link leads', ({ name }) => {
    expect(guide).toMatch(new RegExp(`^### ${name}$`, 'm'));
    expect(readMonitoring('alerts.yaml')).toContain(`${RUNBOOK}#${name.toLowerCase()}\n`);
  });

  it('are the same for the operator', () => {
    const { groups } = parse(readMonitoring('alerts.yaml')) as { groups: unknown };
    expect(parse(readMonitoring('prometheus-rule.yaml'))).toMatchObject({ kind: 'PrometheusRule', spec: { groups } });
  });

  it('only the Rollout names the namespace', () => {
    const monitor = parse(readMonitoring('service-monitor.yaml')) as { spec: { endpoints: unknown[] } };
    expect(monitor.spec.endpoints).toMatchObject([{ port: 'metrics', honorLabels: true }]);
  });
});
