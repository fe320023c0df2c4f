import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

describe('automatic deployment', () => {
  it('R1 deploys each new release once and records it', () => {
    const world = new Scenario().latest('0.1.0');
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.newest.message).toContain('Automatic deployment');
    expect(world.newest.timestamp).toBe(at('+0s'));
    world.latest('0.2.0').look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
    const plan = world.look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
    expect(plan.events).toEqual([]);
  });

  it('R2 numbers deployments from 1', () => {
    const world = new Scenario();
    for (const tag of ['1.0.0', '2.0.0', '3.0.0']) world.latest(tag).look();
    expect(world.history.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it.each([
    { name: 'R3', limit: 2, count: 3, expected: ['0.3.0', '0.2.0'] },
    { name: 'R5', limit: 3, count: 4, expected: ['0.4.0', '0.3.0', '0.2.0'] },
  ])('$name keeps versionHistoryLimit entries', ({ limit, count, expected }) => {
    const world = new Scenario({ spec: { versionHistoryLimit: limit } });
    for (let index = 1; index <= count; index++) world.latest(`0.${index}.0`).look();
    expect(world.tags).toEqual(expected);
  });

  it('R4 and B23: entries without ids do not start the count over', () => {
    const legacy = new Scenario({
      available: ['2.0.0', '1.0.0'],
      history: [{ tag: '2.0.0' }, { tag: '1.0.0' }],
    });
    legacy.latest('3.0.0').look();
    expect(legacy.history.map(({ id }) => id)).toEqual([1, undefined, undefined]);
    const mixed = new Scenario({ available: ['1.0.0', '2.0.0'], history: [{ tag: '2.0.0' }, { tag: '1.0.0', id: 7 }] });
    mixed.latest('3.0.0').look();
    expect(mixed.newest.id).toBe(8);
  });

  it('R6 keeps 10 entries by default', () => {
    const world = new Scenario();
    for (let index = 1; index <= 11; index++) world.latest(`0.${index}.0`).look();
    expect(world.tags).toHaveLength(10);
    expect(world.tags.at(-1)).toBe('0.2.0');
  });

  it('R13 takes the newest of several', () => {
    const world = new Scenario({ available: ['0.1.0', '0.2.0'] });
    world.look();
    expect(world.tags).toEqual(['0.2.0']);
  });

  it('R73 R74 R128-R131 is attributed to the system, whatever deploy-user says, and uses the companions up', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      annotations: {
        'rollout.kuberik.com/deploy-user': 'dave@example.com',
        'rollout.kuberik.com/deploy-message': 'stale',
      },
    });
    world.look();
    expect(world.newest.triggeredBy).toEqual({ kind: 'System', name: 'rollout-controller' });
    expect(world.newest.message).toBe('Automatic deployment');
    expect(world.annotation('rollout.kuberik.com/deploy-user')).toBeUndefined();
    expect(world.annotation('rollout.kuberik.com/deploy-message')).toBeUndefined();
  });
});
