/** What a person asks for by annotation: deploy, rollback, revoke; each consumed once, by what it was meant for. */
import { describe, expect, it } from 'vitest';
import { parseDigest, parseTag } from '../api/tag.ts';
import { at, Scenario } from './testing/scenario.ts';

const key = (name: string): string => `rollout.kuberik.com/${name}`;
const onSecond = {
  available: ['1.0.0', '1.1.0', '1.2.0', '1.3.0'],
  history: [
    { tag: '1.1.0', id: 2, bakeStatus: 'Succeeded', trigger: 'Automatic' as const },
    { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' as const },
  ],
};
const asked = (name: string, value: string) => ({ [key(name)]: value, [key('deploy-user')]: 'alice' });

describe('deploy', () => {
  it('deploys the version that was asked for, not the newest, and automation does not undo it', () => {
    const world = new Scenario({
      ...onSecond,
      annotations: { ...asked('deploy', '1.2.0'), [key('deploy-message')]: 'for the fair' },
    });
    world.look();
    expect(world.newest).toMatchObject({
      version: { tag: '1.2.0' },
      trigger: 'Manual',
      message: 'for the fair',
      triggeredBy: { kind: 'User', name: 'alice' },
      resumeAfter: '1.3.0',
    });
    for (const name of ['deploy', 'deploy-user', 'deploy-message']) expect(world.annotation(key(name))).toBeUndefined();
    world.look();
    expect(world.tags[0]).toBe('1.2.0');
    world.latest('1.4.0').look();
    expect(world.tags[0]).toBe('1.4.0');
    expect(world.newest.triggeredBy).toEqual({ kind: 'System', name: 'rollout-controller' });
  });

  it('waits for the gates, automation waits for it, and both say so', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', '1.2.0') });
    const plan = world.gate('qa', { allowedVersions: ['1.3.0'] }).look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(plan.reasons[0]?.message).toBe('RolloutGate qa does not allow 1.2.0 (spec.allowedVersions)');
    expect(plan.candidates.map(({ version, reasons }) => [version.tag, reasons[0]?.message])).toEqual([
      ['1.2.0', 'RolloutGate qa does not allow 1.2.0 (spec.allowedVersions)'],
      ['1.3.0', '1.3.0 waits until 1.2.0, which was asked for by alice, is deployed'],
    ]);
    world.gate('qa', {}).look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('waits for the end of a running bake, and says so', () => {
    const world = new Scenario({
      ...onSecond,
      spec: { bakeTime: '5m' },
      history: [{ tag: '1.1.0', id: 2, bakeStatus: 'InProgress', bakeStartTime: at('-1m') }],
      annotations: asked('deploy', '1.2.0'),
    });
    const plan = world.look();
    expect(plan.reasons.map(({ message }) => message)).toContain(
      '1.2.0, which was asked for, waits until the deployment of 1.1.0 has ended',
    );
    world.advance('+5m').look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('waits for healthy checks, and says so', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', '1.2.0') });
    const plan = world.check('hc', { status: 'Unhealthy' }).look();
    expect(plan.reasons[0]?.code).toBe('WaitingForHealth');
    expect(world.tags[0]).toBe('1.1.0');
    world.check('hc', { status: 'Healthy' }).look();
    expect(world.tags[0]).toBe('1.2.0');
  });

  it('goes past a failure and a rejection: a person has decided', () => {
    const world = new Scenario({
      ...onSecond,
      history: [{ tag: '1.2.0', id: 3, bakeStatus: 'Failed', trigger: 'Automatic' as const }, ...onSecond.history],
      annotations: asked('deploy', '1.1.0'),
    });
    world.look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('with bypass-gates passes closed gates, also to a version that is no candidate', () => {
    const world = new Scenario({
      ...onSecond,
      annotations: { ...asked('deploy', '1.0.0'), [key('bypass-gates')]: '1.0.0' },
    });
    world.gate('qa', { passing: false }).look();
    expect(world.newest).toMatchObject({ version: { tag: '1.0.0' }, message: 'Manual deployment, with gate bypass' });
    expect(world.annotation(key('bypass-gates'))).toBeUndefined();
    expect(world.annotation(key('deploy'))).toBeUndefined();
  });

  it('takes a digest for the release that has it', () => {
    const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', digest) });
    world.releases = {
      ...world.releases,
      metadata: new Map([[parseTag('1.2.0'), { tag: parseTag('1.2.0'), digest }]]),
    };
    world.look();
    expect(world.newest.version).toMatchObject({ tag: '1.2.0', digest });
    expect(world.annotation(key('deploy'))).toBeUndefined();
  });

  it.each([['9.9.9'], [`sha256:${'b'.repeat(64)}`]])('waits for %s, which is not known, and says so', (text) => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', text) });
    const plan = world.look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(plan.reasons[0]).toMatchObject({ code: 'VersionNotFound' });
    expect(plan.reasons[0]?.message).toContain(text);
    expect(world.annotation(key('deploy'))).toBe(text);
  });

  it('a version outside the policy is deployed by tag when the registry has it; automation goes on with what is newer (B24)', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', 'hotfix-1') }).registry(
      '1.0.0',
      '1.1.0',
      '1.2.0',
    );
    world.releases = { ...world.releases, hasTag: (tag) => ['hotfix-1', '1.0.0', '1.1.0', '1.2.0'].includes(tag) };
    world.look();
    expect(world.tags[0]).toBe('hotfix-1');
    world.look();
    expect(world.tags[0]).toBe('hotfix-1');
    world.registry('1.0.0', '1.1.0', '1.2.0', '1.4.0').look();
    expect(world.tags[0]).toBe('1.4.0');
  });

  it.each([
    ['what is deployed already', '1.1.0', 'ignored: 1.1.0 is deployed already'],
    ['what cannot be a tag', 'not a tag', 'cannot be a tag or a digest'],
  ])('drops %s, with its companions, and tells why', (_name, value, told) => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', value) });
    world.gate('qa', { passing: false });
    const plan = world.look();
    expect(plan.events.find(({ reason }) => reason === 'RequestIgnored')?.message).toContain(told);
    expect(world.annotation(key('deploy'))).toBeUndefined();
    expect(world.annotation(key('deploy-user'))).toBeUndefined();
  });

  it('is not used up by a forced deployment of something else', () => {
    const world = new Scenario({
      ...onSecond,
      annotations: { ...asked('deploy', '1.2.0'), [key('force-deploy')]: '1.0.0' },
    });
    world.gate('qa', { passing: false }).look();
    expect(world.tags[0]).toBe('1.0.0');
    expect(world.annotation(key('deploy'))).toBe('1.2.0');
    world.gate('qa', {}).look();
    expect(world.tags[0]).toBe('1.2.0');
    // The name was that of the forced one.
    expect(world.newest.triggeredBy?.kind).toBe('System');
  });

  it('a crash before its removal deploys nothing again', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('deploy', '1.2.0') });
    world.look({ crashBeforeConsuming: true });
    world.annotate({ [key('force-deploy')]: '1.0.0' }).look({ crashBeforeConsuming: true });
    expect(world.tags).toEqual(['1.0.0', '1.2.0', '1.1.0', '1.0.0']);
    world.look();
    world.look();
    expect(world.tags[0]).toBe('1.0.0');
    expect(world.annotation(key('deploy'))).toBeUndefined();
  });
});

