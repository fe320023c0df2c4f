/** What `explain rollout` says when a deployment fails: what happened, and what comes next. */
import { expect, it } from 'vitest';
import { decide } from '../../core/decide.ts';
import { at, Scenario } from '../../core/testing/scenario.ts';
import { createPaint } from '../paint.ts';
import { renderExplain } from './explain.ts';

const spec = { bakeTime: '5m', healthCheckSelector: { matchLabels: { app: 'test-app' } } };
const good = { tag: 'v1', id: 1, bakeStatus: 'Succeeded', bakeEndTime: at('-1h'), trigger: 'Automatic' as const };

function explain(world: Scenario): string {
  const observed = world.observe();
  const plan = decide(observed, world.now);
  const explanation = { rollout: observed.rollout, targets: observed.targets, plan };
  const text = renderExplain(explanation, {
    moment: { now: world.now, zone: 'UTC' },
    paint: createPaint(false),
    width: 110,
  });
  return `\n${text}`;
}

/** v1 is good, v2 has just been deployed. */
function upgraded(extra: object = {}): Scenario {
  const world = new Scenario({ spec: { ...spec, ...extra }, available: ['v1'], history: [good], policy: 'Rollback' });
  world
    .check('app', { status: 'Healthy', lastChangeTime: at('-1h') })
    .target('v1')
    .registry('v1', 'v2');
  world.look();
  return pending(world);
}
function pending(world: Scenario): Scenario {
  return world.check('app', {
    status: 'Pending',
    lastChangeTime: world.now.toString(),
    message: '0 of 3 replicas are ready',
  });
}
function fails(world: Scenario, message = 'Deployment app: CrashLoopBackOff'): Scenario {
  const now = world.now.toString();
  world.check('app', { status: 'Unhealthy', lastChangeTime: now, lastErrorTime: now, message }).look();
  return world;
}
function recovers(world: Scenario): Scenario {
  world.check('app', { status: 'Healthy', lastChangeTime: world.now.toString() }).look();
  return world;
}
const message = 'Kustomization.kustomize.toolkit.fluxcd.io apps/app: BuildFailed: accumulating resources: no such file';
const cannotBuild = { applying: 'generation 2', failure: { message, since: Temporal.Instant.from(at('+1m')) } };

