import { describe, expect, it } from 'vitest';
import { Scenario } from './testing/scenario.ts';

const closed = { passing: false };

describe('a Rollout without history beside a running application', () => {
  it('records what runs, and does not ship the newest release past a closed gate', () => {
    const world = new Scenario().registry('1.0.0', '1.1.0').target('1.0.0').gate('gate', closed);
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.newest).toMatchObject({ id: 1, trigger: 'Adoption', bakeStatus: 'Succeeded' });
    expect(plan.desired).toBe('1.0.0');
    expect(plan.events.map(({ reason }) => reason)).toContain('DeploymentAdopted');
    expect(world.candidates).toEqual(['1.1.0']);
    world.gate('gate', { passing: true }).look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
  });

  it('R24 R25 takes a placeholder for what it is', () => {
    const world = new Scenario().registry('0.1.0', '0.2.0').target('old-version').gate('gate', closed);
    const plan = world.look();
    expect(world.tags).toEqual(['0.2.0']);
    expect(plan.desired).toBe('0.2.0');
  });

  it('keeps the gates up when nobody can tell whether it runs a release', () => {
    const world = new Scenario().latest('0.2.0').target('old-version').gate('gate', closed);
    const plan = world.look();
    expect(world.tags).toEqual([]);
    expect(plan).not.toHaveProperty('desired');
    expect(plan.reasons[0]?.code).toBe('WaitingForGates');
    world.gate('gate', { passing: true }).look();
    expect(world.tags).toEqual(['0.2.0']);
  });

  it('with different versions in different targets the newest is what was let out', () => {
    const world = new Scenario().registry('1.0.0', '1.1.0', '1.2.0').target('1.0.0').gate('gate', closed);
    const [first] = world.targets;
    world.target('1.1.0', { name: 'other' });
    if (first !== undefined) world.targets.push(first);
    world.look();
    expect(world.tags).toEqual(['1.1.0']);
  });
});
