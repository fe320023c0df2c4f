/** A version that fails within the second of its deployment must not take the rollback with it. */
import { expect, test } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const spec = {
  failurePolicy: 'Rollback' as const,
  bakeTime: '5m',
  healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } },
};

test('a failure in the second of a deployment does not count against the rollback', () => {
  const world = new Scenario({ spec }).check('hc', {}).latest('0.1.0');
  world.look();
  world.check('hc', { status: 'Healthy', lastChangeTime: at('+1s') }).advance('+1s');
  world.look();
  world.advance('+6m');
  world.look();
  world.latest('0.2.0');
  world.look();
  const [deployed] = world.history;
  const seen = deployed?.timestamp ?? '';
  world.check('hc', { status: 'Unhealthy', lastChangeTime: seen, lastErrorTime: seen });
  world.look();
  expect(world.history.map(({ version, bakeStatus }) => `${version.tag} ${bakeStatus}`)).toEqual([
    '0.1.0 Deploying',
    '0.2.0 Failed',
    '0.1.0 Succeeded',
  ]);
  world.look();
  expect(world.newest.bakeStatus).toBe('Deploying');
  // Healthy again within the same second is about what failed; after it, the error of before is still on record.
  world.check('hc', { status: 'Healthy', lastChangeTime: seen, lastErrorTime: seen });
  world.look();
  expect(world.newest.bakeStatus).toBe('Deploying');
  world.check('hc', { status: 'Healthy', lastChangeTime: world.newest.timestamp, lastErrorTime: seen });
  world.look();
  expect(world.newest.bakeStatus).toBe('InProgress');
  world.advance('+1s');
  world.look();
  expect(world.newest.bakeStatus).toBe('InProgress');
  world.check('hc', { status: 'Unhealthy', lastChangeTime: world.now.toString(), lastErrorTime: world.now.toString() });
  world.look();
  expect(world.newest.bakeStatus).toBe('Failed');
});

test('nor does one in the second of the rollback itself, once that is healthy', () => {
  const history = [
    {
      tag: '0.2.0',
      id: 2,
      bakeStatus: 'InProgress',
      timestamp: at('-60s'),
      bakeStartTime: at('-30s'),
      trigger: 'Automatic' as const,
    },
    { tag: '0.1.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const },
  ];
  const world = new Scenario({ spec, available: ['0.1.0', '0.2.0'], history });
  const seen = { lastChangeTime: at('+0s'), lastErrorTime: at('+0s') };
  world.check('hc', { status: 'Unhealthy', ...seen }).look();
  expect(world.newest).toMatchObject({ version: { tag: '0.1.0' }, timestamp: at('+0s'), trigger: 'Rollback' });
  world.check('hc', { status: 'Healthy', ...seen }).look();
  expect(world.newest.bakeStatus).toBe('InProgress');
  world.advance('+1s').look();
  expect(world.newest.bakeStatus).toBe('InProgress');
});
