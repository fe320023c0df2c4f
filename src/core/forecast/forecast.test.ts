/** What is forecast for small worlds, line by line. That it is what then happens is tested with the whole controllers. */
import { describe, expect, it } from 'vitest';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import { RolloutSchedule, type RolloutScheduleSpec } from '../../api/rollout-schedule.ts';
import { at, Scenario, type ScenarioOptions, T0 } from '../testing/scenario.ts';
import { forecast } from './forecast.ts';
import type { ScheduledGate } from './input.ts';
import type { TimelineEntry } from './timeline.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' } as const;
const day = T0.add({ hours: 24 });

function running(spec: ScenarioOptions['spec'] = { bakeTime: '10m' }): Scenario {
  return new Scenario({ spec, available: ['1.0.0'], history: [good], policy: 'Rollback' }).target('1.0.0');
}

function schedule(gate: string, spec: Partial<RolloutScheduleSpec>): ScheduledGate {
  return {
    gate,
    schedule: RolloutSchedule.parse({
      apiVersion: RolloutSchedule.apiVersion,
      kind: 'RolloutSchedule',
      metadata: { name: 'office', namespace: 'apps' },
      spec: {
        rolloutSelector: {},
        rules: [{ timeRange: { start: '13:00', end: '14:00' } }],
        action: 'Allow',
        timezone: 'UTC',
        ...spec,
      },
    }),
  };
}

/** `+15m Deployment 1.1.0: 1.1.0 is deployed [if …]`, minutes after T0. */
function told({ at: when, kind, version, message, assumes }: TimelineEntry): string {
  const minutes = when.since(T0).total('minutes');
  return `+${minutes}m ${kind}${version === undefined ? '' : ` ${version}`}: ${message}${assumes === undefined ? '' : ` [${assumes}]`}`;
}

function foretold(world: Scenario, schedules: readonly ScheduledGate[] = [], until = day): string[] {
  return forecast({ observed: world.observe(), schedules }, world.now, until).timeline.map(told);
}

const deployedAt = (minutes: number): string[] => [
  `+${minutes}m Deployment 1.1.0: 1.1.0 is deployed (Automatic deployment)`,
  `+${minutes}m BakeStarted 1.1.0: the bake of 1.1.0 begins`,
  `+${minutes + 10}m BakeSucceeded 1.1.0: the bake of 1.1.0 ends well`,
];

describe('a forecast', () => {
  it('of a Rollout at rest is that nothing happens', () => {
    const { timeline, reasons, brokenOffAt } = forecast({ observed: running().observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons).toMatchObject([{ code: 'UpToDate', message: '1.0.0 is the newest release' }]);
    expect(brokenOffAt).toBeUndefined();
  });

  it('is that a release which nothing holds is deployed now, and baked', () => {
    expect(foretold(running().registry('1.0.0', '1.1.0'))).toEqual(deployedAt(0));
  });

  it('has the very times that the history will have', () => {
    const observed = running().registry('1.0.0', '1.1.0').observe();
    const { timeline } = forecast({ observed, schedules: [] }, T0.add({ milliseconds: 300 }), day);
    const times = timeline.map(({ at: when, kind }) => `${kind} ${when.toString()}`);
    expect(times).toEqual([
      'Deployment 2026-01-05T12:00:01Z',
      'BakeStarted 2026-01-05T12:00:01Z',
      'BakeSucceeded 2026-01-05T12:10:01Z',
    ]);
  });

  it('without a bake ends with the deployment', () => {
    expect(foretold(running({}).registry('1.0.0', '1.1.0'))).toEqual([
      '+0m Deployment 1.1.0: 1.1.0 is deployed (Automatic deployment)',
    ]);
  });

  it('ends where it is told to: what happens in that very instant is part of it', () => {
    const world = running().registry('1.0.0', '1.1.0');
    expect(foretold(world, [], T0.add({ minutes: 10 }))).toHaveLength(3);
    expect(foretold(world, [], T0.add({ seconds: 599 }))).toHaveLength(2);
  });

  it('says how it stands when nothing goes on', () => {
    const world = running().registry('1.0.0', '1.1.0').gate('qa', { passing: false });
    const { timeline, reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons).toMatchObject([
      { code: 'WaitingForGates', message: 'RolloutGate qa is closed (spec.passing is false)' },
    ]);
  });

  it('takes health for granted, and says so', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .check('errors', { status: 'Healthy', lastChangeTime: at('-1h') });
    const granted = '[its health check finds 1.1.0 healthy at once]';
    const [deployment, begun, ended] = deployedAt(0);
    expect(foretold(world)).toEqual([deployment, `${begun} ${granted}`, `${ended} ${granted}`]);
    const both = foretold(world.check('latency', { status: 'Pending' }));
    expect(both.at(-1)).toBe(`${ended} [its 2 health checks find 1.1.0 healthy at once]`);
  });

  it('does not take for granted that bad health gets better', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .check('errors', { status: 'Unhealthy', lastChangeTime: at('-1h') });
    const { timeline, reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons[0]?.code).toBe('WaitingForHealth');
  });

  it('foretells that a deployment by hand into bad health fails when failures count again, and goes no further', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .check('errors', { status: 'Unhealthy', lastChangeTime: at('-1h'), message: 'errors' })
      .annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0', 'rollout.kuberik.com/deploy-user': 'ann' });
    expect(foretold(world)).toEqual([
      '+0m Deployment 1.1.0: 1.1.0 is deployed (Manual deployment, with force deploy)',
      '+60m BakeFailed 1.1.0: the bake of 1.1.0 fails: A HealthCheck reported an error after deployment.',
    ]);
  });
});

