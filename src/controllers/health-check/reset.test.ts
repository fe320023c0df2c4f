import { describe, expect, it, test } from 'vitest';
import type { HealthCheckStatus } from '../../api/health-check.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import { at, clock, cluster, type Deployed, judged, look, putCheck, putRollout, status } from './testing/fixture.ts';

describe('reset by a deployment', () => {
  const healthy = (lastChange?: number, lastError?: number): HealthCheckStatus => ({
    status: 'Healthy',
    ...(lastChange !== undefined && { lastChangeTime: at(lastChange) }),
    ...(lastError !== undefined && { lastErrorTime: at(lastError) }),
  });
  const unhealthy = (lastChange?: number, lastError?: number) => ({
    ...healthy(lastChange, lastError),
    status: 'Unhealthy',
  });

  test.each<[string, Deployed | undefined, HealthCheckStatus | undefined, string]>([
    ['H1 no Rollout', undefined, undefined, 'unchanged'],
    ['H4 no history', {}, healthy(), 'unchanged'],
    ['H5 judged before the deployment', { at: -60 }, healthy(-120), 'reset'],
    ['H6 failed before the deployment', { at: -60 }, unhealthy(undefined, -120), 'reset'],
    ['H7 judged since, failed before', { at: -60 }, healthy(-30, -180), 'unchanged'],
    ['H8 judged since', { at: -120 }, healthy(-30), 'unchanged'],
    ['H9 no time', { at: -60 }, healthy(), 'reset'],
    ['H11 the error is forgotten', { at: -60 }, healthy(-70, 0), 'reset'],
    ['H14 retried since', { at: -180, retry: -30 }, unhealthy(-60, -60), 'reset'],
    ['H15 retried, failed again since', { at: -180, retry: -30 }, unhealthy(-5, -5), 'unchanged'],
    ['H16 retried since', { at: -300, retry: -10 }, unhealthy(-120, -120), 'reset'],
    ['judged in the second of the deployment', { at: -60 }, healthy(-60), 'unchanged'],
    ['B8 a Rollout without selector', { at: -60, selector: null }, healthy(-120), 'unchanged'],
    ['B8 a Rollout with an empty selector', { at: -60, selector: {} }, healthy(-120), 'unchanged'],
    [
      'H12 a Rollout of other checks',
      { at: -60, selector: { matchLabels: { app: 'web' } } },
      healthy(-120),
      'unchanged',
    ],
    ['H10 a Rollout of another namespace', { at: -60, namespace: 'other' }, healthy(-120), 'unchanged'],
    [
      'A2 a Rollout that selects across namespaces',
      { at: -60, namespace: 'other', selector: { selector: {}, namespaceSelector: { matchLabels: { env: 'test' } } } },
      healthy(-120),
      'reset',
    ],
    [
      'H13 a namespace that is not selected',
      { at: -60, selector: { selector: {}, namespaceSelector: { matchLabels: { env: 'prod' } } } },
      healthy(-120),
      'unchanged',
    ],
  ])('%s', async (_name, rollout, before, expected) => {
    cluster.put({ apiVersion: 'v1', kind: Namespace.kind, metadata: { name: 'team', labels: { env: 'test' } } });
    putCheck({ class: 'anything', ...(before && { status: before }) });
    if (rollout !== undefined) putRollout(rollout);
    expect(await look()).toEqual({});
    if (expected === 'unchanged') {
      expect(await status()).toEqual(before ?? {});
      expect(cluster.writes).toEqual([]);
      return;
    }
    expect(await status()).toEqual({
      status: 'Pending',
      message: 'Health check reset due to new deployment',
      lastChangeTime: at(0),
    });
    await look();
    expect(cluster.writes).toHaveLength(1);
  });

  it('waits for the second of the deployment where somebody else judges, who would look before it', async () => {
    putCheck({ class: 'anything', status: healthy(-1) });
    putRollout({ at: 1 / 60 });
    expect(await look()).toEqual({ requeueAt: Temporal.Instant.from(at(1 / 60)) });
    expect(cluster.writes).toEqual([]);
    await clock.advance(1_000);
    expect((await judged()).lastChangeTime).toBe(at(1 / 60));
  });

  it('does not loop when the deployment is ahead of our clock', async () => {
    putCheck({ class: 'anything', status: healthy(-1) });
    putRollout({ at: 1 });
    expect((await judged()).lastChangeTime).toBe(at(1));
    await look();
    expect(cluster.writes).toHaveLength(1);
  });

  it('Y6 comes before any verdict, also for class kustomization', async () => {
    putCheck({ class: 'kustomization', status: unhealthy(-5, -5) });
    putRollout({ at: -10, retry: 0 });
    expect(await judged()).toEqual({
      status: 'Pending',
      message: 'Health check reset due to new deployment',
      lastChangeTime: at(0),
    });
  });
});
