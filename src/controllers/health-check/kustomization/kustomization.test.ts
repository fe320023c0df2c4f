import { describe, expect, it, test } from 'vitest';
import type { HealthCheckStatus } from '../../../api/health-check.ts';
import {
  at,
  clock,
  cluster,
  judged,
  look,
  putCheck,
  putDeployment,
  putKustomization,
  putRollout,
  status,
} from '../testing/fixture.ts';
import { kustomizationOf } from './reference.ts';

describe('class kustomization', () => {
  test.each<[string, () => unknown, Partial<HealthCheckStatus>]>([
    ['K1 another class', () => putCheck({ class: 'other', kustomization: 'app' }), {}],
    [
      'K2 no annotation',
      () => putCheck({ class: 'kustomization' }),
      {
        status: 'Unhealthy',
        message: 'annotation healthcheck.kuberik.com/kustomization not found',
        lastErrorTime: at(0),
      },
    ],
    [
      'K3 no Kustomization',
      () => putCheck({ class: 'kustomization', kustomization: 'app' }),
      { status: 'Unhealthy', message: 'Kustomization not found: team/app not found', lastErrorTime: at(0) },
    ],
    [
      'K14 a bad reference',
      () => putCheck({ class: 'kustomization', kustomization: 'a/b/c' }),
      { status: 'Unhealthy', message: 'invalid kustomization reference format: a/b/c' },
    ],
    [
      'K4 never reconciled, no inventory',
      () => putKustomization({ observed: -1, inventory: [] }),
      {
        status: 'Pending',
        message: 'Kustomization pending: Kustomization generation is 1, but latest observed generation is -1',
      },
    ],
    [
      'no inventory',
      () => putKustomization({ inventory: [] }),
      { status: 'Pending', message: 'Kustomization has no managed resources' },
    ],
    [
      'K5 a Deployment on its way',
      () => (putKustomization({ observed: -1 }), putDeployment('progressing')),
      { status: 'Pending', message: 'Pending resources: team/web (Replicas: 0/1)', lastChangeTime: at(0) },
    ],
    [
      'K6 a failed Deployment',
      () => (putKustomization({ observed: -1 }), putDeployment('failed', -3)),
      {
        status: 'Unhealthy',
        message: 'Unhealthy resources: team/web (Progress deadline exceeded)',
        lastErrorTime: at(-3),
      },
    ],
    [
      'K7 missing objects are ignored',
      () => putKustomization(),
      { status: 'Healthy', message: 'Kustomization and all managed resources are healthy' },
    ],
    [
      'K9 all is well',
      () => (putKustomization(), putDeployment('available')),
      { status: 'Healthy', message: 'Kustomization and all managed resources are healthy', lastChangeTime: at(0) },
    ],
    [
      'an id that does not parse',
      () => putKustomization({ inventory: ['oops'] }),
      { status: 'Unhealthy', message: 'Errors: oops (parse error: too few fields within: oops)' },
    ],
    [
      'A9 a failed build',
      () =>
        putKustomization({
          observed: -1,
          ready: ['False', 'BuildFailed', 'no such file', 1, -1],
          reconcilingSince: -1,
        }),
      { status: 'Unhealthy', message: 'Kustomization unhealthy: BuildFailed: no such file', lastErrorTime: at(-1) },
    ],
    [
      'A9 a failed health check',
      () =>
        putKustomization({
          observed: -1,
          ready: ['False', 'HealthCheckFailed', 'timeout', 1, 0],
          reconcilingSince: -1,
        }),
      { status: 'Unhealthy', lastErrorTime: at(0) },
    ],
    [
      'A9 a failed apply may be a hiccup',
      () =>
        putKustomization({
          observed: -1,
          ready: ['False', 'ReconciliationFailed', 'webhook', 1, -0.1],
          reconcilingSince: -1,
        }),
      { status: 'Pending', message: 'Kustomization unhealthy: ReconciliationFailed: webhook' },
    ],
    [
      'A9 until it lasts',
      () =>
        putKustomization({
          observed: -1,
          ready: ['False', 'ReconciliationFailed', 'webhook', 1, -0.1],
          reconcilingSince: -2,
        }),
      { status: 'Unhealthy', lastErrorTime: at(-0.1) },
    ],
    [
      'a failure of an older generation',
      () => putKustomization({ generation: 2, observed: 1, ready: ['False', 'BuildFailed', 'x', 1, -9] }),
      { status: 'Pending', message: 'Pending resources: team/web (Replicas: 0/1)' },
    ],
    [
      'a dependency',
      () =>
        putKustomization({
          observed: -1,
          ready: ['False', 'DependencyNotReady', 'db', 1, -9],
          reconcilingSince: -9,
          inventory: [],
        }),
      { status: 'Pending' },
    ],
    [
      'a stalled Kustomization',
      () => putKustomization({ ready: ['False', 'Invalid', 'bad path', 1, -9], spec: {} }),
      { status: 'Pending' },
    ],
    [
      'objects in another cluster are not looked for here',
      () => (putKustomization({ spec: { kubeConfig: {} } }), putDeployment('failed')),
      { status: 'Healthy' },
    ],
  ])('%s', async (name, arrange, expected) => {
    putDeployment('progressing');
    if (name.startsWith('K7')) cluster.delete('apps/v1', 'Deployment', { namespace: 'team', name: 'web' });
    if (/^(an id|objects)/.test(name)) putDeployment('available');
    putCheck({ class: 'kustomization', kustomization: 'app' });
    arrange();
    await look();
    const first = await status();
    expect(first).toMatchObject(expected);
    // I7: the same facts, no second write.
    await clock.advance(1000);
    await look();
    expect(await status()).toEqual(first);
    expect(cluster.writes.length).toBe(Object.keys(expected).length === 0 ? 0 : 1);
  });

  it('K8 follows a reference into another namespace', async () => {
    putCheck({ class: 'kustomization', kustomization: 'other/app' });
    putKustomization({ namespace: 'other', observed: -1, inventory: [] });
    expect((await judged()).message).toContain('Kustomization pending');
    expect(
      kustomizationOf({
        spec: {},
        metadata: { name: 'check', namespace: 'team', annotations: { 'healthcheck.kuberik.com/kustomization': 'app' } },
      }),
    ).toEqual({ namespace: 'team', name: 'app' });
  });

  it('A3 takes nothing that the API server did not answer for a failure', async () => {
    putCheck({
      class: 'kustomization',
      kustomization: 'app',
      status: { status: 'Healthy', message: 'x', lastChangeTime: at(-9) },
    });
    putKustomization();
    for (const request of ['get Kustomization team/app', 'get Deployment team/web']) {
      cluster.failures.set(request, 500);
      await expect(look()).rejects.toMatchObject({ status: 500 });
      cluster.failures.clear();
    }
    expect(await status()).toEqual({ status: 'Healthy', message: 'x', lastChangeTime: at(-9) });
  });

  it('A3 names a kind that it may not read', async () => {
    putCheck({ class: 'kustomization', kustomization: 'app' });
    putKustomization();
    cluster.failures.set('get Deployment team/web', 403);
    expect(await judged()).toMatchObject({
      status: 'Pending',
      message:
        'Pending resources: team/web (the controller may not read Deployment of apps/v1: give it list and watch, by a ' +
        'ClusterRole with the label rbac.kuberik.com/aggregate-to-inventory: "true")',
    });
  });

  it('never reads kinds that are always healthy', async () => {
    putCheck({ class: 'kustomization', kustomization: 'app' });
    putKustomization({
      inventory: ['team_a__ConfigMap', 'team_b_policy_PodDisruptionBudget', '_c_rbac.authorization.k8s.io_ClusterRole'],
    });
    expect((await judged()).status).toBe('Healthy');
    expect(cluster.requests.filter((request) => /ConfigMap|Pod|ClusterRole/.test(request))).toEqual([]);
  });

  it('looks again when a Pod counts as unschedulable', async () => {
    putCheck({ class: 'kustomization', kustomization: 'app' });
    putKustomization({ inventory: ['team_web__Pod'] });
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: at(0) }];
    cluster.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'team', name: 'web', creationTimestamp: at(0) },
      status: { phase: 'Pending', conditions },
    });
    expect((await look()).requeueAt?.toString()).toBe(at(0.25));
    await clock.advance(15_000);
    expect(await judged()).toMatchObject({
      status: 'Unhealthy',
      message: 'Unhealthy resources: team/web (Pod could not be scheduled)',
      lastErrorTime: at(0),
    });
  });

  it('K15 dates a failure when it happened, before the retry', async () => {
    putCheck({ class: 'kustomization', kustomization: 'app', status: { status: 'Pending', lastChangeTime: at(-5) } });
    putRollout({ at: -180, retry: -5 });
    putKustomization();
    putDeployment('failed', -20);
    expect(await judged()).toMatchObject({ status: 'Unhealthy', lastErrorTime: at(-20), lastChangeTime: at(0) });
  });

  it('B26 dates a failure without witness once', async () => {
    putCheck({ class: 'kustomization', kustomization: 'app' });
    expect((await judged()).lastErrorTime).toBe(at(0));
    await clock.advance(60_000);
    expect((await judged()).lastErrorTime).toBe(at(0));
    expect(cluster.writes).toHaveLength(1);
  });
});
