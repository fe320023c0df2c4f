import { describe, expect, it } from 'vitest';
import { HealthCheck } from '../api/health-check.ts';
import { evaluateHealth } from './health.ts';
import { Scenario } from './testing/scenario.ts';

const selector = { healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } } };
const onFirst = { spec: selector, available: ['0.1.0'], history: [{ tag: '0.1.0', bakeStatus: 'Succeeded' }] };
const foo = HealthCheck.parse({
  apiVersion: HealthCheck.apiVersion,
  kind: 'HealthCheck',
  metadata: { name: 'foo', namespace: 'apps' },
  spec: {},
  status: { status: 'Unhealthy', message: 'disk full' },
});

describe('health before a deployment', () => {
  it.each([
    { name: 'V1 V2 manual', checks: [foo], manual: true, status: 'False', reason: 'ManualDeployment' },
    { name: 'V3 unhealthy', checks: [foo], manual: false, status: 'True', reason: 'UnhealthyHealthChecks' },
    { name: 'V4 V14 healthy', checks: [], manual: false, status: 'False', reason: 'HealthChecksHealthy' },
  ])('$name', ({ checks, manual, status, reason }) => {
    expect(evaluateHealth(checks, manual).condition).toMatchObject({ type: 'DeploymentBlocked', status, reason });
  });

  it('names the check, its namespace and what it says', () => {
    expect(evaluateHealth([foo], false).condition.message).toBe(
      "HealthCheck 'foo' in namespace 'apps' is not healthy (status: Unhealthy): disk full",
    );
  });

  it('R55 R60 one unhealthy check of several blocks an automatic deployment', () => {
    const world = new Scenario(onFirst).check('a', { status: 'Healthy' }).check('b', { status: 'Unhealthy' });
    const plan = world.latest('0.2.0').look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(plan.events.map(({ reason }) => reason)).toEqual(['HealthCheckBlocking']);
    expect(world.condition('Progressing')?.reason).toBe('WaitingForHealth');
    expect(world.look().events).toEqual([]);
  });

  it('B9: goes on when health recovers', () => {
    const world = new Scenario(onFirst).check('b', { status: 'Unhealthy' }).latest('0.2.0');
    world.look();
    world.check('b', { status: 'Healthy' }).look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
  });

  it.each(['Pending', 'Healthy', undefined])('R56 R58 R59 %s does not block', (status) => {
    const world = new Scenario(onFirst).check('a', status === undefined ? {} : { status });
    world.latest('0.2.0').look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
  });
});
