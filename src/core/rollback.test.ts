import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const spec = { bakeTime: '1m', healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } } };

/** 1.0.0 is good, 1.1.0 has just been deployed. */
function upgraded(extra: object = {}, policy: 'Rollback' | 'Halt' = 'Rollback'): Scenario {
  const history = [
    { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', bakeEndTime: at('-30m'), trigger: 'Automatic' as const },
  ];
  const world = new Scenario({ spec: { ...spec, ...extra }, available: ['1.0.0'], history, policy });
  world
    .check('hc', { status: 'Healthy', lastChangeTime: at('-1h') })
    .latest('1.1.0')
    .look();
  return world;
}
function fail(world: Scenario): Scenario {
  world
    .advance('+10s')
    .check('hc', { status: 'Unhealthy', lastChangeTime: world.now.toString(), lastErrorTime: world.now.toString() });
  world.look();
  return world;
}
function recover(world: Scenario): Scenario {
  world.advance('+10s').check('hc', { status: 'Healthy', lastChangeTime: world.now.toString() }).look();
  world.advance('+5m').look();
  return world;
}

describe('automatic rollback', () => {
  it('returns to the last good version in the same record that names the failure', () => {
    const world = fail(upgraded());
    expect(world.tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(world.newest).toMatchObject({ id: 3, trigger: 'Rollback', rollbackOf: 2, triggeredBy: { kind: 'System' } });
    expect(world.newest.message).toContain('rollback');
    expect(world.history[1]).toMatchObject({ bakeStatus: 'Failed' });
    expect(world.plans.at(-1)?.desired).toBe('1.0.0');
    expect(world.plans.at(-1)?.events.map(({ reason }) => reason)).toEqual(['BakeTimeFailed', 'RollbackStarted']);
    expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'True', reason: 'PreviousBakeFailed' });
  });

  it('A10 I6: the failed version is not selected again, the next one is', () => {
    const world = recover(fail(upgraded()));
    expect(world.newest).toMatchObject({ bakeStatus: 'Succeeded', version: { tag: '1.0.0' } });
    const plan = world.look();
    expect(world.tags[0]).toBe('1.0.0');
    expect(plan.reasons[0]?.message).toContain('1.1.0 failed here before');
    world.latest('1.2.0').look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('I6 A10: not even when its history entry is gone and a pin is removed', () => {
    const world = recover(fail(upgraded({ versionHistoryLimit: 1 })));
    world.spec({ wantedVersion: '1.0.0' }).look();
    world.spec({ wantedVersion: undefined }).look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.rollout.status?.rejectedReleases).toMatchObject([{ tag: '1.1.0', reason: 'BakeFailed' }]);
  });

  it('skipped releases between the two are not shipped after an incident', () => {
    const world = new Scenario({ spec, policy: 'Rollback' })
      .registry('1.0.0')
      .check('hc', { status: 'Healthy', lastChangeTime: at('+0s') });
    world.look();
    world.look();
    world.advance('+2m').look();
    world.registry('1.0.0', '1.1.0', '1.2.0').look();
    expect(world.tags[0]).toBe('1.2.0');
    recover(fail(world));
    world.look();
    expect(world.tags[0]).toBe('1.0.0');
  });

  it('is not failed by the incident it cures, and happens once per failed version (I5)', () => {
    const world = fail(upgraded());
    fail(world);
    expect(world.tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(world.newest.bakeStatus).toBe('Deploying');
  });

  it.each([
    { name: 'policy Halt', build: () => upgraded({ failurePolicy: 'Halt' }) },
    { name: "the controller's default Halt", build: () => upgraded({}, 'Halt') },
  ])('$name: the failed version stays and blocks', ({ build }) => {
    const world = fail(build());
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.condition('Progressing')).toMatchObject({ reason: 'Halted' });
  });

  it('I4: what a person deployed is never rolled back', () => {
    const world = upgraded();
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.0.0' }).look();
    fail(world);
    expect(world.newest).toMatchObject({ bakeStatus: 'Failed', trigger: 'Manual' });
  });

  it('I5: without a version that finished its bake here it stays, and says so', () => {
    const world = new Scenario({ spec, policy: 'Rollback' }).latest('1.0.0').check('hc', {});
    world.look();
    fail(world);
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('Progressing')?.message).toContain('1.0.0 failed its bake');
  });

  it('I5: a version without a verdict, or whose bake was cut short, is nothing to return to', () => {
    const history = [
      { tag: '1.0.3', id: 4, bakeStatus: 'Cancelled' },
      { tag: '1.0.2', id: 3 },
      { tag: '1.0.1', id: 2, bakeStatus: 'Pending' },
      { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded' },
    ];
    const available = history.map(({ tag }) => tag).toReversed();
    const world = new Scenario({ spec, available, history, policy: 'Rollback' });
    world
      .check('hc', { status: 'Healthy', lastChangeTime: at('-1h') })
      .latest('1.1.0')
      .look();
    fail(world);
    expect(world.newest).toMatchObject({ trigger: 'Rollback', version: { tag: '1.0.0' } });
  });

  it('a row of failures does not push the version to return to out of a short history', () => {
    const world = upgraded({ versionHistoryLimit: 2 });
    for (const tag of ['1.2.0', '1.3.0', '1.4.0']) {
      fail(world);
      expect(world.newest).toMatchObject({ trigger: 'Rollback', version: { tag: '1.0.0' } });
      expect(world.history).toHaveLength(2);
      recover(world);
      world.latest(tag).look();
    }
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.3.0' }).look();
    fail(world);
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.2.0' }).look();
    expect(world.tags).toEqual(['1.2.0', '1.0.0']);
  });

  it('the version to return to may be older than every release that is kept', () => {
    const world = upgraded();
    world.rollout = {
      ...world.rollout,
      status: { ...world.rollout.status, availableReleases: [{ tag: world.newest.version.tag }] },
    };
    fail(world);
    expect(world.newest).toMatchObject({ trigger: 'Rollback', version: { tag: '1.0.0' } });
  });

  it('says which check failed, and with what', () => {
    const world = upgraded().advance('+10s');
    const now = world.now.toString();
    world.check('hc', { status: 'Unhealthy', lastChangeTime: now, lastErrorTime: now, message: '2 alerts fire' });
    world.check('hc2', { status: 'Unhealthy', lastChangeTime: now, lastErrorTime: now }).look();
    expect(world.newest.message).toBe(
      'Automatic rollback from 1.1.0, whose bake failed: HealthCheck apps/hc: 2 alerts fire (and 1 more)',
    );
    expect(world.history[1]).toMatchObject({ endedBy: { kind: 'HealthCheck', name: 'apps/hc' }, rolledBackBy: 3 });
  });

  it('a check without data neither passes nor fails it', () => {
    const world = upgraded().advance('+10s');
    const lastSample = { time: world.now.toString(), result: 'NoData' } as const;
    world.check('hc', { status: 'Pending', lastChangeTime: world.now.toString(), lastSample }).look();
    const plan = world.advance('+1h').look();
    expect(world.newest).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'Deploying' });
    expect(plan.reasons[0]?.message).toBe('Deploying 1.1.0: waiting for HealthCheck apps/hc (no data)');
    world.spec({ deployTimeout: '30m' }).look();
    expect(world.history[1]).toMatchObject({ bakeStatus: 'Failed', endedBy: { kind: 'DeployTimeout' } });
  });

  it('a failure that was recorded before this controller came is left to people', () => {
    const history = [
      {
        tag: '1.1.0',
        id: 2,
        bakeStatus: 'Failed',
        message: 'Automatic deployment',
        triggeredBy: { kind: 'System' as const, name: 'rollout-controller' },
      },
      { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded' },
    ];
    const world = new Scenario({ spec, available: ['1.0.0', '1.1.0'], history, policy: 'Rollback' }).check('hc', {});
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
  });
});
