/** What is shipped for Prometheus, judged by Prometheus' own tool. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { alertRules } from '../../../src/api/alerts.ts';
import { queryOf, readDashboard, readMonitoring } from '../../metrics/monitoring.ts';
import { run } from '../control-plane/command.ts';
import { obtain } from '../control-plane/obtain.ts';

const root = join(import.meta.dirname, '../../..');
const guide = readFileSync(join(root, 'docs/guides/metrics.md'), 'utf8');

/** It comes with Prometheus. */
async function promtool(...parameters: readonly string[]): Promise<string> {
  const program = join(dirname((await obtain()).program('prometheus')), 'promtool');
  return run(program, [...parameters]);
}

/** @throws what promtool says about the first that it cannot parse */
async function checkQueries(queries: readonly string[]): Promise<string> {
  await using parts = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'kuberik-promtool-'));
  parts.defer(() => {
    rmSync(folder, { recursive: true });
  });
  const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
  const file = join(folder, 'queries.yaml');
  writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
  return await promtool('check', 'rules', file);
}

test('the alert rules are valid, and fire when they should', async () => {
  expect(await promtool('check', 'rules', join(root, 'deploy/monitoring/alerts.yaml'))).toContain(
    `${alertRules.length} rules found`,
  );
  const told = await promtool('test', 'rules', join(import.meta.dirname, 'alerts.promtool.yaml'));
  expect(told).toContain('SUCCESS');
});

test('every query of the dashboard and of the guide is PromQL', async () => {
  const panels = readDashboard().panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => queryOf(expr)));
  const shown = [...guide.matchAll(/^```promql\n(.*?)^```$/gms)].map(([, query = '']) => query.trim());
  expect(panels.length).toBeGreaterThan(20);
  expect(shown.length).toBeGreaterThan(5);
  const queries = [...panels, ...shown];
  expect(await checkQueries(queries)).toContain(`${queries.length} rules found`);
  await expect(checkQueries(['sum(rate(kuberik_rollout_info))'])).rejects.toThrow(/expected type range vector/);
});

test('Prometheus takes the configuration of the guide', async () => {
  const [, text = ''] = /^<!-- prometheus.yaml -->\n+```yaml\n(.*?)^```$/ms.exec(guide) ?? [];
  // Debian builds Prometheus without the discovery of Kubernetes.
  const config = text.replace(/ kubernetes_sd_configs:.*?(?= relabel_configs:)/s, ' static_configs: []\n   ');
  expect(config).not.toBe(text);
  await using parts = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'kuberik-promtool-'));
  parts.defer(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'prometheus.yml'), config);
  writeFileSync(join(folder, 'alerts.yaml'), readFileSync(join(root, 'deploy/monitoring/alerts.yaml')));
  expect(await promtool('check', 'config', join(folder, 'prometheus.yml'))).toContain('is valid');
});

test('the folder is one installation, with the dashboard as Grafana looks for it', async () => {
  const text = await run((await obtain()).program('kubectl'), ['kustomize', join(root, 'deploy/monitoring')]);
  const objects = parseAllDocuments(text).map((document) => document.toJS() as { kind: string; data?: object });
  expect(objects.map(({ kind }) => kind).toSorted()).toEqual(['ConfigMap', 'PrometheusRule', 'ServiceMonitor']);
  const board = objects.find(({ kind }) => kind === 'ConfigMap');
  expect(board).toMatchObject({
    metadata: { namespace: 'kuberik-system', labels: { grafana_dashboard: '1' } },
    data: { 'kuberik.json': readMonitoring('dashboard.json') },
  });
});
