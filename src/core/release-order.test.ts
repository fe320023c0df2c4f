import { describe, expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const spec = { bakeTime: '1m', releaseOrder: 'Sequential' as const };
const four = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];

function running(extra: object = {}): Scenario {
  const history = [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const }];
  return new Scenario({ spec: { ...spec, ...extra }, available: ['1.0.0'], history, policy: 'Rollback' }).target(
    '1.0.0',
  );
}
function bakes(world: Scenario): void {
  world.look();
  world.advance('+1m').look();
}

describe('spec.releaseOrder: Sequential', () => {
  it('deploys every release in order, each after the one before', () => {
    const world = running().registry(...four);
    for (let looks = 0; looks < 8; looks += 1) bakes(world);
    expect(world.tags).toEqual(four.toReversed());
  });

  it('Newest goes to the newest at once', () => {
    const world = running({ releaseOrder: undefined }).registry(...four);
    for (let looks = 0; looks < 8; looks += 1) bakes(world);
    expect(world.tags).toEqual(['1.3.0', '1.0.0']);
  });

  it('a first deployment is the newest release', () => {
    const world = new Scenario({ spec }).registry(...four);
    world.look();
    expect(world.tags).toEqual(['1.3.0']);
  });

  it('what is asked for is an approval of the next one', () => {
    const world = running()
      .registry(...four)
      .gate('board', { class: 'manual' });
    expect(world.look().reasons).toMatchObject([{ message: 'RolloutGate board waits for an approval of 1.1.0' }]);
  });

  it('a gate that does not allow the next one holds all after it, and it is said which that is', () => {
    const world = running()
      .registry(...four)
      .gate('board', { allowedVersions: ['1.2.0', '1.3.0'] });
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]).toMatchObject({ code: 'WaitingForGates' });
    expect(plan.reasons[0]?.message).toContain('1.1.0');
    expect(plan.candidates.map(({ version, reasons }) => [version.tag, reasons[0]?.message])).toEqual([
      ['1.1.0', expect.stringContaining('board')],
      ['1.2.0', '1.2.0 waits for its turn: 1.1.0 comes first'],
      ['1.3.0', '1.3.0 waits for its turn: 1.1.0 comes first'],
    ]);
    world.gate('board', { allowedVersions: ['1.1.0'] }).look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('what failed is rolled back and passed over: the next one follows', () => {
    const selector = { healthCheckSelector: { matchLabels: { app: 'test-app' } } };
    const world = running(selector).check('hc', { status: 'Healthy', lastChangeTime: at('-1h') });
    world.registry('1.0.0', '1.1.0', '1.2.0').look();
    world.advance('+10s').check('hc', { status: 'Unhealthy', lastChangeTime: at('+10s'), lastErrorTime: at('+10s') });
    world.look();
    expect(world.tags.slice(0, 2)).toEqual(['1.0.0', '1.1.0']);
    world
      .advance('+10s')
      .check('hc', { status: 'Healthy', lastChangeTime: at('+20s') })
      .look();
    world.gate('board', { allowedVersions: [] });
    bakes(world);
    expect(world.look().candidates.map(({ version }) => version.tag)).toEqual(['1.2.0', '1.1.0']);
    world.gates = [];
    world.look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('what is revoked or not admitted is passed over', () => {
    const world = running().registry(...four);
    world.annotate({ 'rollout.kuberik.com/revoke': '1.1.0' }).look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('a person takes any version', () => {
    const world = running().registry(...four);
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.2.0' }).look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('waits while the tags of the registry cannot be read: one that nobody saw may be next', () => {
    const world = running().latest('1.3.0');
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]).toMatchObject({ code: 'WaitingForRelease' });
    expect(plan.reasons[0]?.message).toContain('Sequential');
    world.registry(...four).look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('of many releases it keeps the oldest that wait, and comes to the others later', () => {
    const tags = Array.from({ length: 700 }, (_, index) => `1.${index}.0`);
    const world = running().registry(...tags);
    world.look();
    expect(world.tags[0]).toBe('1.1.0');
    for (let looks = 0; looks < 400; looks += 1) bakes(world);
    const deployed = new Set(world.plans.flatMap(({ desired }) => desired ?? []));
    expect(deployed.size).toBeGreaterThan(200);
    expect([...deployed]).toEqual(tags.slice(1, deployed.size + 1));
    expect(world.rollout.status?.availableReleases?.length).toBeLessThan(250);
  });
});