describe('a forecast over schedules', () => {
  const closed = () => running().registry('1.0.0', '1.1.0').gate('office-hours', { passing: false });

  it('deploys when the window opens, and says which schedule opens and closes it', () => {
    expect(foretold(closed(), [schedule('office-hours', {})], T0.add({ hours: 3 }))).toEqual([
      '+60m Gate: RolloutSchedule office opens its gate',
      ...deployedAt(60),
      '+120m Gate: RolloutSchedule office closes its gate',
    ]);
  });

  it('believes the schedule of now, not what is written in the gate still', () => {
    const open = closed().gate('office-hours', { passing: true });
    expect(foretold(open, [schedule('office-hours', {})], T0.add({ minutes: 80 }))).toEqual([
      '+60m Gate: RolloutSchedule office opens its gate',
      ...deployedAt(60),
    ]);
  });

  it('names a schedule of the whole cluster as such', () => {
    const { schedule: own } = schedule('office-hours', {});
    const everywhere = ClusterRolloutSchedule.parse({
      apiVersion: ClusterRolloutSchedule.apiVersion,
      kind: 'ClusterRolloutSchedule',
      metadata: { name: 'everywhere' },
      spec: { ...own.spec, namespaceSelector: {} },
    });
    const [first] = foretold(closed(), [{ gate: 'office-hours', schedule: everywhere }]);
    expect(first).toBe('+60m Gate: ClusterRolloutSchedule everywhere opens its gate');
  });

  it('leaves a gate of another schedule, or of one that nobody understands, as it is', () => {
    const other = schedule('nights', {});
    const broken = schedule('office-hours', { timezone: 'Nowhere' });
    expect(foretold(closed(), [other])).toEqual([]);
    expect(foretold(closed(), [broken])).toEqual([]);
    expect(foretold(closed().gate('office-hours', { passing: true }), [broken])).toEqual(deployedAt(0));
  });

  it('waits for the last of several windows', () => {
    const world = closed().gate('late', { passing: false });
    const late = schedule('late', { rules: [{ timeRange: { start: '13:30', end: '18:00' } }] });
    expect(foretold(world, [schedule('office-hours', {}), late], T0.add({ minutes: 100 }))).toEqual([
      '+60m Gate: RolloutSchedule office opens its gate',
      '+90m Gate: RolloutSchedule office opens its gate',
      ...deployedAt(90),
    ]);
  });

  it('is broken off where so much happens that nobody reads it', () => {
    const observed = running().gate('office-hours', { passing: true }).observe();
    const result = forecast({ observed, schedules: [schedule('office-hours', {})] }, T0, T0.add({ hours: 24 * 9000 }));
    // Two things a day.
    expect(result.brokenOffAt).toEqual(T0.add({ hours: 24 * 2499 + 2 }));
    expect(result.timeline).toHaveLength(5000);
    expect(result.reasons).toMatchObject([{ code: 'UpToDate' }]);
  });
});

