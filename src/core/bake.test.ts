import { describe, expect, it } from 'vitest';
import { HealthCheck } from '../api/health-check.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import { parseTag } from '../api/tag.ts';
import { bake, bakeSummary } from './bake.ts';
import { at, Scenario, T0 } from './testing/scenario.ts';

const selector = { healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } } };
const spec = { bakeTime: '5m', ...selector };

function deploying(extra: object = {}): Scenario {
  const world = new Scenario({ spec: { ...spec, ...extra } }).check('hc', {}).latest('0.1.0');
  world.look();
  return world;
}
function started(extra: object = {}): Scenario {
  const world = deploying(extra)
    .check('hc', { status: 'Healthy', lastChangeTime: at('+1s') })
    .advance('+1s');
  world.look();
  return world;
}

describe('bake', () => {
  it('R28 R31 waits in Deploying until a check is healthy for this deployment', () => {
    const world = deploying().latest('0.2.0');
    const plan = world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.newest).toMatchObject({ bakeStatus: 'Deploying' });
    expect(world.newest.bakeStartTime).toBeUndefined();
    expect(world.candidates).toEqual(['0.2.0']);
    expect(plan.reasons[0]?.message).toContain('HealthCheck apps/hc');
  });

  it('R29 R30 R36 a newer release waits for the running bake', () => {
    const world = started().latest('0.2.0').advance('+1m');
    const plan = world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(world.candidates).toEqual(['0.2.0']);
    expect(plan.reasons.map(({ code }) => code)).toEqual(['Baking', 'WaitingForRelease']);
  });

  it('R49 I10 looks again exactly when the bake ends', () => {
    const plan = started().advance('+1m').look();
    expect(plan.requeueAt?.toString()).toBe(at('+301s'));
  });

  it('R34 R38 R50 ends well, and the waiting release follows in the same look', () => {
    const world = started()
      .latest('0.2.0')
      .check('hc', { status: 'Healthy', lastChangeTime: at('+1s'), lastErrorTime: at('-1m') });
    world.advance('+10m').look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
    expect(world.newest.bakeStatus).toBe('Deploying');
    expect(world.history[1]).toMatchObject({ bakeStatus: 'Succeeded' });
    expect(world.history[1]?.bakeStatusMessage).toContain('Bake time completed successfully');
    expect(world.history[1]?.bakeEndTime).toBe(world.now.toString());
  });

  it('R32 R33 R39 R40 R45 a fresh error fails it, and automation stops there', () => {
    const world = started().latest('0.2.0').advance('+2m');
    world.check('hc', { status: 'Unhealthy', lastErrorTime: at('+61s'), message: 'service unavailable' });
    world.look();
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.newest).toMatchObject({
      bakeStatus: 'Failed',
      bakeStatusMessage: 'A HealthCheck reported an error after bake started.',
      failedHealthChecks: [{ name: 'hc', namespace: 'apps', message: 'service unavailable' }],
    });
    expect(world.candidates).toEqual(['0.2.0']);
    expect(world.condition('Progressing')).toMatchObject({ status: 'False', reason: 'Halted' });
  });

  it('R42 R44 R48 an error before the start fails it', () => {
    const world = deploying()
      .advance('+30s')
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+30s') });
    world.look();
    expect(world.newest).toMatchObject({
      bakeStatus: 'Failed',
      failedHealthChecks: [{ name: 'hc', namespace: 'apps' }],
    });
    expect(world.newest.bakeStatusMessage).toContain('A HealthCheck reported an error after deployment');
    expect(world.newest.bakeStartTime).toBeUndefined();
  });

  it('R46 names every check that failed', () => {
    const world = deploying().advance('+1m');
    world.check('hc', { status: 'Unhealthy', lastErrorTime: at('+30s'), message: 'one' });
    world.check('hc2', { status: 'Unhealthy', lastErrorTime: at('+45s'), message: 'two' }).look();
    expect(world.newest.failedHealthChecks?.map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('R43 R47 deployTimeout fails what does not become healthy, at the very instant', () => {
    const world = deploying({ deployTimeout: '7m' });
    world.check('hc', { status: 'Unhealthy', message: 'timeout', lastChangeTime: at('-1m') });
    const plan = world.advance('+1m').look();
    expect(plan.requeueAt?.toString()).toBe(at('+7m'));
    world.now = Temporal.Instant.from(at('+7m'));
    world.look();
    expect(world.newest).toMatchObject({
      bakeStatus: 'Failed',
      failedHealthChecks: [{ name: 'hc', message: 'timeout' }],
    });
    expect(world.newest.bakeStatusMessage).toContain('Deploy timeout reached before bake could start');
  });

  it('R41 an error older than the deployment does not count', () => {
    const world = deploying().check('hc', { status: 'Healthy', lastChangeTime: at('+1s'), lastErrorTime: at('-1m') });
    world.look();
    world.advance('+10m').look();
    expect(world.newest.bakeStatus).toBe('Succeeded');
  });

  it('R64 without any check it takes the time alone', () => {
    const world = new Scenario({ spec: { bakeTime: '5m' } }).latest('1.1.0');
    world.look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    const plan = world.look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(plan.requeueAt?.toString()).toBe(at('+5m'));
  });

  it('A8: time alone does not make it good: a check that is Pending at the end holds it', () => {
    const world = started()
      .check('hc', { status: 'Pending', lastChangeTime: at('+2m') })
      .advance('+10m');
    const plan = world.look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(plan.reasons[0]?.message).toContain('hc');
    expect(plan.requeueAt).toBeUndefined();
    world
      .check('hc', { status: 'Healthy', lastChangeTime: at('+11m') })
      .advance('+1m')
      .look();
    expect(world.newest.bakeStatus).toBe('Succeeded');
  });

  it('A8: Unhealthy now fails it, however old the witness of the failure is', () => {
    const world = started().check('hc', { status: 'Unhealthy', lastChangeTime: at('+2m'), lastErrorTime: at('-1h') });
    world.advance('+3m').look();
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it('a bake does not start while a target cannot carry the version', () => {
    const fault = { reason: 'TargetFailed', message: 'Kustomization apps/app cannot take it: forbidden' } as const;
    const world = new Scenario({ spec: { bakeTime: '5m' } }).target('0.0.1').latest('1.1.0');
    world.look();
    world.target('1.1.0', { fault });
    const plan = world.look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    expect(world.condition('TargetsUpdated')).toMatchObject({ status: 'False', reason: 'TargetFailed' });
    expect(world.condition('Ready')).toMatchObject({ status: 'False', message: fault.message });
    expect(plan.reasons.map(({ message }) => message)).toContain(fault.message);
  });

  it('B22: Ready is Unknown while nobody knows yet', () => {
    const world = deploying();
    expect(world.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Deploying' });
    const baking = started();
    expect(baking.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Baking' });
    baking.advance('+10m').look();
    expect(baking.condition('Ready')).toMatchObject({ status: 'True', reason: 'BakeTimePassed' });
  });

  it('an entry that an old version left as Pending, or without a status, is inert', () => {
    for (const bakeStatus of ['Pending', undefined]) {
      const world = new Scenario({ spec, available: ['1.0.0'], history: [{ tag: '1.0.0', bakeStatus }] }).check(
        'hc',
        {},
      );
      world.latest('1.1.0').look();
      expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    }
  });
});

it('waits half a minute for the first check of its selector, then goes by the time alone', () => {
  const world = new Scenario({ spec }).latest('1.0.0');
  world.look();
  const plan = world.look();
  expect(world.newest.bakeStatus).toBe('Deploying');
  expect(plan.requeueAt?.toString()).toBe(at('+30s'));
  expect(plan.reasons[0]?.message).toContain('spec.healthCheckSelector');
  world.advance('+30s').look();
  expect(world.newest.bakeStatus).toBe('InProgress');
});

it('a check that arrives in that time is heard', () => {
  const world = new Scenario({ spec }).latest('1.0.0');
  world.look();
  world
    .advance('+10s')
    .check('hc', { status: 'Pending', lastChangeTime: at('+10s') })
    .look();
  world.advance('+60s').look();
  expect(world.newest.bakeStatus).toBe('Deploying');
});

it('C3: what a check says is for those who ask: a new message of it is no new status', () => {
  const world = deploying().check('hc', { status: 'Pending', message: 'Replicas: 0/3' });
  world.look();
  const before = world.rollout.status;
  const plan = world.check('hc', { status: 'Pending', message: 'Replicas: 1/3' }).look();
  expect(plan.status).toBe(before);
  expect(plan.reasons[0]?.details?.[0]).toBe('HealthCheck apps/hc is Pending: Replicas: 1/3');
});

describe('one step of the bake (R110-R113)', () => {
  const durations = {
    bakeTime: Temporal.Duration.from({ minutes: 5 }),
    deployTimeout: Temporal.Duration.from({ minutes: 5 }),
  };
  const entry: HistoryEntry = {
    version: { tag: parseTag('1.0.0') },
    timestamp: at('-1m'),
    bakeStatus: 'InProgress',
    bakeStartTime: at('+0s'),
  };
  const context = { spec: durations, checks: [], recovering: false, targets: [] };
  const failing = HealthCheck.parse({
    apiVersion: HealthCheck.apiVersion,
    kind: 'HealthCheck',
    metadata: { name: 'hc', namespace: 'apps' },
    spec: {},
    status: { status: 'Unhealthy', lastErrorTime: at('+1m') },
  });

  it.each([
    { name: 'R110 time passed', entry, checks: [], after: 6, expected: 'Succeeded' },
    {
      name: 'R111 timeout without a target',
      entry: { ...entry, timestamp: at('+0s'), bakeStatus: 'Deploying', bakeStartTime: undefined },
      checks: [],
      targets: [{ kind: 'Kustomization' as const, name: 'app', carries: undefined }],
      after: 11,
      expected: 'Failed',
    },
    { name: 'R112 error', entry, checks: [failing], after: 2, expected: 'Failed' },
  ])('$name', ({ entry, checks, after, expected, targets = [] }) => {
    const now = T0.add({ minutes: after });
    const step = bake(entry, { ...context, checks, targets }, now);
    expect(step.entry).toMatchObject({ bakeStatus: expected, bakeEndTime: now.toString() });
    expect(step.deadline).toBeUndefined();
  });
});

describe('bake summary (R83-R91, and their twins R101-R109)', () => {
  const five = { bakeTime: Temporal.Duration.from({ minutes: 5 }) };
  const entry = (bakeStatus?: string, bakeStatusMessage?: string, bakeStartTime?: string): HistoryEntry => ({
    version: { tag: parseTag('1.0.0') },
    timestamp: at('-1h'),
    bakeStatus,
    bakeStatusMessage,
    bakeStartTime,
  });
  it.each([
    { entry: undefined, expected: 'No deployment history' },
    { entry: entry(), expected: 'No bake status' },
    { entry: entry('InProgress', undefined, at('-2m')), expected: 'Baking in progress, 3m0s remaining' },
    { entry: entry('InProgress'), expected: 'Baking in progress, monitoring for errors' },
    { entry: entry('Succeeded'), expected: 'Bake completed successfully' },
    { entry: entry('Failed', 'Health check failed'), expected: 'Bake failed: Health check failed' },
    { entry: entry('Failed'), expected: 'Bake failed' },
    {
      entry: entry('Cancelled', 'Bake cancelled due to new deployment.'),
      expected: 'Bake cancelled: Bake cancelled due to new deployment.',
    },
    {
      entry: entry('Deploying'),
      expected: 'Waiting for health checks to become healthy before starting bake',
    },
    { entry: entry('Cancelled'), expected: 'Bake cancelled' },
    { entry: entry('UnknownStatus'), expected: 'Unknown bake status: UnknownStatus' },
  ])('$expected', ({ entry, expected }) => {
    expect(bakeSummary(entry, five, T0)).toBe(expected);
  });
});

describe('what was wrong before the deployment, and says so', () => {
  const old = { status: 'Unhealthy', lastChangeTime: at('+1s'), lastErrorTime: at('-1h'), message: 'errors' } as const;

  it.each([
    ['+4m', 'Deploying', undefined],
    ['+6m', 'Failed', 'DeployTimeout'],
  ])('has five minutes to go away: after %s it is %s', (later, expected, endedBy) => {
    const world = deploying().check('hc', old).advance('+2s');
    world.look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    world.advance(later).look();
    expect(world.newest).toMatchObject({ bakeStatus: expected });
    expect(world.newest.endedBy?.kind).toBe(endedBy);
  });

  it('does not keep a version from being good once it is gone', () => {
    const world = deploying().check('hc', old).advance('+1m');
    world.look();
    world.check('hc', { ...old, status: 'Healthy', lastChangeTime: world.now.toString() }).look();
    expect(world.newest.bakeStatus).toBe('InProgress');
  });
});
