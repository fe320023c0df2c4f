import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const spec = { bakeTime: '5m', healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } } };
const RETRY = 'rollout.kuberik.com/retry';

function incident(extra: object = {}): Scenario {
  const world = new Scenario({ spec: { ...spec, wantedVersion: '1.0.0', ...extra } }).latest('1.0.0');
  world.check('rec-hc', { status: 'Unhealthy' }).look();
  return world;
}

describe('recovery mode', () => {
  it('V5 V7 a deployment into health is judged as usual', () => {
    for (const wantedVersion of [undefined, '1.0.0']) {
      const world = new Scenario({ spec: { ...spec, wantedVersion } })
        .latest('1.0.0')
        .check('hc', { status: 'Healthy' });
      world.look();
      expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'False', reason: 'Normal' });
    }
  });

  it('V6 a manual deployment into an incident is not failed by it', () => {
    const world = incident();
    expect(world.condition('BakeFailureDisabled')).toMatchObject({
      status: 'True',
      reason: 'DeployedWithUnhealthyHealthChecks',
    });
    expect(world.condition('DeploymentBlocked')).toMatchObject({ status: 'False', reason: 'ManualDeployment' });
  });

  it('V8 B11 not by the timeout, and without a loop', () => {
    const world = incident({ deployTimeout: '30s' }).advance('+2m');
    const plan = world.look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    expect(plan.requeueAt?.toString()).toBe(at('+1h'));
  });

  it('V9 V11 not by errors', () => {
    const world = incident();
    const before = world.condition('BakeFailureDisabled');
    for (let look = 0; look < 3; look++) {
      world.advance('+10s').check('rec-hc', { status: 'Unhealthy', lastErrorTime: world.now.toString() }).look();
    }
    expect(world.newest.bakeStatus).toBe('Deploying');
    expect(world.condition('BakeFailureDisabled')).toEqual(before);
  });

  it('V10 an error in a deployment that began in health fails it', () => {
    const world = new Scenario({ spec: { ...spec, wantedVersion: '1.0.0' } })
      .latest('1.0.0')
      .check('hc', { status: 'Healthy' });
    world.look();
    world
      .advance('+10s')
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+10s') })
      .look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it('V12 goes on when a recovery is itself superseded', () => {
    const world = incident().latest('2.0.0').check('rec-hc', { status: 'Healthy' });
    world.spec({ wantedVersion: '2.0.0' }).look();
    expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'True', reason: 'PreviousBakeFailed' });
  });

  it('A7: superseding a healthy bake is no reason to look away', () => {
    const world = new Scenario({ spec }).latest('1.0.0').check('hc', { status: 'Healthy' });
    world.look();
    world.latest('2.0.0').spec({ wantedVersion: '2.0.0' }).look();
    expect(world.history[1]?.bakeStatus).toBe('Cancelled');
    expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'False', reason: 'Normal' });
  });
});

