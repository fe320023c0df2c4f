/** What a crash between two writes leaves behind (24.3), and requests that stay because their removal keeps failing. */
import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const FORCE = 'rollout.kuberik.com/force-deploy';
const USER = 'rollout.kuberik.com/deploy-user';
const UNBLOCK = 'rollout.kuberik.com/unblock-failed';
const RETRY = 'rollout.kuberik.com/retry';
const spec = { bakeTime: '5m', healthCheckSelector: { matchLabels: { app: 'test-app' } } };
const crash = { crashBeforeConsuming: true };

describe('a crash after the status write (24.3)', () => {
  it('A5: what is recorded is what the targets are told by the next look, whatever has changed since', () => {
    const world = new Scenario({ available: ['1.0.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    world.target('1.0.0').latest('1.1.0').look(crash);
    expect(world.targets[0]?.carries).toBe('1.0.0');
    const plan = world.gate('gate', { passing: false }).latest('1.2.0').look();
    expect(plan.desired).toBe('1.1.0');
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('A5: nothing is baked before every target carries it', () => {
    const world = new Scenario({ spec: { deployTimeout: '10m' } }).registry('1.0.0').target(undefined);
    world.look(crash);
    const plan = world.look(crash);
    expect(world.newest.bakeStatus).toBe('Deploying');
    expect(plan.reasons[0]?.message).toContain('every target to carry it');
    expect(plan.requeueAt?.toString()).toBe(at('+10m'));
    world.look();
    world.look();
    expect(world.newest.bakeStatus).toBe('Succeeded');
  });

  it('unblock-failed does not unblock a later failure, however often its removal fails', () => {
    const world = new Scenario({
      spec,
      available: ['1.0.0'],
      history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }],
      annotations: { [UNBLOCK]: 'true' },
    });
    world.latest('1.1.0').look(crash);
    expect(world.tags[0]).toBe('1.1.0');
    // Not in recovery any more: a person tells that this one may fail again.
    const conditions = (world.rollout.status?.conditions ?? []).map((condition) =>
      condition.type === 'BakeFailureDisabled' ? { ...condition, status: 'False' as const } : condition,
    );
    world.rollout = { ...world.rollout, status: { ...world.rollout.status, conditions } };
    world
      .advance('+1m')
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+1m') })
      .look(crash);
    expect(world.newest.bakeStatus).toBe('Failed');
    world.check('hc', { status: 'Healthy' }).latest('1.2.0').look(crash);
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.annotation(UNBLOCK)).toBeUndefined();
  });

  it('a request that was dropped is none later, when another version runs', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded' }],
      annotations: { 'rollout.kuberik.com/deploy': '1.0.0' },
    });
    world.latest('1.1.0').look(crash);
    expect(world.tags[0]).toBe('1.1.0');
    world.look();
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.annotation('rollout.kuberik.com/deploy')).toBeUndefined();
  });

  it('force-deploy does not come back after automation has gone on (B12)', () => {
    const world = new Scenario({ annotations: { [FORCE]: '1.0.0' } }).registry('1.0.0', '1.1.0');
    world.look(crash);
    world.registry('1.0.0', '1.1.0', '1.2.0').look(crash);
    expect(world.tags).toEqual(['1.2.0', '1.0.0']);
    world.look(crash);
    world.look();
    world.look();
    expect(world.tags).toEqual(['1.2.0', '1.0.0']);
    expect(world.annotation(FORCE)).toBeUndefined();
    expect(world.rollout.status?.consumedAnnotations).toBeUndefined();
  });

  it('retry starts the bake over once, not again after each failure', () => {
    const world = new Scenario({
      spec,
      available: ['1.0.0'],
      history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }],
      annotations: { [RETRY]: '' },
    }).check('hc', {});
    world.look(crash);
    world
      .advance('+1m')
      .check('hc', { status: 'Unhealthy', lastErrorTime: at('+1m') })
      .look(crash);
    const plan = world.look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Failed', lastRetryTimestamp: at('+0s') });
    expect(world.annotation(RETRY)).toBeUndefined();
    expect(plan.events).toEqual([]);
  });

  it('a request of the same text made later is a request of its own', () => {
    const world = new Scenario({ available: ['1.0.0'], history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Failed' }] });
    for (const minute of [1, 2]) {
      world
        .advance('+1m')
        .annotate({ [RETRY]: 'true' })
        .check('hc', {})
        .look();
      expect(world.newest.lastRetryTimestamp).toBe(at(`+${minute}m`));
      world.look();
      const [newest] = world.history;
      world.rollout = {
        ...world.rollout,
        status: { ...world.rollout.status, history: [{ ...newest!, bakeStatus: 'Failed' }] },
      };
    }
  });

  it('no annotation is removed twice: one JSON patch removes them all, or none', () => {
    const world = new Scenario({
      available: ['1.0.0', '2.0.0', '3.0.0'],
      annotations: { [FORCE]: '1.0.0', [USER]: 'alice' },
    });
    world.look(crash);
    const plan = world.spec({ wantedVersion: '2.0.0' }).look();
    const keys = plan.consume.map(({ key }) => key);
    expect(keys).toHaveLength(new Set(keys).size);
    expect(Object.keys(world.rollout.metadata.annotations ?? {})).toEqual([]);
  });

  it('B13: the user of a refused force-deploy is not made the user of the pin', () => {
    const world = new Scenario({
      available: ['1.0.0', '2.0.0'],
      spec: { wantedVersion: '1.0.0' },
      annotations: { [FORCE]: '2.0.0', [USER]: 'alice' },
    });
    world.look();
    expect(world.newest.triggeredBy?.kind).toBe('System');
    expect(Object.keys(world.rollout.metadata.annotations ?? {})).toEqual([]);
  });

  it('B16: only what was acted upon is removed, by value', () => {
    const world = new Scenario({ available: ['1.0.0'], annotations: { [FORCE]: '1.0.0', note: 'mine' } });
    expect(world.look().consume).toEqual([{ key: FORCE, value: '1.0.0' }]);
    expect(world.rollout.metadata.annotations).toEqual({ note: 'mine' });
  });
});
