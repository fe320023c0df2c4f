import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const spec = {
  bakeTime: '5m',
  healthCheckSelector: { matchLabels: { app: 'test-app' } },
  retryPolicy: { limit: 2, interval: '30s' },
};
const RETRY = 'rollout.kuberik.com/retry';

function upgraded(extra: object = {}): Scenario {
  const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const }];
  const world = new Scenario({ spec: { ...spec, ...extra }, available: ['1.0.0'], history, policy: 'Rollback' });
  world
    .check('hc', { status: 'Healthy', lastChangeTime: at('-1h') })
    .latest('1.1.0')
    .look();
  return world;
}
function fail(world: Scenario): Scenario {
  const now = world.now.toString();
  world.check('hc', { status: 'Unhealthy', lastChangeTime: now, lastErrorTime: now, message: 'replicas: 0/3' }).look();
  return world;
}
const events = (world: Scenario) => world.plans.at(-1)?.events.map(({ reason, message }) => `${reason}: ${message}`);

describe('spec.retryPolicy', () => {
  it('starts a failed bake over, says so, and gives up after the last attempt', () => {
    const world = fail(upgraded().advance('+10s'));
    const failed = 'A HealthCheck reported an error after deployment.';
    const first = `${failed} Retry 1 of 2 begins at ${at('+40s')}.`;
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.newest).toMatchObject({
      bakeStatus: 'Deploying',
      bakeStatusMessage: first,
      retryAt: at('+40s'),
      failedHealthChecks: [{ name: 'hc', message: 'replicas: 0/3' }],
    });
    expect(world.newest).not.toHaveProperty('endedBy');
    expect(events(world)).toEqual([`BakeTimeFailed: ${first}`]);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'BakeTimeRetrying', message: first });
    expect(world.rollout.status?.rejectedReleases).toBeUndefined();
    const waiting = world.advance('+10s').look();
    expect(waiting.requeueAt?.toString()).toBe(at('+40s'));
    expect(waiting.reasons[0]).toMatchObject({
      code: 'Deploying',
      message: `1.1.0 failed its bake and is started over: ${first}`,
      details: ['HealthCheck apps/hc: replicas: 0/3'],
    });
    expect(waiting.events).toEqual([]);

    world.advance('+20s').look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Deploying', retries: 1, lastRetryTimestamp: at('+40s') });
    expect(world.newest).not.toHaveProperty('retryAt');
    expect(world.newest).not.toHaveProperty('failedHealthChecks');
    expect(events(world)).toEqual(['BakeTimeRetrying: Retry 1 of 2: the bake of 1.1.0 is started over']);

    fail(world.advance('+10s'));
    expect(world.newest.bakeStatusMessage).toContain('Retry 2 of 2');
    world.advance('+30s').look();
    fail(world.advance('+10s'));
    expect(world.tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(world.history[1]).toMatchObject({
      bakeStatus: 'Failed',
      bakeStatusMessage: `${failed} Retried 2 times.`,
      retries: 2,
      endedBy: { kind: 'HealthCheck', name: 'apps/hc' },
      rolledBackBy: 3,
    });
    expect(world.rollout.status?.rejectedReleases).toMatchObject([{ tag: '1.1.0' }]);
  });

  it('a retry that succeeds is a success, and nothing is rejected', () => {
    const world = fail(upgraded().advance('+10s'));
    world.advance('+30s').look();
    world.check('hc', { status: 'Healthy', lastChangeTime: world.now.toString() }).look();
    world.advance('+5m').look();
    expect(world.newest).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'Succeeded', retries: 1 });
    expect(world.rollout.status?.rejectedReleases).toBeUndefined();
  });

  it('a person may start it over at once, and attempts are counted anew', () => {
    const world = fail(upgraded().advance('+10s'));
    world.advance('+30s').look();
    fail(world.advance('+10s'));
    world
      .advance('+1s')
      .annotate({ [RETRY]: '' })
      .look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Deploying', lastRetryTimestamp: world.now.toString() });
    for (const field of ['retries', 'retryAt', 'failedHealthChecks', 'bakeStatusMessage']) {
      expect(world.newest).not.toHaveProperty(field);
    }
    fail(world.advance('+10s'));
    expect(world.newest.bakeStatusMessage).toContain('Retry 1 of 2');
  });

  it('a deployment by hand does not wait for it', () => {
    const world = fail(upgraded().advance('+10s'));
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.0.0', 'rollout.kuberik.com/deploy-user': 'alice' }).look();
    expect(world.newest).toMatchObject({ trigger: 'Manual', version: { tag: '1.0.0' } });
    expect(world.history[1]).toMatchObject({
      bakeStatus: 'Cancelled',
      endedBy: { kind: 'Deployment', name: 'alice', deployment: 3 },
    });
    expect(world.history[1]).not.toHaveProperty('retryAt');
  });

  it('is for automatic deployments: what a person deployed fails at once', () => {
    const world = upgraded();
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.0.0' }).look();
    fail(world.advance('+10s'));
    expect(world.newest).toMatchObject({ bakeStatus: 'Failed', trigger: 'Manual' });
    expect(world.newest).not.toHaveProperty('retries');
  });

  it('is off by default, and its interval is a minute', () => {
    expect(fail(upgraded({ retryPolicy: undefined }).advance('+10s')).tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(fail(upgraded({ retryPolicy: { limit: 1 } }).advance('+10s')).newest.retryAt).toBe(at('+70s'));
  });
});
