/** A9: what Flux cannot apply fails, with and without health checks, and never begins to bake. */
import { describe, expect, it } from 'vitest';
import type { TargetObservation } from './observation.ts';
import { at, Scenario } from './testing/scenario.ts';

const broken = (since?: string): Partial<TargetObservation> => ({
  applying: 'generation 2',
  failure: {
    message: 'Kustomization.kustomize.toolkit.fluxcd.io apps/app: BuildFailed: no such file',
    ...(since !== undefined && { since: Temporal.Instant.from(since) }),
  },
});

function deploying(spec: object): Scenario {
  const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const }];
  const world = new Scenario({ spec, available: ['1.0.0'], history, policy: 'Rollback' }).target('1.0.0');
  world.latest('1.1.0').look();
  expect(world.newest).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'Deploying' });
  return world;
}

describe('a target that Flux fails to apply', () => {
  it('A9: fails after five minutes without a deployTimeout, and is rolled back', () => {
    const world = deploying({ bakeTime: '1m' });
    const plan = world
      .advance('+10s')
      .target('1.1.0', broken(at('+10s')))
      .look();
    expect(plan.requeueAt?.toString()).toBe(at('+310s'));
    expect(plan.reasons[0]).toMatchObject({
      message: 'Deploying 1.1.0: waiting until 2026-01-05T12:05:10Z for Flux to apply Kustomization/app, then it fails',
      details: [
        expect.stringContaining('BuildFailed: no such file') as string,
        'if it fails, it is rolled back to 1.0.0',
      ],
    });
    world.now = Temporal.Instant.from(at('+310s'));
    world.look();
    expect(world.tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(world.history[1]).toMatchObject({
      bakeStatus: 'Failed',
      endedBy: { kind: 'Target', name: 'Kustomization/app' },
      rolledBackBy: 3,
    });
    expect(world.history[1]?.bakeStatusMessage).toMatch(/^Flux could not apply it: .*BuildFailed: no such file$/);
    expect(world.newest.message).toContain('whose bake failed: Flux could not apply it');
  });

  it('fails after deployTimeout, which counts from the deployment, and says both', () => {
    const world = deploying({ bakeTime: '1m', deployTimeout: '30s' });
    world
      .advance('+20s')
      .target('1.1.0', broken(at('+20s')))
      .look();
    world.advance('+10s').look();
    expect(world.history[1]).toMatchObject({ bakeStatus: 'Failed', endedBy: { kind: 'Target' } });
    expect(world.history[1]?.bakeStatusMessage).toMatch(
      /^Deploy timeout reached before bake could start .* BuildFailed/,
    );
  });

  it('what Flux said before the deployment counts from the deployment', () => {
    const world = deploying({ bakeTime: '1m' });
    const plan = world.target('1.1.0', broken(at('-1h'))).look();
    expect(plan.requeueAt?.toString()).toBe(at('+5m'));
  });

  it('what fails with another version is not about this one', () => {
    const world = deploying({ bakeTime: '1m' });
    world
      .advance('+10m')
      .target('1.0.0', broken(at('-1h')))
      .look();
    expect(world.newest).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'Deploying' });
    world.target('1.1.0').look();
    expect(world.newest.bakeStatus).toBe('InProgress');
  });

  it('does not end well while one fails, or while Flux is at it', () => {
    const world = deploying({ bakeTime: '1m' });
    world.look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    world
      .advance('+50s')
      .target('1.1.0', broken(at('+50s')))
      .look();
    const plan = world.advance('+30s').look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(plan.reasons[0]?.message).toBe(
      'Baking 1.1.0, fails at 2026-01-05T12:05:50Z; not healthy: Flux to apply Kustomization/app',
    );
    world.target('1.1.0', { applying: 'generation 2' }).look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    world.target('1.1.0').look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Succeeded', endedBy: { kind: 'BakeTime' } });
  });

  it('a Rollout that is not judged succeeds at once, as before', () => {
    const world = new Scenario({ policy: 'Rollback' }).target('1.0.0', broken(at('-1h'))).latest('1.0.0');
    world.look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Succeeded' });
  });

  it('a rollback that Flux has not applied yet is still in recovery mode', () => {
    const world = deploying({ bakeTime: '1m', deployTimeout: '1s' });
    world.target('1.1.0', broken()).advance('+1s').look();
    expect(world.newest).toMatchObject({ trigger: 'Rollback' });
    world.target('1.0.0', { applying: 'generation 3' }).advance('+10s').look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    world.target('1.0.0').look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(world.condition('BakeFailureDisabled')?.status).toBe('False');
  });

  it('does not fail a deployment in recovery mode', () => {
    const spec = { bakeTime: '1m', wantedVersion: '1.1.0', healthCheckSelector: { matchLabels: { app: 'test-app' } } };
    const world = new Scenario({ spec })
      .check('hc', { status: 'Unhealthy' })
      .target(undefined, broken())
      .latest('1.1.0');
    world.look();
    world.advance('+10m').look();
    expect(world.newest.bakeStatus).toBe('Deploying');
    world.advance('+50m').look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Failed', endedBy: { kind: 'Target' } });
  });
});