describe('a forecast over freezes and approvals', () => {
  it('deploys when the freeze is over, and names it', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .freeze('incident', { until: at('+30m') });
    expect(foretold(world)).toEqual(['+30m Freeze: Freeze incident ends', ...deployedAt(30)]);
  });

  it('tells of the end of a freeze that holds nothing', () => {
    expect(foretold(running().freeze('incident', { until: at('+30m') }))).toEqual([
      '+30m Freeze: Freeze incident ends',
    ]);
  });

  it('waits for a freeze without an end', () => {
    expect(foretold(running().registry('1.0.0', '1.1.0').freeze('incident'))).toEqual([]);
  });

  it('tells of a freeze that ends now only as long as it is ahead', () => {
    expect(
      foretold(
        running()
          .registry('1.0.0', '1.1.0')
          .freeze('incident', { until: at('+0m') }),
      ),
    ).toEqual(deployedAt(0));
  });
});

describe('a forecast of a deployment under way', () => {
  const baking = (status: object = {}, spec: ScenarioOptions['spec'] = { bakeTime: '10m' }): Scenario => {
    const newest = { tag: '1.1.0', id: 2, timestamp: at('-1m'), trigger: 'Automatic' as const, ...status };
    const options = { spec, available: ['1.0.0', '1.1.0'], history: [newest, good], policy: 'Rollback' } as const;
    return new Scenario(options).target('1.1.0').registry('1.0.0', '1.1.0');
  };
  const inProgress = { bakeStatus: 'InProgress', bakeStartTime: at('-1m') };

  it('is that its bake goes on', () => {
    expect(foretold(baking(inProgress))).toEqual(['+9m BakeSucceeded 1.1.0: the bake of 1.1.0 ends well']);
  });

  it('is that a check without a verdict gives a good one at once', () => {
    const world = baking({ bakeStatus: 'Deploying' }).check('errors', { status: 'Pending' });
    const granted = '[its health check finds 1.1.0 healthy at once]';
    expect(foretold(world)).toEqual([
      `+0m BakeStarted 1.1.0: the bake of 1.1.0 begins ${granted}`,
      `+10m BakeSucceeded 1.1.0: the bake of 1.1.0 ends well ${granted}`,
    ]);
    const retried = baking({ bakeStatus: 'Deploying', lastRetryTimestamp: at('-30s') });
    expect(foretold(retried.check('errors', { status: 'Pending' }))).toHaveLength(2);
  });

  it('is that bad health fails it, that it is rolled back, and that the rollback fails as well', () => {
    const world = baking(inProgress).check('errors', {
      status: 'Unhealthy',
      lastChangeTime: at('-30s'),
      lastErrorTime: at('-30s'),
      message: '3 alerts',
    });
    expect(foretold(world)).toEqual([
      '+0m BakeFailed 1.1.0: the bake of 1.1.0 fails: A HealthCheck reported an error after bake started.',
      '+0m Rollback 1.0.0: 1.0.0 is deployed again (Automatic rollback from 1.1.0, whose bake failed: HealthCheck apps/errors: 3 alerts)',
      '+60m BakeFailed 1.0.0: the bake of 1.0.0 fails: A HealthCheck reported an error after deployment.',
    ]);
  });

  it('tells of retries, and when they begin', () => {
    const spec = { bakeTime: '10m', deployTimeout: '5m', retryPolicy: { limit: 1, interval: '2m' } };
    const world = baking(inProgress, spec).check('errors', {
      status: 'Unhealthy',
      lastChangeTime: at('-30s'),
      lastErrorTime: at('-30s'),
    });
    expect(foretold(world).slice(0, 2)).toEqual([
      '+0m BakeRetried 1.1.0: the bake of 1.1.0 fails and is started over: A HealthCheck reported an error after bake started. Retry 1 of 1 begins at 2026-01-05T12:02:00Z.',
      '+2m BakeFailed 1.1.0: the bake of 1.1.0 fails: A HealthCheck reported an error after deployment. Retried once.',
    ]);
  });

  it('does not take for granted that Flux applies what it cannot apply', () => {
    const world = baking({ bakeStatus: 'Deploying' });
    world.target('1.1.0', {
      failure: { message: 'no such chart', since: T0.subtract({ minutes: 1 }) },
      applying: 'v1',
    });
    expect(foretold(world)).toEqual([
      '+4m BakeFailed 1.1.0: the bake of 1.1.0 fails: Flux could not apply it: no such chart',
      '+4m Rollback 1.0.0: 1.0.0 is deployed again (Automatic rollback from 1.1.0, whose bake failed: Flux could not apply it: no such chart)',
      '+4m BakeStarted 1.0.0: the bake of 1.0.0 begins',
      '+14m BakeSucceeded 1.0.0: the bake of 1.0.0 ends well',
    ]);
  });

  it('takes for granted that Flux applies what it is at, and takes up what it waits with', () => {
    const world = baking({ bakeStatus: 'Deploying' });
    world.target('1.1.0', { applying: 'v1', waits: [{ message: 'it waits', remedy: 'wait' }] });
    expect(foretold(world)).toEqual([
      '+0m BakeStarted 1.1.0: the bake of 1.1.0 begins',
      '+10m BakeSucceeded 1.1.0: the bake of 1.1.0 ends well',
    ]);
    const { reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, T0);
    expect(reasons[0]).toMatchObject({ code: 'Baking' });
  });
});