describe('the end of recovery mode', () => {
  const recovering = (world: Scenario): string | undefined => world.condition('BakeFailureDisabled')?.status;
  const judge = (world: Scenario, status: 'Healthy' | 'Unhealthy' | 'Pending', more: object = {}): Scenario => {
    const lastChangeTime = world.now.toString();
    return world.check('rec-hc', { status, lastChangeTime, ...more });
  };
  const failing = (world: Scenario): Scenario => judge(world, 'Unhealthy', { lastErrorTime: world.now.toString() });

  it('its message says when it ends at the latest', () => {
    expect(incident().condition('BakeFailureDisabled')?.message).toBe(
      'Deployed during an active incident. Health check failures will not fail this deployment until every check is ' +
        'healthy, at the latest until 2026-01-05T13:00:00Z.',
    );
    const patient = incident({ deployTimeout: '90m' });
    expect(patient.condition('BakeFailureDisabled')?.message).toContain('at the latest until 2026-01-05T13:30:00Z');
  });

  it('as soon as every check is healthy for it; what failed before is forgiven, what fails then is not', () => {
    const world = incident().advance('+10s');
    failing(world).look();
    expect(recovering(world)).toBe('True');
    world.advance('+1m').check('rec-hc', { status: 'Healthy', lastChangeTime: at('+70s'), lastErrorTime: at('+10s') });
    world.look();
    expect(recovering(world)).toBe('False');
    expect(world.newest.bakeStatus).toBe('InProgress');
    world.advance('+1m').look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    failing(world.advance('+1m')).look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Failed', endedBy: { kind: 'HealthCheck', name: 'apps/rec-hc' } });
  });

  it('by the clock of a check that is ahead as well: what failed before it was healthy stays forgiven', () => {
    const world = incident().advance('+10s');
    world.check('rec-hc', { status: 'Healthy', lastChangeTime: at('+70s'), lastErrorTime: at('+50s') }).look();
    expect(recovering(world)).toBe('False');
    expect(world.condition('BakeFailureDisabled')?.lastTransitionTime).toBe(at('+50s'));
    expect(world.newest.bakeStatus).toBe('InProgress');
    world.advance('+1m').look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    world.check('rec-hc', { status: 'Healthy', lastChangeTime: at('+70s'), lastErrorTime: at('+75s') }).look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it('with a check that nobody has judged yet as well', () => {
    const world = incident();
    failing(world.advance('+10m')).look();
    world.check('new-hc').advance('+1h').look();
    expect(recovering(world)).toBe('False');
  });

  it('a time that no clock in order tells is not waited for', () => {
    const world = incident().advance('+10s');
    world.check('rec-hc', { status: 'Healthy', lastChangeTime: at('+10s'), lastErrorTime: at('+1h') }).look();
    expect(world.newest.bakeStatus).toBe('Failed');
    expect(world.condition('BakeFailureDisabled')?.lastTransitionTime).toBe(at('+10s'));
  });

  it('A7: after an hour what still fails fails it, and nothing is rolled back', () => {
    const history = [
      { tag: '1.1.0', id: 2, bakeStatus: 'Failed', trigger: 'Automatic' as const },
      { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const },
    ];
    const annotations = { 'rollout.kuberik.com/unblock-failed': 'true' };
    const world = new Scenario({ spec, available: ['1.0.0', '1.1.0'], history, annotations, policy: 'Rollback' });
    world.check('rec-hc', { status: 'Pending' }).latest('1.2.0').look();
    expect(world.tags[0]).toBe('1.2.0');
    failing(world.advance('+10m'));
    expect(world.look().requeueAt?.toString()).toBe(at('+1h'));
    world.advance('+50m').look();
    expect(recovering(world)).toBe('False');
    expect(world.newest).toMatchObject({ version: { tag: '1.2.0' }, bakeStatus: 'Failed' });
    expect(world.look().requeueAt).toBeUndefined();
  });

  it('after an hour what failed and is not Unhealthy any more does not, and the wait goes on', () => {
    const world = incident();
    failing(world.advance('+10m')).look();
    judge(world.advance('+10m'), 'Pending', { lastErrorTime: at('+10m') }).look();
    world.advance('+1h').look();
    expect(recovering(world)).toBe('False');
    expect(world.newest.bakeStatus).toBe('Deploying');
    failing(world.advance('+1m')).look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it('not before there is a check to be healthy', () => {
    const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }];
    const annotations = { 'rollout.kuberik.com/unblock-failed': 'true' };
    const world = new Scenario({ spec, available: ['1.0.0'], history, annotations }).latest('1.1.0');
    world.look();
    world.advance('+10s').look();
    expect(recovering(world)).toBe('True');
    world.advance('+20s').look();
    expect(recovering(world)).toBe('False');
  });

  it('with the deployment that is not judged', () => {
    const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }];
    const annotations = { 'rollout.kuberik.com/unblock-failed': 'true' };
    const world = new Scenario({ available: ['1.0.0'], history, annotations }).latest('1.1.0');
    world.look();
    expect(recovering(world)).toBe('True');
    world.look();
    expect(recovering(world)).toBe('False');
  });
});