describe('rollback', () => {
  it('returns to a version that was good here, past gates and health, and automation does not undo it', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('rollback', '1.0.0') });
    world.gate('qa', { passing: false }).check('hc', { status: 'Unhealthy' }).look();
    expect(world.newest).toMatchObject({
      version: { tag: '1.0.0' },
      trigger: 'Manual',
      rollbackOf: 2,
      message: 'Manual rollback from 1.1.0',
      resumeAfter: '1.3.0',
    });
    expect(world.annotation(key('rollback'))).toBeUndefined();
    world.gate('qa', {}).check('hc', { status: 'Healthy' }).look();
    expect(world.tags[0]).toBe('1.0.0');
    world.latest('1.4.0').look();
    expect(world.tags[0]).toBe('1.4.0');
  });

  it('without a version takes the last good one; again, the one before it', () => {
    const history = [{ tag: '1.2.0', id: 3, bakeStatus: 'Failed' }, ...onSecond.history];
    const world = new Scenario({ ...onSecond, history, annotations: asked('rollback', '') });
    world.look();
    expect(world.tags[0]).toBe('1.1.0');
    world.look();
    world.annotate({ [key('rollback')]: '' }).look();
    expect(world.tags[0]).toBe('1.0.0');
  });

  it('happens once, even if the removal of its annotation fails', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('rollback', '') });
    for (let looks = 0; looks < 3; looks += 1) world.look({ crashBeforeConsuming: true });
    expect(world.tags).toEqual(['1.0.0', '1.1.0', '1.0.0']);
  });

  it.each([
    ['a version that never finished here', '1.3.0', '"1.3.0" has not finished its bake here'],
    ['what is deployed already', '1.1.0', '1.1.0 is deployed already'],
  ])('is dropped for %s', (_name, value, told) => {
    const world = new Scenario({ ...onSecond, annotations: asked('rollback', value) }).gate('qa', { passing: false });
    const plan = world.look();
    expect(plan.events.find(({ reason }) => reason === 'RequestIgnored')?.message).toContain(told);
    expect(world.tags[0]).toBe('1.1.0');
    expect(world.annotation(key('rollback'))).toBeUndefined();
  });

  it('is dropped when nothing was good before', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      history: [{ tag: '1.0.0' }],
      annotations: asked('rollback', ''),
    });
    expect(world.look().events[0]?.message).toContain('no earlier version has finished its bake here');
  });

  it('is dropped while another version is pinned', () => {
    const world = new Scenario({
      ...onSecond,
      spec: { wantedVersion: '1.1.0' },
      annotations: asked('rollback', '1.0.0'),
    });
    expect(world.look().events[0]?.message).toContain('spec.wantedVersion pins 1.1.0; remove the pin first');
    expect(world.tags[0]).toBe('1.1.0');
  });
});

