/** What people change while a deployment is under way, and clocks that do not only go forward. */
import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const selector = { healthCheckSelector: { matchLabels: { app: 'test-app' } } };
const RETRY = 'rollout.kuberik.com/retry';
const FORCE = 'rollout.kuberik.com/force-deploy';

function baking(extra: object = {}): Scenario {
  const world = new Scenario({ spec: { bakeTime: '5m', ...selector, ...extra } }).latest('1.0.0');
  world.check('hc', {}).look();
  world
    .advance('+1s')
    .check('hc', { status: 'Healthy', lastChangeTime: at('+1s') })
    .look();
  expect(world.newest.bakeStatus).toBe('InProgress');
  return world;
}

describe('a spec that is edited during a bake', () => {
  it.each([
    { name: 'longer', bakeTime: '10m', end: at('+601s') },
    { name: 'shorter', bakeTime: '2m', end: at('+121s') },
  ])('bakeTime $name: counted from the start', ({ bakeTime, end }) => {
    const world = baking().advance('+1m');
    expect(world.spec({ bakeTime }).look().requeueAt?.toString()).toBe(end);
  });

  it('bakeTime shortened to what has passed, or removed: it ends now', () => {
    for (const bakeTime of ['30s', undefined]) {
      const world = baking().advance('+1m').spec({ bakeTime });
      world.look();
      expect(world.newest.bakeStatus).toBe('Succeeded');
    }
  });

  it('healthCheckSelector removed: the time alone counts', () => {
    const world = baking().advance('+1m').spec({ healthCheckSelector: undefined });
    world.checks = [];
    expect(world.look().requeueAt?.toString()).toBe(at('+301s'));
    world.advance('+10m').look();
    expect(world.newest.bakeStatus).toBe('Succeeded');
  });

  it('broken: what runs is kept, nothing is judged, and the bake goes on when it is mended', () => {
    const world = baking().advance('+1m').spec({ bakeTime: 'soon' });
    const plan = world.latest('2.0.0').look();
    expect(plan.desired).toBe('1.0.0');
    expect(plan.requeueAt).toBeUndefined();
    expect(world.newest.bakeStatus).toBe('InProgress');
    world.spec({ bakeTime: '5m' }).look();
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Baking' });
  });
});

describe('people at work during a bake', () => {
  it.each([
    { name: 'R35 R53', health: 'Deploying' },
    { name: 'R54', health: 'InProgress' },
  ])('$name a pin supersedes it, and bakes itself', ({ health }) => {
    const world = health === 'InProgress' ? baking() : new Scenario({ spec: { bakeTime: '5m', ...selector } });
    if (health === 'Deploying') world.check('hc', {}).latest('1.0.0').look();
    world.advance('+1m').latest('2.0.0').spec({ wantedVersion: '2.0.0' }).look();
    expect(world.tags).toEqual(['2.0.0', '1.0.0']);
    expect(world.history[1]).toMatchObject({
      bakeStatus: 'Cancelled',
      bakeStatusMessage: 'Bake cancelled due to new deployment.',
      bakeEndTime: world.now.toString(),
    });
    world.advance('+1s').check('hc', { status: 'Healthy', lastChangeTime: world.now.add({ seconds: 1 }).toString() });
    world.look();
    expect(world.newest.bakeStartTime).toBeDefined();
    expect(world.newest.bakeEndTime).toBeUndefined();
  });

  it('R37 the release after a bake waits for a verdict of its own', () => {
    const world = baking().latest('2.0.0').advance('+10m');
    world.look();
    expect(world.tags).toEqual(['2.0.0', '1.0.0']);
    world.advance('+1s').look();
    expect(world.newest.bakeStartTime).toBeUndefined();
    world.check('hc', { status: 'Healthy', lastChangeTime: world.now.toString() }).look();
    expect(world.newest).toMatchObject({ bakeStatus: 'InProgress', version: { tag: '2.0.0' } });
  });

  it('a pin removed from an unfinished deployment does not let the next one past it', () => {
    const world = new Scenario({ spec: { bakeTime: '5m', ...selector, wantedVersion: '1.0.0' } });
    world.check('hc', {}).registry('1.0.0', '1.1.0').look();
    const plan = world.spec({ wantedVersion: undefined }).look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons.map(({ code }) => code)).toEqual(['Deploying', 'WaitingForRelease']);
  });

  it('a pin on the version that failed keeps it failed, and its removal does not let automation go on', () => {
    const world = baking({ failurePolicy: 'Halt' }).advance('+1m');
    world.check('hc', { status: 'Unhealthy', lastErrorTime: world.now.toString() }).look();
    world.check('hc', { status: 'Healthy', lastChangeTime: world.now.toString() });
    world.latest('1.1.0').spec({ wantedVersion: '1.0.0' }).look();
    world.spec({ wantedVersion: undefined }).look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('Progressing')?.reason).toBe('Halted');
  });

  it('R92-R95 (helper never called upstream) Y7: retry works again after a second failure', () => {
    const world = baking({ failurePolicy: 'Halt' });
    const retries = [1, 2].map(() => {
      world.advance('+1m').check('hc', { status: 'Unhealthy', lastErrorTime: world.now.toString() }).look();
      expect(world.newest.bakeStatus).toBe('Failed');
      world
        .advance('+1m')
        .annotate({ [RETRY]: '' })
        .look();
      expect(world.newest).not.toHaveProperty('failedHealthChecks');
      return world.newest.lastRetryTimestamp;
    });
    expect(retries).toEqual([at('+121s'), at('+241s')]);
  });

  it('Y6: the check that a retry waits for is reset by its own controller; the old error does not count here', () => {
    const world = baking({ failurePolicy: 'Halt' }).advance('+1m');
    world.check('hc', { status: 'Unhealthy', lastErrorTime: at('+61s'), lastChangeTime: at('+61s') }).look();
    world
      .advance('+5m')
      .annotate({ [RETRY]: '' })
      .look();
    expect(world.newest.bakeStatus).toBe('Deploying');
  });

  it('retry during a rollback does nothing to it, and force replaces it', () => {
    const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const }];
    const world = new Scenario({
      spec: { bakeTime: '1m', ...selector },
      available: ['1.0.0'],
      history,
      policy: 'Rollback',
    });
    world.check('hc', {}).latest('1.1.0').look();
    world
      .advance('+5s')
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+5s') })
      .look();
    expect(world.newest.trigger).toBe('Rollback');
    world.annotate({ [RETRY]: '' }).look();
    expect(world.newest).not.toHaveProperty('lastRetryTimestamp');
    world.annotate({ [FORCE]: '1.1.0' }).look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0', '1.1.0', '1.0.0']);
    expect(world.condition('BakeFailureDisabled')?.status).toBe('True');
    world
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+1m') })
      .advance('+1m')
      .look();
    expect(world.tags).toHaveLength(4);
  });

  it('Y11 an error fails a bake that was never retried', () => {
    const history = [{ tag: '1.0.0', id: 1, timestamp: at('-10m'), bakeStatus: 'Deploying' }];
    const world = new Scenario({ spec: selector, available: ['1.0.0'], history });
    world.check('hc', { status: 'Unhealthy', lastErrorTime: at('-8m') }).look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });
});

