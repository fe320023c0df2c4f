import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { HealthCheck } from '../../api/health-check.ts';
import { Rollout } from '../../api/rollout.ts';
import { exposeState } from './state-metrics.ts';

const app = Rollout.parse({
  apiVersion: Rollout.apiVersion,
  kind: 'Rollout',
  metadata: { namespace: 'shop', name: 'app' },
  spec: { releasesImagePolicy: { name: 'app' } },
  status: {
    history: [{ id: 1, version: { tag: 'v1.0.0' }, timestamp: '2026-03-02T12:00:00Z', bakeStatus: 'InProgress' }],
    conditions: [
      {
        type: 'Progressing',
        status: 'True',
        reason: 'Baking',
        message: '',
        lastTransitionTime: '2026-03-02T12:00:00Z',
      },
    ],
    releaseCandidates: [{ tag: 'v1.1.0' }],
  },
});
const check = HealthCheck.parse({
  apiVersion: HealthCheck.apiVersion,
  kind: 'HealthCheck',
  metadata: { namespace: 'shop', name: 'alerts' },
  spec: { class: 'prometheus-alert' },
  status: {
    status: 'Unhealthy',
    conditions: [
      { type: 'Ready', status: 'False', reason: 'NoData', message: '', lastTransitionTime: '2026-03-02T12:00:00Z' },
    ],
  },
});

async function shown(isLeading: boolean, rollouts: readonly Rollout[], checks: readonly HealthCheck[]) {
  const registry = new Registry();
  exposeState(registry, { isLeading: () => isLeading, rollouts: () => rollouts, checks: () => checks });
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

it('tells the state of every object', async () => {
  const rollout = 'namespace="shop",rollout="app"';
  const alerts = 'namespace="shop",healthcheck="alerts",class="prometheus-alert"';
  expect(await shown(true, [app], [check])).toEqual([
    'kuberik_controller_leading 1',
    `kuberik_rollout_info{${rollout},version="v1.0.0"} 1`,
    `kuberik_rollout_bake_status{${rollout},status="Deploying"} 0`,
    `kuberik_rollout_bake_status{${rollout},status="InProgress"} 1`,
    `kuberik_rollout_bake_status{${rollout},status="Succeeded"} 0`,
    `kuberik_rollout_bake_status{${rollout},status="Failed"} 0`,
    `kuberik_rollout_bake_status{${rollout},status="Cancelled"} 0`,
    `kuberik_rollout_reason{${rollout},reason="Baking"} 1`,
    `kuberik_rollout_deployed_timestamp_seconds{${rollout}} 1772452800`,
    `kuberik_rollout_release_candidates{${rollout}} 1`,
    `kuberik_healthcheck_status{${alerts},status="Healthy"} 0`,
    `kuberik_healthcheck_status{${alerts},status="Unhealthy"} 1`,
    `kuberik_healthcheck_status{${alerts},status="Pending"} 0`,
    `kuberik_healthcheck_ready{${alerts},reason="NoData"} 0`,
  ]);
});

it('a process that stands by leaves it to the one that works', async () => {
  expect(await shown(false, [app], [check])).toEqual(['kuberik_controller_leading 0']);
});

it('what nobody has looked at yet has no version and no verdict', async () => {
  const { status: _, ...rollout } = app;
  const { status: __, ...unjudged } = check;
  const lines = await shown(true, [rollout], [unjudged]);
  expect(lines.filter((line) => line.includes('rollout='))).toEqual([
    'kuberik_rollout_release_candidates{namespace="shop",rollout="app"} 0',
  ]);
  expect(lines.filter((line) => line.endsWith('status="Pending"} 1'))).toHaveLength(1);
});