describe('revoke', () => {
  it('keeps a release from being selected, names who did it, and is told once', () => {
    const world = new Scenario({ ...onSecond, annotations: asked('revoke', '1.3.0') });
    const plan = world.look();
    expect(plan.events).toContainEqual({
      type: 'Normal',
      reason: 'ReleaseRevoked',
      message: 'Revoked 1.3.0 by alice: it is not selected automatically again',
    });
    expect(world.tags[0]).toBe('1.2.0');
    expect(world.rollout.status?.rejectedReleases).toMatchObject([{ tag: '1.3.0', reason: 'Revoked' }]);
    expect(world.annotation(key('revoke'))).toBeUndefined();
    const later = world.look();
    expect(later.events).toEqual([]);
    expect(later.reasons.map(({ message }) => message)).toContain(
      '1.3.0 was revoked and is not selected automatically again',
    );
  });

  it('holds even for what has succeeded here, but not against a person (I6)', () => {
    const world = new Scenario({ ...onSecond, available: ['1.0.0', '1.1.0'], annotations: asked('revoke', '1.1.0') });
    world.look();
    world.annotate({ [key('rollback')]: '1.0.0' }).look();
    expect(world.tags[0]).toBe('1.0.0');
    world.look();
    expect(world.tags[0]).toBe('1.0.0');
    world.annotate({ [key('force-deploy')]: '1.1.0' }).look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(world.rollout.status?.rejectedReleases).toMatchObject([{ tag: '1.1.0', reason: 'Revoked' }]);
  });

  it('is not what an automatic rollback or a rollback without a name returns to', () => {
    const world = new Scenario({
      ...onSecond,
      history: [{ tag: '1.2.0', id: 3, bakeStatus: 'Succeeded' }, ...onSecond.history],
      annotations: asked('revoke', '1.1.0'),
      spec: { wantedVersion: '1.2.0' },
    });
    world.look();
    world
      .spec({ wantedVersion: undefined })
      .gate('qa', { passing: false })
      .annotate({ [key('rollback')]: '' })
      .look();
    expect(world.tags[0]).toBe('1.0.0');
  });

  it('of a tag that is to come works too', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      history: [{ tag: '1.0.0' }],
      annotations: asked('revoke', '2.0.0'),
    });
    world.look();
    world.latest('2.0.0').look();
    expect(world.tags[0]).toBe('1.0.0');
  });

  it('beside a request that waits is not told under the name of whoever made that one', () => {
    const annotations = { ...asked('deploy', '1.2.0'), [key('revoke')]: '1.3.0', [key('retry')]: '' };
    const history = [{ tag: '1.1.0', id: 2, bakeStatus: 'Failed', trigger: 'Automatic' as const }];
    const world = new Scenario({ ...onSecond, history, spec: { bakeTime: '5m' }, annotations });
    const { events } = world.gate('qa', { passing: false }).look();
    expect(events.find(({ reason }) => reason === 'ReleaseRevoked')?.message).toMatch(/^Revoked 1\.3\.0: /);
    expect(events.find(({ reason }) => reason === 'RetryRequested')?.message).toMatch(/^Retry requested; /);
    expect(world.annotation(key('deploy-user'))).toBe('alice');
  });
});