it.each<readonly [string, () => Scenario, string]>([
  [
    'a version that crashes is being rolled back, in recovery mode',
    () => pending(fails(upgraded().advance('+1m'))),
    `
Rollout       app in namespace apps
Running       v1, deployed 12:01:00 (0s ago) by rollout-controller
              Automatic rollback from v2, whose bake failed: HealthCheck apps/app: Deployment app:
                CrashLoopBackOff
              bake Deploying: Waiting for health checks to become healthy before starting bake.
              carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing         deploying: Deploying v1: waiting for HealthCheck apps/app; recovery mode: failures count again
                when every check is healthy, or at 2026-01-05T13:01:00Z
              HealthCheck apps/app is Pending: 0 of 3 replicas are ready
              if it fails, it stays and waits for a person
              since 12:01:00 (0s ago), until 13:01:00 (in 60m)
Not deployed  v2
              1. v2 failed here before and is not selected again
                 HealthCheck apps/app: Deployment app: CrashLoopBackOff
                 to change it: release a newer version, or force v2
Next          it is decided again 13:01:00 (in 60m), or when something changes
`,
  ],
  [
    'it is rolled back',
    () => recovers(recovers(fails(upgraded().advance('+1m')).advance('+1m')).advance('+5m')),
    `
Rollout       app in namespace apps
Running       v1, deployed 12:01:00 (6m ago) by rollout-controller
              Automatic rollback from v2, whose bake failed: HealthCheck apps/app: Deployment app:
                CrashLoopBackOff
              bake Succeeded 12:07:00 (0s ago): Bake time completed successfully (no errors within bake time).
              carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing         waiting for release
Not deployed  v2
              1. v2 failed here before and is not selected again
                 HealthCheck apps/app: Deployment app: CrashLoopBackOff
                 to change it: release a newer version, or force v2
Next          nothing by itself: it waits for one of the changes above
`,
  ],
  [
    'a version that hangs, with a deployTimeout',
    () => upgraded({ deployTimeout: '10m' }).advance('+1m'),
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (60s ago) by rollout-controller
         Automatic deployment
         bake Deploying: Waiting for health checks to become healthy before starting bake.
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    deploying: Deploying v2: waiting until 2026-01-05T12:10:00Z for HealthCheck apps/app, then it fails
         HealthCheck apps/app is Pending: 0 of 3 replicas are ready
         if it fails, it is rolled back to v1
         since 12:00:00 (60s ago), until 12:10:00 (in 9m)
Next     it is decided again 12:10:00 (in 9m), or when something changes
`,
  ],
  [
    'a version that hangs, without one',
    () => upgraded().advance('+1m'),
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (60s ago) by rollout-controller
         Automatic deployment
         bake Deploying: Waiting for health checks to become healthy before starting bake.
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    deploying: Deploying v2: waiting for HealthCheck apps/app
         HealthCheck apps/app is Pending: 0 of 3 replicas are ready
         if it fails, it is rolled back to v1
         since 12:00:00 (60s ago)
Next     it goes on when that changes
`,
  ],
  [
    'it did not become healthy in time',
    () => {
      const world = upgraded({ deployTimeout: '10m', failurePolicy: 'Halt' }).advance('+10m');
      world.look();
      return world;
    },
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (10m ago) by rollout-controller
         Automatic deployment
         bake Failed 12:10:00 (0s ago): Deploy timeout reached before bake could start (health checks did not
           become healthy in time).
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    halted: v2 failed its bake and stays: Deploy timeout reached before bake could start (health checks
           did not become healthy in time).
         HealthCheck apps/app: 0 of 3 replicas are ready
         to change it: roll back, retry its bake, unblock it for the next release, or force a version
Next     nothing by itself: it waits for one of the changes above
`,
  ],
  [
    'a version that cannot be built',
    () => upgraded().target('v2', cannotBuild).advance('+2m'),
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (2m ago) by rollout-controller
         Automatic deployment
         bake Deploying: Waiting for health checks to become healthy before starting bake.
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    deploying: Deploying v2: waiting until 2026-01-05T12:06:00Z for HealthCheck apps/app, Flux to apply
           Kustomization/app, then it fails
         HealthCheck apps/app is Pending: 0 of 3 replicas are ready
         Flux could not apply it: Kustomization.kustomize.toolkit.fluxcd.io apps/app: BuildFailed:
           accumulating resources: no such file
         if it fails, it is rolled back to v1
         since 12:00:00 (2m ago), until 12:06:00 (in 4m)
Next     it is decided again 12:06:00 (in 4m), or when something changes
`,
  ],
  [
    'the rollback fails as well',
    () => {
      const world = recovers(fails(upgraded().advance('+1m')).advance('+1m')).advance('+1m');
      return fails(world, 'Deployment app: out of memory').registry('v1', 'v2', 'v3');
    },
    `
Rollout       app in namespace apps
Running       v1, deployed 12:01:00 (2m ago) by rollout-controller
              Automatic rollback from v2, whose bake failed: HealthCheck apps/app: Deployment app:
                CrashLoopBackOff
              bake Failed 12:03:00 (0s ago): A HealthCheck reported an error after bake started.
              carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing         halted
Not deployed  v3
              1. v1, the rollback from v2, failed its bake as well and stays: A HealthCheck reported an error
                after bake started.
                 HealthCheck apps/app: Deployment app: out of memory
                 to change it: roll back, retry its bake, unblock it for the next release, or force a version
              2. HealthCheck 'app' in namespace 'apps' is not healthy (status: Unhealthy): Deployment app: out
                of memory
                 to change it: an automatic deployment waits until the check is healthy; a forced one does not
              v2 failed here before and is not selected again (and 2 more)
Next          nothing by itself: it waits for one of the changes above
`,
  ],
  [
    'a retry is due',
    () => fails(upgraded({ retryPolicy: { limit: 3, interval: '2m' } }).advance('+1m')),
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (60s ago) by rollout-controller
         Automatic deployment
         bake Deploying: A HealthCheck reported an error after deployment. Retry 1 of 3 begins at
           2026-01-05T12:03:00Z.
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    deploying: v2 failed its bake and is started over: A HealthCheck reported an error after deployment.
           Retry 1 of 3 begins at 2026-01-05T12:03:00Z.
         HealthCheck apps/app: Deployment app: CrashLoopBackOff
         since 12:00:00 (60s ago), until 12:03:00 (in 2m)
         to change it: retry it now, or deploy another version by hand
Next     the bake of v2 is started over 12:03:00 (in 2m)
`,
  ],
  [
    'a check has no data',
    () => {
      const lastSample = { time: at('+2m'), result: 'NoData' as const };
      const world = recovers(upgraded().advance('+1m')).advance('+1m');
      return world.check('app', {
        status: 'Pending',
        lastChangeTime: at('+2m'),
        message: 'no answer in 10s',
        lastSample,
      });
    },
    `
Rollout  app in namespace apps
Running  v2, deployed 12:00:00 (2m ago) by rollout-controller
         Automatic deployment
         bake InProgress: Bake started, monitoring for errors.
         carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing    baking: Baking v2 until 2026-01-05T12:06:00Z; not healthy: HealthCheck apps/app (no data)
         HealthCheck apps/app has no data: no answer in 10s
         if it fails, it is rolled back to v1
         since 12:01:00 (60s ago), until 12:06:00 (in 4m)
Next     it is decided again 12:06:00 (in 4m), or when something changes
`,
  ],
  [
    'in order, and the next one is held',
    () => {
      const world = recovers(recovers(upgraded({ releaseOrder: 'Sequential' }).advance('+1m')).advance('+5m'));
      return world.registry('v1', 'v2', 'v3', 'v4').gate('board', { allowedVersions: ['v4'] });
    },
    `
Rollout       app in namespace apps
Running       v2, deployed 12:00:00 (6m ago) by rollout-controller
              Automatic deployment
              bake Succeeded 12:06:00 (0s ago): Bake time completed successfully (no errors within bake time).
              carried by Kustomization app (spec.postBuild.substitute.VERSION)
Doing         waiting for gates
Not deployed  v3
              1. RolloutGate board does not allow v3 (spec.allowedVersions)
                 to change it: whoever may edit RolloutGate board adds v3 to spec.allowedVersions
              v4 waits for its turn: v3 comes first
Next          nothing by itself: it waits for one of the changes above
`,
  ],
])('%s', (_name, build, expected) => {
  expect(explain(build())).toBe(expected);
});
