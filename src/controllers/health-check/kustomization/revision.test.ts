import { describe, expect, it, test } from 'vitest';
import type { HealthCheckStatus } from '../../../api/health-check.ts';
import {
  at,
  type Check,
  clock,
  cluster,
  type Flux,
  judged,
  look,
  putCheck,
  putDeployment,
  putKustomization,
  putRollout,
  putSource,
  status,
} from '../testing/fixture.ts';

describe('A1 a verdict is about the deployed version', () => {
  const pendingSince = (minutes: number): Check => ({
    class: 'kustomization',
    kustomization: 'app',
    status: { status: 'Pending', lastChangeTime: at(minutes) },
  });

  it('resets and says what it waits for with one write', async () => {
    putCheck({ ...pendingSince(-90), status: { status: 'Healthy', lastChangeTime: at(-90), lastErrorTime: at(-95) } });
    putRollout({ at: 0 });
    putKustomization({ substitute: '1.0.0' });
    putDeployment('available');
    expect(await judged()).toEqual({
      status: 'Pending',
      message: 'Waiting for Flux to apply 2.0.0',
      lastChangeTime: at(0),
      observedRevision: '2.0.0',
    });
    await look();
    expect(cluster.writes).toHaveLength(1);
  });

  test.each<[string, Flux, HealthCheckStatus['status'], string]>([
    ['the old version, and Ready', { substitute: '1.0.0' }, 'Pending', 'Waiting for Flux to apply 2.0.0'],
    [
      'written, not seen by Flux',
      { substitute: '2.0.0', generation: 2, observed: 1, ready: ['True', 'X', '', 1, -60] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'Ready for it beside the old observedGeneration',
      { substitute: '2.0.0', generation: 2, observed: 1, ready: ['True', 'X', '', 2, -60] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'observed beside the old Ready',
      { substitute: '2.0.0', generation: 2, observed: 2, ready: ['True', 'X', '', 1, -60] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'suspended',
      { substitute: '1.0.0', spec: { suspend: true, postBuild: { substitute: { VERSION: '1.0.0' } } } },
      'Pending',
      'Waiting for Flux to apply 2.0.0: the Kustomization is suspended',
    ],
    [
      'applied',
      { substitute: '2.0.0', generation: 2 },
      'Healthy',
      'Kustomization and all managed resources are healthy',
    ],
    [
      'failed with it',
      { substitute: '2.0.0', generation: 2, observed: 1, ready: ['False', 'HealthCheckFailed', 'x', 2, 0] },
      'Unhealthy',
      'Kustomization unhealthy: HealthCheckFailed: x',
    ],
    [
      'failed before it',
      { substitute: '2.0.0', generation: 2, observed: 1, ready: ['False', 'HealthCheckFailed', 'x', 1, -9] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'failed with what was there before, which Flux says of the new generation',
      {
        substitute: '2.0.0',
        generation: 2,
        observed: 1,
        ready: ['False', 'HealthCheckFailed', 'health check failed after 1m0.02s: timeout', 2, -0.5],
      },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'failed with it, as the length of the check tells',
      {
        substitute: '2.0.0',
        generation: 2,
        observed: 1,
        ready: ['False', 'HealthCheckFailed', 'health check failed after 30.02s: timeout', 2, -0.25],
      },
      'Unhealthy',
      'Kustomization unhealthy: HealthCheckFailed: health check failed after 30.02s: timeout',
    ],
  ])('in a variable: %s', async (_name, flux, expected, message) => {
    putCheck(pendingSince(-1));
    putRollout({ at: -1 });
    putKustomization(flux);
    putDeployment('available');
    expect(await judged()).toMatchObject({ status: expected, message });
    if (expected === 'Healthy')
      expect(await status()).toMatchObject({ observedRevision: '2.0.0', lastChangeTime: at(0) });
  });

  const v1 = '1.0.0@sha256:1';
  const v2 = '2.0.0@sha256:2';
  test.each<[string, [tag: string, revision: string], Flux, HealthCheckStatus['status'], string]>([
    ['not fetched', ['2.0.0', v1], { applied: v1 }, 'Pending', 'Waiting for Flux to apply 2.0.0'],
    ['not written', ['1.0.0', v1], { applied: v1 }, 'Pending', 'Waiting for Flux to apply 2.0.0'],
    [
      'fetched, not applied, and still Ready',
      ['2.0.0', v2],
      { applied: v1 },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    ['applied', ['2.0.0', v2], { applied: v2 }, 'Healthy', 'Kustomization and all managed resources are healthy'],
    [
      'failed with it',
      ['2.0.0', v2],
      { applied: v1, attempted: v2, ready: ['False', 'BuildFailed', 'x', 1, -0.5] },
      'Unhealthy',
      'Kustomization unhealthy: BuildFailed: x',
    ],
    [
      'back to what was applied before, while Flux fails with what came between',
      ['2.0.0', v2],
      { applied: v2, attempted: v1, ready: ['False', 'HealthCheckFailed', 'x', 1, -0.5] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
    [
      'failed before it',
      ['2.0.0', v2],
      { applied: v1, ready: ['False', 'BuildFailed', 'x', 1, -9] },
      'Pending',
      'Waiting for Flux to apply 2.0.0',
    ],
  ])('in the tag of the source: %s', async (_name, [tag, revision], flux, expected, message) => {
    putCheck(pendingSince(-1));
    putRollout({ at: -1 });
    putSource(tag, revision);
    putKustomization(flux);
    putDeployment('available');
    expect(await judged()).toMatchObject({ status: expected, message });
  });

  it('sees a workload fail while Flux still waits for it, but not the failure of the version before', async () => {
    putCheck(pendingSince(-5));
    putRollout({ at: -5 });
    putKustomization({
      substitute: '2.0.0',
      generation: 2,
      observed: 1,
      ready: ['Unknown', 'Progressing', 'checking', 2, -4],
      reconcilingSince: -4,
    });
    putDeployment('failed', -6);
    expect(await judged()).toMatchObject({ status: 'Pending' });
    putDeployment('failed', -1);
    expect(await judged()).toMatchObject({ status: 'Unhealthy', lastErrorTime: at(-1) });
  });

  it('A9 sees that the source has no such tag, once that lasts', async () => {
    putCheck(pendingSince(-1));
    putRollout({ at: -1 });
    putSource('2.0.0', v1, 'False', -1);
    putKustomization({ applied: v1 });
    const { requeueAt } = await look();
    expect(requeueAt?.toString()).toBe(at(1));
    expect(await status()).toMatchObject({
      status: 'Pending',
      message: 'Waiting for Flux to apply 2.0.0: OCIRepository team/source: tag not found',
    });
    await clock.advance(60_000);
    expect(await judged()).toMatchObject({
      status: 'Unhealthy',
      message: 'OCIRepository team/source: tag not found',
      lastErrorTime: at(-1),
    });
  });

  it('dates a failure that went on from the version before to the deployment', async () => {
    putCheck(pendingSince(-1));
    putRollout({ at: -1 });
    putKustomization({ substitute: '2.0.0', generation: 2, observed: 1, ready: ['False', 'BuildFailed', 'x', 2, -30] });
    expect(await judged()).toMatchObject({ status: 'Unhealthy', lastErrorTime: at(-1) });
  });

  it('does not fail a retry with the failure that it was asked for', async () => {
    putCheck(pendingSince(0));
    putRollout({ at: -30, retry: 0 });
    putKustomization({ substitute: '2.0.0', generation: 2, observed: 1, ready: ['False', 'BuildFailed', 'x', 2, -20] });
    expect(await judged()).toMatchObject({ status: 'Unhealthy', lastErrorTime: at(-20) });
  });
});
