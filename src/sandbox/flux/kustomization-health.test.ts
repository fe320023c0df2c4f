import { describe, expect, test } from 'vitest';
import { config, createFluxWorld, deployment, statusIn } from '../testing/flux-world.ts';

describe('health', () => {
  const started = async (options: Parameters<typeof createFluxWorld>[0] = {}) => {
    const world = createFluxWorld(options);
    world.artifact({ 'app.yaml': deployment });
    world.source();
    world.kustomization({ wait: true });
    await world.driver.settle();
    return world;
  };
  const deploy = (world: ReturnType<typeof createFluxWorld>, VERSION: string) => {
    world.kustomization({ wait: true, postBuild: { substitute: { VERSION } } });
  };

  test('with wait it is ready at the first poll after the Deployment is', async () => {
    const world = await started();
    expect(world.condition('Healthy')).toMatchObject({ status: 'Unknown', reason: 'Progressing' });
    expect(world.condition('Reconciling').message).toMatch(
      /^Running health checks for revision 1@.* with a timeout of 1m0s$/,
    );
    await world.driver.advance(4_999);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown' });
    await world.driver.advance(1);
    expect(world.condition('Ready')).toMatchObject({ status: 'True' });
    expect(world.condition('Healthy')).toMatchObject({ status: 'True', message: 'Health check passed in 5s' });
  });

  test('healthChecks look only at what they name', async () => {
    const world = createFluxWorld();
    world.artifact({ 'app.yaml': deployment, 'a.yaml': config('a') });
    world.source();
    world.kustomization({ healthChecks: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a' }] });
    await world.driver.settle();
    expect(world.condition('Ready')).toMatchObject({ status: 'True' });
    world.kustomization({
      healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone', namespace: 'default' }],
    });
    await world.driver.advance(60_000);
    expect(world.condition('Ready').message).toContain("[Deployment/default/gone status: 'NotFound']");
  });

  test('a crashing version fails when the timeout is over, then alternates with retries', async () => {
    const world = await started();
    await world.driver.advance(5_000);
    deploy(world, '1.2.0-bad');
    await world.driver.advance(59_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Progressing', observedGeneration: 2 });
    await world.driver.advance(1_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason: 'HealthCheckFailed' });
    expect(world.condition('Ready').message).toBe(
      "health check failed after 1m0s: timeout waiting for: [Deployment/default/app status: 'InProgress']",
    );
    expect(world.condition('Healthy')).toMatchObject({ status: 'False', reason: 'HealthCheckFailed' });
    expect(world.status()).toMatchObject({ observedGeneration: 1 });
    await world.driver.advance(30_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown' });
  });

  test('a running health check holds the rollback up until its timeout', async () => {
    const world = await started();
    await world.driver.advance(5_000);
    deploy(world, '1.2.0-bad');
    await world.driver.advance(12_000);
    deploy(world, '1.0.0');
    await world.driver.advance(47_000);
    expect(world.image()).toContain('1.2.0-bad');
    await world.driver.advance(1_000);
    expect(world.image()).toContain('1.0.0');
    await world.driver.advance(5_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 3 });
    expect(world.status().observedGeneration).toBe(3);
  });

  test('unless it is cancelled by the change, of the spec or of the source', async () => {
    const world = await started({ cancelHealthCheckOnNewRevision: true });
    await world.driver.advance(5_000);
    deploy(world, '1.2.0-bad');
    await world.driver.advance(12_000);
    deploy(world, '1.0.0');
    await world.driver.settle();
    expect(world.image()).toContain('1.0.0');
    const versions = world.cluster.history.filter(({ kind }) => kind === 'Kustomization').map(statusIn);
    const reasons = versions.flatMap(({ conditions }) => conditions.map((c) => c.reason));
    expect(reasons).toContain('HealthCheckCanceled');
    await world.driver.advance(5_000);
    deploy(world, '1.2.0-bad');
    await world.driver.advance(5_000);
    const fixed = deployment.replace('${VERSION}', '1.0.0');
    world.artifact({ 'app.yaml': fixed }, '2');
    world.source('2');
    await world.driver.settle();
    expect(world.image()).toContain('1.0.0');
  });

  test('a rollout past its own deadline fails the check early', async () => {
    const world = createFluxWorld();
    world.artifact({ 'app.yaml': deployment.replace('600', '12') });
    world.source();
    world.kustomization({ wait: true, postBuild: { substitute: { VERSION: '1.2.0-bad' } } });
    await world.driver.advance(15_000);
    expect(world.condition('Ready').message).toBe(
      "health check failed after 15s: failed early due to stalled resources: [Deployment/default/app status: 'Failed']",
    );
  });

  test('timeout: below 30 s counts as 30 s, unset is the interval less 30 s', async () => {
    for (const [spec, seconds] of [
      [{ timeout: '5s' }, 30],
      [{ timeout: undefined, interval: '2m' }, 90],
    ] as const) {
      const world = createFluxWorld();
      world.artifact({ 'app.yaml': deployment });
      world.source();
      world.kustomization({ wait: true, postBuild: { substitute: { VERSION: '1.2.0-bad' } }, ...spec });
      await world.driver.advance(seconds * 1_000 - 1);
      expect(world.condition('Ready')).toMatchObject({ status: 'Unknown' });
      await world.driver.advance(1);
      expect(world.condition('Ready')).toMatchObject({ status: 'False' });
    }
  });

  test('a Job must complete, not only run', async () => {
    const world = createFluxWorld();
    world.artifact({
      'job.yaml': `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    metadata: {annotations: {sandbox.kuberik.com/after: 12s}}
    spec: {restartPolicy: Never, containers: [{name: c, image: example/c}]}
`,
    });
    world.source();
    world.kustomization({ wait: true });
    await world.driver.advance(14_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown' });
    await world.driver.advance(1_000);
    expect(world.condition('Ready')).toMatchObject({ status: 'True' });
  });
});
