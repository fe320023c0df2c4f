/** Statuses that the Go controller left behind are taken over without a change of what runs. */
import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const selector = { healthCheckSelector: { selector: { matchLabels: { app: 'test-app' } } } };
const system = {
  triggeredBy: { kind: 'System' as const, name: 'rollout-controller' },
  message: 'Automatic deployment',
};

describe('a status of the Go controller', () => {
  it('with a running bake: it goes on from where it was', () => {
    const entry = {
      tag: '1.1.0',
      id: 8,
      timestamp: at('-3m'),
      bakeStatus: 'InProgress',
      bakeStartTime: at('-2m'),
      ...system,
    };
    const world = new Scenario({
      spec: { ...selector, bakeTime: '5m' },
      available: ['1.0.0', '1.1.0'],
      history: [entry, { tag: '1.0.0', id: 7, bakeStatus: 'Succeeded', ...system }],
      policy: 'Rollback',
    }).target('1.1.0', { claimed: false });
    const plan = world
      .check('hc', { status: 'Healthy', lastChangeTime: at('-2m') })
      .latest('1.1.0')
      .look();
    expect(plan).toMatchObject({ desired: '1.1.0', events: [] });
    expect(plan.requeueAt?.toString()).toBe(at('+3m'));
    expect(world.newest).toMatchObject(entry.bakeStatus === 'InProgress' ? { id: 8, bakeStatus: 'InProgress' } : {});
  });

  it('with a running bake that then fails: it halts, since nobody recorded who had decided', () => {
    const world = new Scenario({
      spec: selector,
      available: ['1.0.0', '1.1.0'],
      history: [
        { tag: '1.1.0', id: 8, timestamp: at('-3m'), bakeStatus: 'Deploying', ...system },
        { tag: '1.0.0', id: 7, bakeStatus: 'Succeeded', ...system },
      ],
      policy: 'Rollback',
    }).check('hc', { status: 'Unhealthy', lastErrorTime: at('-1m') });
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.newest.bakeStatus).toBe('Failed');
  });

  it('with a failure that was forced through later: the version is not rejected', () => {
    const world = new Scenario({
      available: ['1.0.0', '1.1.0'],
      history: [
        { tag: '1.0.0', id: 3, timestamp: at('-1h'), bakeStatus: 'Succeeded', bakeEndTime: at('-1h') },
        { tag: '1.1.0', id: 2, timestamp: at('-2h'), bakeStatus: 'Succeeded', bakeEndTime: at('-2h') },
        { tag: '1.1.0', id: 1, timestamp: at('-3h'), bakeStatus: 'Failed', bakeEndTime: at('-3h') },
      ],
    });
    world.look();
    expect(world.rollout.status?.rejectedReleases).toBeUndefined();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('A10: with a failure in the middle of the history: that version is not selected', () => {
    const world = new Scenario({
      available: ['1.0.0', '1.1.0'],
      history: [
        { tag: '1.0.0', id: 2, bakeStatus: 'Succeeded' },
        { tag: '1.1.0', id: 1, timestamp: at('-2h'), bakeStatus: 'Failed' },
      ],
    });
    world.look();
    expect(world.tags[0]).toBe('1.0.0');
  });

  it('B14: with an empty tag: nothing is written to the targets, it is no release, and automation goes on', () => {
    const world = new Scenario({ available: ['1.0.0'], history: [{ tag: '', id: 4, bakeStatus: 'Succeeded' }] });
    const held = world.gate('gate', { passing: false }).look();
    expect(held).not.toHaveProperty('desired');
    expect(world.rollout.status?.availableReleases).toEqual([{ tag: '1.0.0' }]);
    world.gate('gate', { passing: true }).look();
    expect(world.tags[0]).toBe('1.0.0');
    expect(world.newest.id).toBe(5);
  });

  it('A7: with recovery mode left on by a superseded bake: it ends with the next deployment', () => {
    const world = new Scenario({
      spec: selector,
      available: ['1.0.0'],
      history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }],
    });
    const condition = {
      type: 'BakeFailureDisabled',
      status: 'True' as const,
      reason: 'PreviousBakeFailed',
      message: '',
      lastTransitionTime: at('-1h'),
    };
    world.rollout = { ...world.rollout, status: { ...world.rollout.status, conditions: [condition] } };
    world.check('hc', { status: 'Healthy' }).latest('1.1.0').look();
    expect(world.condition('BakeFailureDisabled')).toMatchObject({ status: 'False', reason: 'Normal' });
  });

  it('I7: is written once, and then rests', () => {
    const world = new Scenario({
      available: ['1.2.0', '1.1.0'],
      history: [{ tag: '1.2.0', bakeStatus: 'Succeeded' }, { tag: '1.1.0' }],
    }).target('1.2.0', { claimed: false });
    world.registry('1.1.0', '1.2.0').look();
    expect(world.tags).toEqual(['1.2.0', '1.1.0']);
    const before = world.rollout.status;
    expect(world.advance('+1h').look()).toMatchObject({ events: [], consume: [] });
    expect(world.rollout.status).toEqual(before);
  });

  it('R26 A4: targets of other Rollouts are none of ours, and a version is recorded without any', () => {
    const world = new Scenario({ available: ['0.1.0', '0.2.0'] });
    world.look();
    expect(world.tags).toEqual(['0.2.0']);
    expect(world.condition('TargetsUpdated')).toMatchObject({ status: 'False', reason: 'NoTargets' });
  });

  it('a target that is deleted during its deployment does not hold it up', () => {
    const world = new Scenario({ spec: { bakeTime: '1m' } }).registry('1.0.0').target(undefined);
    world.look();
    world.targets = [];
    world.look();
    expect(world.newest.bakeStatus).toBe('InProgress');
    expect(world.condition('TargetsUpdated')?.reason).toBe('NoTargets');
  });
});
