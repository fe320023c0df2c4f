/** When a Rollout is looked at again (I10): at the instant at which something changes, never at an interval (C1). */
import { describe, expect, it } from 'vitest';
import { resolveRolloutSpec } from '../api/rollout-spec.ts';
import { at, Scenario } from './testing/scenario.ts';

const selector = { healthCheckSelector: { matchLabels: { app: 'test-app' } } };
const due = (world: Scenario): string | undefined => world.look().requeueAt?.toString();

describe('the next look', () => {
  it.each([
    {
      name: 'R49 R51 R96 the end of the bake',
      spec: { bakeTime: '5m' },
      check: { status: 'Healthy', lastChangeTime: at('+1s') },
      expected: at('+305s'),
    },
    { name: 'R97 the end of deployTimeout', spec: { deployTimeout: '10m' }, check: {}, expected: at('+10m') },
    { name: 'R52 R100 C1, unlike upstream no poll while a check is waited for', spec: { bakeTime: '5m' }, check: {} },
  ])('$name', ({ spec, check, expected }) => {
    const world = new Scenario({ spec: { ...spec, ...selector } }).check('hc', {}).latest('0.1.0');
    world.look();
    world.advance('+5s').check('hc', check).look();
    expect(due(world)).toBe(expected);
  });

  it('R98 R99 C1, unlike upstream nothing is polled where nothing can change by itself', () => {
    expect(due(new Scenario())).toBeUndefined();
    const pinned = new Scenario({ spec: { wantedVersion: '0.1.0' } }).latest('0.1.0');
    pinned.look();
    expect(due(pinned)).toBeUndefined();
    const gated = new Scenario({ available: ['0.1.0'], history: [{ tag: '0.1.0' }] }).gate('gate', { passing: false });
    expect(due(gated.latest('0.2.0'))).toBeUndefined();
  });

  it('B11: is not every second after the timeout of a retry has passed', () => {
    const history = [
      { tag: '1.0.0', id: 1, timestamp: at('-1h'), lastRetryTimestamp: at('-2m'), bakeStatus: 'Deploying' },
    ];
    const world = new Scenario({ spec: { ...selector, deployTimeout: '10m' }, available: ['1.0.0'], history });
    expect(due(world.check('hc', {}))).toBe(at('+8m'));
  });

  it('C9: a bake that ends and the deployment after it are one look and one status', () => {
    const world = new Scenario({ spec: { bakeTime: '1m' } }).latest('1.0.0');
    world.look();
    world.look();
    const plan = world.latest('1.1.0').advance('+2m').look();
    expect(plan.status.history?.map(({ bakeStatus }) => bakeStatus)).toEqual(['Deploying', 'Succeeded']);
  });

  it('C3 C8: the order in which things are listed does not make another status', () => {
    const world = new Scenario({ available: ['0.1.0'], history: [{ tag: '0.1.0', bakeStatus: 'Succeeded' }] });
    world.gate('a', { passing: false }).gate('b', { passing: false }).latest('0.2.0').look();
    expect(world.rollout.status?.gates?.map(({ name }) => name)).toEqual(['a', 'b']);
    const before = world.rollout.status;
    expect(world.advance('+1h').look().status).toBe(before);
  });

  it('is not in the past when an instant of the registry has passed', () => {
    const world = new Scenario().latest('1.0.0');
    world.releases = { ...world.releases, refreshAt: world.now.subtract({ seconds: 5 }) };
    expect(due(world)).toBe(world.now.toString());
  });
});

describe('whether deployments are judged', () => {
  it.each([
    { name: 'R79', spec: {}, expected: false },
    { name: 'R80', spec: { bakeTime: '5m' }, expected: true },
    { name: 'R81', spec: { deployTimeout: '10m' }, expected: true },
    { name: 'R82', spec: selector, expected: true },
  ])('$name: $expected', ({ spec, expected }) => {
    expect(resolveRolloutSpec(new Scenario({ spec }).rollout).bakes).toBe(expected);
  });
});

describe('R63 a Rollout without a release and without a bypass', () => {
  it('waits', () => {
    const world = new Scenario().gate('gate', { passing: false });
    expect(due(world)).toBeUndefined();
    expect(world.tags).toEqual([]);
  });
});