describe('a forecast of what cannot be read', () => {
  it('goes no further than the fault, however often a controller would ask again', () => {
    const world = running().registry('1.0.0');
    const fault = {
      reason: 'RegistryUnavailable',
      message: 'the registry is away',
      retryAt: T0.add({ seconds: 30 }),
    } as const;
    world.releases = { ...world.releases, fault, refreshAt: T0.add({ seconds: 10 }) };
    const { timeline, reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons).toEqual([{ code: 'RegistryUnavailable', message: 'the registry is away' }]);
  });

  it('is the same for a policy', () => {
    const world = running().registry('1.0.0', '1.1.0');
    const policyFault = {
      reason: 'ImagePolicyNotFound',
      message: 'no ImagePolicy',
      retryAt: T0.add({ seconds: 30 }),
    } as const;
    world.releases = { ...world.releases, policyFault };
    const { timeline, reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons).toEqual([{ code: 'ImagePolicyNotFound', message: 'no ImagePolicy' }]);
  });

  it('leaves a target alone that cannot carry a version', () => {
    const world = running().registry('1.0.0', '1.1.0');
    world.target(undefined, { fault: { reason: 'TargetFailed', message: 'no such field' } });
    const { timeline, reasons } = forecast({ observed: world.observe(), schedules: [] }, T0, day);
    expect(timeline).toEqual([]);
    expect(reasons).toMatchObject([{ message: 'no such field' }]);
  });
});

describe('a forecast of what people have asked for', () => {
  const keys = (asked: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(asked).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]));

  it('does it once, and is then where it was', () => {
    const world = running({}).registry('1.0.0', '1.1.0', '1.2.0').gate('qa', { passing: false });
    world.annotate({ ...keys({ 'force-deploy': '1.1.0', 'deploy-user': 'ann' }), note: 'mine' });
    expect(foretold(world)).toEqual(['+0m Deployment 1.1.0: 1.1.0 is deployed (Manual deployment, with force deploy)']);
    const twoAtOnce = running({}).registry('1.0.0', '1.1.0', '1.2.0').gate('qa', { passing: false });
    twoAtOnce.annotate(keys({ 'force-deploy': '1.1.0', deploy: '1.2.0' })).freeze('incident', { until: at('+1h') });
    expect(foretold(twoAtOnce)).toEqual([
      '+0m Deployment 1.1.0: 1.1.0 is deployed (Manual deployment, with force deploy)',
      '+60m Freeze: Freeze incident ends',
    ]);
  });

  it('retries a failed bake once: it does not fail for what failed it before', () => {
    const failed = { tag: '1.1.0', id: 2, bakeStatus: 'Failed', trigger: 'Automatic' as const, timestamp: at('-1h') };
    const world = new Scenario({ spec: { bakeTime: '10m' }, available: ['1.0.0', '1.1.0'], history: [failed, good] });
    world
      .target('1.1.0')
      .registry('1.0.0', '1.1.0')
      .annotate(keys({ retry: '' }))
      .check('errors', { status: 'Pending' });
    expect(foretold(world).map((line) => line.split(':')[0])).toEqual([
      '+0m BakeStarted 1.1.0',
      '+10m BakeSucceeded 1.1.0',
    ]);
  });
});