describe('retry', () => {
  const failed = {
    tag: '1.0.0',
    id: 1,
    timestamp: at('-10m'),
    bakeStatus: 'Failed',
    bakeStatusMessage: 'x',
    bakeStartTime: at('-2m'),
    bakeEndTime: at('-1m'),
    failedHealthChecks: [{ name: 'hc', namespace: 'apps' }],
  };
  const options = { spec, available: ['1.0.0'], history: [failed], annotations: { [RETRY]: '' } };

  it('Y1 Y5 Y8 starts the bake over', () => {
    const world = new Scenario(options).check('hc', {});
    const plan = world.look();
    expect(world.annotation(RETRY)).toBeUndefined();
    expect(world.newest).toMatchObject({ id: 1, bakeStatus: 'Deploying', lastRetryTimestamp: at('+0s') });
    for (const field of ['bakeStatusMessage', 'bakeStartTime', 'bakeEndTime', 'failedHealthChecks']) {
      expect(world.newest).not.toHaveProperty(field);
    }
    expect(plan.events.map(({ reason }) => reason)).toEqual(['RetryRequested']);
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'BakeTimeRetrying' });
  });

  it.each([
    { name: 'Y2 a running bake', history: [{ ...failed, bakeStatus: 'InProgress' }] },
    { name: 'Y3 no history', history: [] },
  ])('$name: removed without effect', ({ history }) => {
    const world = new Scenario({ ...options, available: [], history }).check('hc', {});
    world.look();
    expect(world.annotation(RETRY)).toBeUndefined();
    expect(world.history[0]?.lastRetryTimestamp).toBeUndefined();
  });

  it('Y4 does nothing unasked', () => {
    const world = new Scenario({ ...options, annotations: {} }).check('hc', {});
    world.look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it.each([
    {
      name: 'Y9 an error before the retry',
      status: { status: 'Unhealthy', lastErrorTime: at('-8m') },
      expected: 'Deploying',
    },
    { name: 'Y10 an error after it', status: { status: 'Unhealthy', lastErrorTime: at('-3m') }, expected: 'Failed' },
    {
      name: 'Y13 a verdict before it',
      status: { status: 'Healthy', lastChangeTime: at('-7m') },
      expected: 'Deploying',
    },
  ])('$name -> $expected', ({ status, expected }) => {
    const entry = {
      tag: '1.0.0',
      id: 1,
      timestamp: at('-15m'),
      lastRetryTimestamp: at('-5m'),
      bakeStatus: 'Deploying',
    };
    const world = new Scenario({ spec, available: ['1.0.0'], history: [entry] }).check('hc', status);
    world.look();
    expect(world.newest.bakeStatus).toBe(expected);
    expect(world.newest.bakeStartTime).toBeUndefined();
  });

  it('Y12 Y14 the timeout counts from the retry, and names a stale verdict', () => {
    const entry = {
      tag: '1.0.0',
      id: 1,
      timestamp: at('-15m'),
      lastRetryTimestamp: at('-2m'),
      bakeStatus: 'Deploying',
    };
    const check = { status: 'Healthy', lastChangeTime: at('-7m') };
    const patient = new Scenario({ spec: { ...spec, deployTimeout: '10m' }, available: ['1.0.0'], history: [entry] });
    patient.check('stale-hc', check).look();
    expect(patient.newest.bakeStatus).toBe('Deploying');
    const strict = new Scenario({ spec: { ...spec, deployTimeout: '30s' }, available: ['1.0.0'], history: [entry] });
    strict.check('stale-hc', check).look();
    expect(strict.newest).toMatchObject({ bakeStatus: 'Failed', failedHealthChecks: [{ name: 'stale-hc' }] });
  });

  it('a crash before the removal does not reset twice', () => {
    const world = new Scenario(options).check('hc', {});
    world.look({ crashBeforeConsuming: true });
    world.advance('+1m').look();
    expect(world.newest.lastRetryTimestamp).toBe(at('+0s'));
    expect(world.annotation(RETRY)).toBeUndefined();
  });
});

describe('unblock-failed', () => {
  const UNBLOCK = 'rollout.kuberik.com/unblock-failed';
  const options = {
    available: ['1.0.0'],
    history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }],
    annotations: { [UNBLOCK]: 'true' },
  };

  it('R77 a failed deployment blocks the next one, which stays a candidate', () => {
    const world = new Scenario({ ...options, spec: { bakeTime: '5m' }, annotations: {} }).gate('gate', {
      passing: true,
    });
    const plan = world.latest('1.1.0').look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.candidates).toEqual(['1.1.0']);
    expect(world.rollout.status?.gatedReleaseCandidates).toHaveLength(1);
    expect(plan.requeueAt).toBeUndefined();
  });

  it('lets the next release through, once', () => {
    const world = new Scenario(options).latest('1.1.0');
    world.look();
    expect(world.newest).toMatchObject({
      version: { tag: '1.1.0' },
      message: 'Automatic deployment, with failed bake unblock',
    });
    expect(world.annotation(UNBLOCK)).toBeUndefined();
    expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'True', reason: 'PreviousBakeFailed' });
  });

  it('waits for a next release', () => {
    const world = new Scenario(options).latest('1.0.0');
    world.look();
    expect(world.annotation(UNBLOCK)).toBe('true');
    world.latest('1.1.0').look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
  });

  it('does not unblock a later failure after a crash before its removal', () => {
    const world = new Scenario({ ...options, spec: { bakeTime: '5m' } }).latest('1.1.0');
    world.look({ crashBeforeConsuming: true });
    world.look();
    expect(world.annotation(UNBLOCK)).toBeUndefined();
  });
});