describe('time', () => {
  it('B25: health that returned in the second of the deployment, but before it, is not about it', () => {
    const world = new Scenario({
      spec: selector,
      available: ['1.0.0'],
      history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }],
    });
    world.now = Temporal.Instant.from('2026-01-05T12:00:00.700Z');
    world.check('hc', { status: 'Healthy', lastChangeTime: at('+0s'), lastErrorTime: at('+0s') });
    world.latest('1.1.0').look();
    expect(world.tags[0]).toBe('1.1.0');
    world.look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    world.now = Temporal.Instant.from('2026-01-05T12:00:01.200Z');
    world.check('hc', { status: 'Healthy', lastChangeTime: at('+1s') }).look();
    expect(world.newest.bakeStatus).toBe('Succeeded');
  });

  it('B25: nor is a failure of that second that a retry came after', () => {
    const history = [{ tag: '1.0.0', id: 1, timestamp: at('-1h'), bakeStatus: 'Failed' }];
    const world = new Scenario({ spec: selector, available: ['1.0.0'], history, annotations: { [RETRY]: '' } });
    world.now = Temporal.Instant.from('2026-01-05T12:00:00.300Z');
    world.check('hc', { status: 'Unhealthy', lastErrorTime: at('+0s'), lastChangeTime: at('+0s') }).look();
    expect(world.newest.bakeStatus).toBe('Deploying');
  });

  it('a clock that goes back prolongs a bake, and neither fails nor repeats it', () => {
    const world = baking();
    world.now = world.now.subtract({ minutes: 30 });
    const plan = world.look();
    expect(plan.requeueAt?.toString()).toBe(at('+301s'));
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(plan.events).toEqual([]);
  });

  it('A9: what never becomes healthy ends at deployTimeout, and without one says what it waits for', () => {
    const world = new Scenario({ spec: selector }).latest('1.0.0');
    world.check('hc', { status: 'Pending', message: 'Ready False: apply failed' }).look();
    const plan = world.advance('+24h').look();
    expect(plan.reasons[0]?.message).toContain('HealthCheck apps/hc');
    expect(plan.reasons[0]?.details?.[0]).toBe('HealthCheck apps/hc is Pending: Ready False: apply failed');
    expect(plan.requeueAt).toBeUndefined();
    world.spec({ deployTimeout: '1h' }).look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });
});
