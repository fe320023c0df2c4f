/** What the policy and the registry offer now, against what a status remembers. */
import { describe, expect, it } from 'vitest';
import { Scenario } from './testing/scenario.ts';

const BYPASS = 'rollout.kuberik.com/bypass-gates';
const known = (world: Scenario): string[] => (world.rollout.status?.availableReleases ?? []).map(({ tag }) => tag);

function gated(...tags: string[]): Scenario {
  const world = new Scenario().registry('1.0.0');
  world.look();
  world
    .gate('gate', { passing: false })
    .registry('1.0.0', ...tags)
    .look();
  expect(world.candidates).toEqual(tags.toReversed());
  return world;
}

describe('a release that is gone', () => {
  it('from the registry while a gate held it: it is not deployed when the gate opens', () => {
    const world = gated('1.1.0', '1.2.0').registry('1.0.0', '1.1.0').gate('gate', { passing: true });
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(known(world)).toEqual(['1.0.0', '1.1.0']);
  });

  it('is no longer known, but what runs and what ran stays', () => {
    const world = new Scenario().registry('1.0.0');
    world.look();
    world.registry('1.0.0', '1.1.0').look();
    world.registry('1.2.0').gate('gate', { passing: false }).look();
    expect(known(world)).toEqual(['1.0.0', '1.1.0', '1.2.0']);
  });

  it('R68 cannot be forced either', () => {
    const world = gated('1.1.0').registry('1.0.0');
    world.annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }).look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('Ready')?.reason).toBe('RolloutFailed');
  });

  it('from the policy, which admits less than before: it stays a candidate that says why it waits', () => {
    const world = gated('1.1.0', '2.0.0');
    const admitted = world.releases.admitted?.filter((tag) => tag !== '2.0.0') ?? [];
    world.releases = { ...world.releases, admitted };
    world.gate('gate', { passing: true }).look();
    expect(world.tags[0]).toBe('1.1.0');
    const plan = world.look();
    expect(plan.reasons[0]?.message).toContain('2.0.0 is not admitted by the ImagePolicy');
  });

  it('with the whole ImagePolicy: releases of the one before are not deployed', () => {
    const world = gated('3.0.0').registry('1.0.0', '1.0.1').gate('gate', { passing: true });
    world.spec({ releasesImagePolicy: { name: 'other' } }).look();
    expect(world.tags).toEqual(['1.0.1', '1.0.0']);
  });
});

describe('a bypass', () => {
  const failed = { tag: '1.1.0', reason: 'BakeFailed' as const, timestamp: '2026-01-05T11:00:00Z' };

  it('for a release that failed here does not keep the others from going on (I6)', () => {
    const world = new Scenario({
      available: ['1.0.0', '1.1.0', '1.2.0'],
      history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }],
      annotations: { [BYPASS]: '1.1.0' },
    });
    world.rollout = { ...world.rollout, status: { ...world.rollout.status, rejectedReleases: [failed as never] } };
    world.look();
    expect(world.tags).toEqual(['1.2.0', '1.0.0']);
    expect(world.newest.message).toBe('Automatic deployment');
  });

  it('R65, unlike upstream: a value that is no release is not used up by another deployment', () => {
    const world = new Scenario({ spec: { bakeTime: '5m' }, annotations: { [BYPASS]: 'true' } }).latest('1.1.0');
    world.look();
    expect(world.newest).toMatchObject({ bakeStatus: 'Deploying', message: 'Automatic deployment' });
    expect(world.annotation(BYPASS)).toBe('true');
  });
});

describe('rejected releases', () => {
  it('A10 I6: are remembered when neither the history nor the list of releases names them any more', () => {
    const history = [{ tag: '1.0.0', bakeStatus: 'Succeeded' }];
    const world = new Scenario({ available: ['1.0.0', '1.1.0'], history, spec: { versionHistoryLimit: 1 } });
    const rejected = { tag: '1.1.0', reason: 'BakeFailed', timestamp: '2026-01-05T11:00:00Z' };
    world.rollout = {
      ...world.rollout,
      status: {
        ...world.rollout.status,
        availableReleases: [{ tag: '1.0.0' as never }],
        rejectedReleases: [rejected as never],
      },
    };
    world.look();
    world.registry('1.0.0', '1.1.0').look();
    expect(world.tags).toEqual(['1.0.0']);
  });
});

describe('the reason of a held release', () => {
  it('names a version that the gate does not allow, not one that it does', () => {
    const world = new Scenario({ available: ['1.0.0', '1.1.0', '1.2.0'], history: [{ tag: '1.0.0' }] });
    const rejected = { tag: '1.2.0', reason: 'BakeFailed', timestamp: '2026-01-05T11:00:00Z' };
    world.rollout = { ...world.rollout, status: { ...world.rollout.status, rejectedReleases: [rejected as never] } };
    const plan = world.gate('gate', { allowedVersions: ['1.2.0'] }).look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]?.message).toBe('RolloutGate gate does not allow 1.1.0 (spec.allowedVersions)');
  });
});
