/** The real Prometheus scrapes the real controller, and every panel of the dashboard has something to show. */
import { request } from 'undici';
import { expect, inject, test } from 'vitest';
import { queryOf, readDashboard } from '../../metrics/monitoring.ts';
import { eventually } from '../../support/eventually.ts';
import { foreignCheck, gate, judgedBy, object } from '../../support/objects.ts';
import { obtain } from '../control-plane/obtain.ts';
import { startPrometheus } from '../control-plane/prometheus.ts';
import { Run } from '../control-plane/run.ts';
import { sharedCluster } from '../support/cluster.ts';

const cluster = sharedCluster();

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function ask(url: string, query: string): Promise<Answer> {
  const { body } = await request(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  return (await body.json()) as Answer;
}

test('every panel of the dashboard has something to show', async () => {
  const space = await cluster().space('dashboard');
  await space.put(foreignCheck('judge'));
  await space.application(judgedBy('judge'));
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await using run = await Run.create('dashboard');
  const { url } = await startPrometheus(run, await obtain(), { targets: [inject('controllerMetrics')] });
  await eventually(async () => {
    const { data } = await ask(url, `kuberik_rollout_info{namespace="${space.namespace}"}`);
    expect(data?.result).toHaveLength(1);
  });
  await space.guard(gate('hold', 'app', { passing: false }));
  await space.push('v1.1.0');
  await space.says('Progressing', 'False', 'WaitingForGates');
  await space.judge('judge', 'Unhealthy');
  // Nobody listens there: it is asked, and there is no data.
  const prometheusQuery = { url: 'http://127.0.0.1:1', query: 'up', thresholdRange: { max: 1 } };
  await space.put(
    object(
      'kuberik.com/v1alpha1',
      'HealthCheck',
      'asks',
      { class: 'prometheus-query', interval: '1s', prometheusQuery },
      {
        labels: { app: 'judge' },
      },
    ),
  );

  for (const { title, targets = [] } of readDashboard().panels) {
    for (const { refId, expr } of targets) {
      const query = queryOf(expr, space.namespace);
      await eventually(async () => {
        const { status, error, data } = await ask(url, query);
        expect(status, `${title} ${refId}: ${error}`).toBe('success');
        expect(data?.result.length, `${title} ${refId}: ${query}`).toBeGreaterThan(0);
      });
    }
  }
  const held = await ask(
    url,
    `kuberik_rollout_blocked_seconds_total{namespace="${space.namespace}",reason="WaitingForGates"}`,
  );
  expect(Number(held.data?.result[0]?.value[1])).toBeGreaterThan(0);
});
