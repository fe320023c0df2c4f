import { describe, expect, it } from 'vitest';
import type { VersionInfo } from '../api/rollout.ts';
import { parseDigest, parseTag, type Tag } from '../api/tag.ts';
import { mergeReleases } from './releases.ts';
import { Scenario } from './testing/scenario.ts';

const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const known = (world: Scenario): string[] => (world.rollout.status?.availableReleases ?? []).map(({ tag }) => tag);

describe('known releases', () => {
  it('R9 appends what is new, with the tag alone when the registry says no more', () => {
    const world = new Scenario().latest('0.1.0');
    world.look();
    expect(world.rollout.status?.availableReleases).toEqual([{ tag: '0.1.0' }]);
    world.latest('0.2.0').look();
    expect(world.rollout.status?.availableReleases).toEqual([{ tag: '0.1.0' }, { tag: '0.2.0' }]);
  });

  it('says that there is nothing yet', () => {
    const world = new Scenario();
    const plan = world.look();
    expect(world.condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'NoReleases',
      message: 'No releases available',
    });
    expect(plan).not.toHaveProperty('desired');
    expect(plan.reasons).toHaveLength(1);
  });

  it('A6: every tag between the deployed and the newest is seen, however fast they came', () => {
    const world = new Scenario().registry('1.0.0');
    world.look();
    world.gate('gate', { allowedVersions: [] }).registry('1.0.0', '1.1.0', '1.2.0', '1.3.0').look();
    expect(world.candidates).toEqual(['1.3.0', '1.2.0', '1.1.0']);
    world.gate('gate', { allowedVersions: ['1.2.0'] }).look();
    expect(world.tags).toEqual(['1.2.0', '1.0.0']);
  });

  it('A6: a newest tag that moves back is no newer release, and order does not invert when it returns', () => {
    const world = new Scenario().registry('1.0.0', '1.1.0', '1.2.0');
    world.look();
    world.registry('1.0.0', '1.1.0').look();
    expect(world.tags).toEqual(['1.2.0']);
    expect(world.candidates).toEqual([]);
    world.registry('1.0.0', '1.1.0', '1.2.0', '1.2.1').look();
    expect(world.tags).toEqual(['1.2.1', '1.2.0']);
  });

  it('A6: a list that upstream left in inverted order is put right', () => {
    const world = new Scenario({ available: ['1.2.0', '1.1.0'], history: [{ tag: '1.1.0', bakeStatus: 'Succeeded' }] });
    world.registry('1.1.0', '1.2.0').look();
    expect(known(world)).toEqual(['1.1.0', '1.2.0']);
    expect(world.tags).toEqual(['1.2.0', '1.1.0']);
  });

  it('R78 B24: a version that no list names is replaced by what is released after it, and only by that', () => {
    const options = { available: ['1.1.0', '1.2.0'], history: [{ tag: 'custom-v1.0.0', bakeStatus: 'Succeeded' }] };
    const world = new Scenario(options);
    world.look();
    expect(world.candidates).toEqual([]);
    expect(world.rollout.status?.gatedReleaseCandidates).toBeUndefined();
    world.registry('1.1.0', '1.2.0', '1.3.0').look();
    expect(world.tags).toEqual(['1.3.0', 'custom-v1.0.0']);
  });

  it('B17: metadata that could not be read is filled in later, in the list and in the newest entry', () => {
    const world = new Scenario().latest('1.0.0');
    world.look();
    const metadata: VersionInfo = { tag: parseTag('1.0.0'), digest: digest('a'), revision: 'abc' };
    world.releases = { ...world.releases, metadata: new Map<Tag, VersionInfo>([[metadata.tag, metadata]]) };
    world.look();
    expect(world.rollout.status?.availableReleases).toEqual([metadata]);
    expect(world.newest.version).toEqual(metadata);
  });

  it('a moved tag updates the list, never the record of what ran', () => {
    const world = new Scenario();
    const release = (letter: string): VersionInfo => ({ tag: parseTag('1.0.0'), digest: digest(letter) });
    world.releases = { ...world.releases, latest: release('a') };
    world.look();
    world.releases = { ...world.releases, latest: release('b') };
    world.look();
    expect(world.newest.version.digest).toBe(digest('a'));
    expect(world.rollout.status?.availableReleases?.[0]?.digest).toBe(digest('b'));
  });

  it('a policy that is gone or broken stops automation, and says what to do and when it is looked at again', () => {
    const world = new Scenario({ available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    const policyFault = {
      reason: 'ImagePolicyNotFound',
      message: 'ImagePolicy apps/app not found: create it',
    } as const;
    world.releases = { ...world.releases, policyFault };
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('ReleasesUpdated')).toMatchObject({ status: 'False', reason: 'ImagePolicyNotFound' });
    expect(world.condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'RolloutFailed',
      message: policyFault.message,
    });
    expect(plan.reasons[0]?.message).toBe(policyFault.message);
    expect(plan.desired).toBe('1.0.0');
  });

  it('a registry that is down costs metadata, not the release', () => {
    const world = new Scenario().latest('1.0.0');
    const retryAt = world.now.add({ seconds: 30 });
    const fault = {
      reason: 'RegistryUnavailable',
      message: 'registry.example/app: connection refused',
      retryAt,
    } as const;
    world.releases = { ...world.releases, fault };
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('ReleasesUpdated')).toMatchObject({ status: 'False', reason: 'RegistryUnavailable' });
    expect(plan.requeueAt).toEqual(retryAt);
  });
});

describe('an invalid spec', () => {
  it('B31: is named, keeps what runs and waits for its correction', () => {
    const world = new Scenario({
      available: ['1.0.0', '1.1.0'],
      history: [{ tag: '1.0.0' }],
      spec: { bakeTime: 'soon' },
    });
    const plan = world.look();
    expect(plan.desired).toBe('1.0.0');
    expect(plan.requeueAt).toBeUndefined();
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason: 'InvalidSpec' });
    expect(world.condition('Ready')?.message).toContain('spec.bakeTime');
  });
});

describe('of very many new releases a hundred are taken at once', () => {
  const tags = ['0', ...Array.from({ length: 250 }, (_, index) => `1.${index}`)].map(parseTag);
  const history = [{ id: 1, version: { tag: tags[0]! }, timestamp: '2026-01-05T12:00:00Z' }];
  const taken = (order: 'Newest' | 'Sequential' | undefined, present: readonly Tag[], ranked = tags): Tag[] => {
    const latest = { tag: ranked.at(-1)! };
    const observed = {
      latest,
      admitted: ranked,
      ranked,
      metadata: new Map<Tag, VersionInfo>(),
      unknownTags: new Set<Tag>(),
    };
    const before = [tags[0]!, ...present].map((tag) => ({ tag }));
    return mergeReleases(before, observed, history, order)
      .map(({ tag }) => tag)
      .slice(1);
  };

  it('the newest of them', () => {
    expect(taken('Newest', [])).toEqual(tags.slice(-100));
    expect(taken(undefined, [])).toEqual(tags.slice(-100));
  });

  it('in order the oldest of them, and the newest of all not before its turn', () => {
    expect(taken('Sequential', [])).toEqual(tags.slice(1, 101));
    expect(taken('Sequential', tags.slice(1, 41))).toEqual(tags.slice(1, 101));
    expect(taken('Sequential', tags.slice(1, 151))).toEqual(tags.slice(1, 151));
    expect(taken('Sequential', [], tags.slice(0, 101))).toEqual(tags.slice(1, 101));
    expect(taken('Sequential', [], tags.slice(0, 51))).toEqual(tags.slice(1, 51));
  });
});
