/** Names, lengths and numbers at their limits: a status must stay writable, and the same facts the same bytes. */
import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const selector = { healthCheckSelector: { matchLabels: { app: 'test-app' } } };

describe('long texts', () => {
  it('a message and a user of any length fit into every entry of the history', () => {
    const world = new Scenario({
      available: ['1.0.0', '2.0.0'],
      annotations: {
        'rollout.kuberik.com/force-deploy': '1.0.0',
        'rollout.kuberik.com/deploy-message': 'm'.repeat(200_000),
        'rollout.kuberik.com/deploy-user': 'u'.repeat(10_000),
      },
    });
    world.look();
    expect(world.newest.message).toHaveLength(4096);
    expect(world.newest.triggeredBy?.name).toHaveLength(256);
  });

  it('so do the failures of a thousand checks', () => {
    const world = new Scenario({ spec: { bakeTime: '5m', ...selector } }).check('hc', {}).latest('1.0.0');
    world.look();
    for (let index = 0; index < 60; index++) {
      world.check(`hc-${index}`, { status: 'Unhealthy', lastErrorTime: at('+0s'), message: 'x'.repeat(30_000) });
    }
    world.look();
    expect(world.newest.failedHealthChecks).toHaveLength(50);
    expect(world.newest.failedHealthChecks?.[0]?.message).toHaveLength(1024);
  });

  it('so do the approvals of a thousand people, and the names of those who gave too few', () => {
    const world = new Scenario({ available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    world.gate('board', { class: 'manual', approval: { required: 100 } });
    const approve = (from: number, to: number): void => {
      for (let index = from; index < to; index++) {
        world.approve('board', '1.1.0', `${index}-${'u'.repeat(240)}`, { reason: 'r'.repeat(1024) });
      }
    };
    approve(0, 99);
    world.look();
    expect(world.rollout.status?.gates?.[0]?.message).toContain(', and 89 more)');
    expect(world.rollout.status?.gates?.[0]?.message?.length).toBeLessThan(4096);
    approve(99, 1000);
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.newest.approvals).toHaveLength(100);
    expect(world.newest.approvals?.[0]?.reason).toHaveLength(256);
  });

  it('a condition is never cut through a character, which the API server would store as another one', () => {
    const world = new Scenario().latest('1.0.0');
    const message = `${'x'.repeat(4095)}\u{1F525}`;
    world.target('1.0.0', { fault: { reason: 'TargetFailed', message } }).look();
    expect(world.condition('TargetsUpdated')?.message.isWellFormed()).toBe(true);
  });
});

describe('many releases', () => {
  const tags = (count: number): string[] => Array.from({ length: count }, (_, index) => `1.${index}.0`);

  it('a thousand at once: the newest is deployed, the list stays bounded, and the Rollout comes to rest', () => {
    const world = new Scenario().registry('1.0.0');
    world.look();
    world.gate('gate', { passing: false }).registry(...tags(1000));
    for (let look = 0; look < 12; look++) world.look();
    expect(world.rollout.status?.availableReleases?.length).toBeLessThanOrEqual(500);
    expect(world.candidates[0]).toBe('1.999.0');
    const before = world.rollout.status;
    expect(world.look().status).toBe(before);
    world.gate('gate', { passing: true }).look();
    expect(world.tags).toEqual(['1.999.0', '1.0.0']);
  });

  it('a deployed version that the bounded list has dropped still has newer ones', () => {
    const history = [{ tag: '1.0.0', bakeStatus: 'Succeeded' }];
    const world = new Scenario({ available: tags(600).slice(1), history }).registry(...tags(600));
    world.look();
    expect(world.tags).toEqual(['1.599.0', '1.0.0']);
  });
});

describe('versionHistoryLimit 1', () => {
  it('a failure finds no version to return to, and stays', () => {
    const world = new Scenario({ spec: { bakeTime: '5m', ...selector, versionHistoryLimit: 1 }, policy: 'Rollback' });
    world
      .check('hc', { status: 'Healthy', lastChangeTime: at('+0s') })
      .latest('1.0.0')
      .look();
    world.look();
    world.advance('+10m').latest('1.1.0').look();
    expect(world.tags).toEqual(['1.1.0']);
    world.advance('+1m').check('hc', { status: 'Unhealthy', lastErrorTime: world.now.toString() }).look();
    expect(world.tags).toEqual(['1.1.0']);
    expect(world.condition('Progressing')?.reason).toBe('Halted');
    expect(world.newest.id).toBe(2);
  });
});

describe('names that an object has anyway', () => {
  it.each(['__proto__', 'constructor', 'toString'])('%s is a tag like any other', (tag) => {
    const world = new Scenario().latest(tag);
    world.look();
    expect(world.tags).toEqual([tag]);
    world
      .gate(tag, { allowedVersions: ['constructor', 'v2'] })
      .latest('v2')
      .look();
    expect(world.tags).toEqual(['v2', tag]);
  });
});
