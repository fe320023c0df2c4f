import { describe, expect, it } from 'vitest';
import { Scenario } from './testing/scenario.ts';

const FORCE = 'rollout.kuberik.com/force-deploy';
const USER = 'rollout.kuberik.com/deploy-user';
const MESSAGE = 'rollout.kuberik.com/deploy-message';

describe('wantedVersion', () => {
  it('R7 holds a version; without the pin the newest is deployed again', () => {
    const world = new Scenario({ available: ['0.1.0', '0.2.0', '0.3.0'], spec: { wantedVersion: '0.1.0' } });
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
    world.spec({ wantedVersion: undefined }).look();
    expect(world.tags).toEqual(['0.3.0', '0.1.0']);
  });

  it('R8 R70 records the message of a person, and removes it', () => {
    const world = new Scenario({ spec: { wantedVersion: '0.1.0' }, annotations: { [MESSAGE]: 'Hotfix' } });
    world.latest('0.1.0').look();
    expect(world.newest.message).toBe('Hotfix');
    expect(world.annotation(MESSAGE)).toBeUndefined();
  });

  it('R72 R76 R127 R132 records who did it', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      spec: { wantedVersion: '1.0.0' },
      annotations: { [USER]: 'bob@example.com' },
    });
    world.look();
    expect(world.newest.triggeredBy).toEqual({ kind: 'User', name: 'bob@example.com' });
    expect(world.annotation(USER)).toBeUndefined();
  });

  it('R11 R12 R18 deploys any version, also again', () => {
    const world = new Scenario({ available: ['0.1.0', '0.2.0'], spec: { wantedVersion: '0.3.0' } });
    world.look();
    expect(world.tags).toEqual(['0.3.0']);
    world.spec({ wantedVersion: '0.1.0' }).look();
    expect(world.tags).toEqual(['0.1.0', '0.3.0']);
  });

  it('the form of the deck, below releasesImagePolicy, is a pin as well', () => {
    const world = new Scenario({ spec: { releasesImagePolicy: { name: 'app', wantedVersion: 'v1.2.3' } } });
    world.look();
    expect(world.tags).toEqual(['v1.2.3']);
  });

  it('B15: is deployed before the ImagePolicy has produced a release', () => {
    const world = new Scenario({ spec: { wantedVersion: '1.0.0' } });
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
  });

  it('B14: an empty pin is no pin', () => {
    const world = new Scenario({ available: ['0.1.0'], spec: { wantedVersion: '' } });
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.newest.trigger).toBe('Automatic');
  });

  it('a tag that the registry says it does not have is not deployed, and the condition says so', () => {
    const world = new Scenario({ available: ['0.1.0'], history: [{ tag: '0.1.0' }], spec: { wantedVersion: '9.9.9' } });
    world.registry('0.1.0');
    world.releases = { ...world.releases, unknownTags: new Set(['9.9.9' as never]) };
    const plan = world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason: 'RolloutFailed' });
    expect(plan.reasons[0]).toMatchObject({ code: 'VersionNotFound' });
    expect(plan.reasons[0]?.remedy).toContain('spec.wantedVersion');
  });

  it('stays at its version while newer releases come, and says who can change it', () => {
    const world = new Scenario({ spec: { wantedVersion: '0.1.0' } }).latest('0.1.0');
    world.look();
    const plan = world.latest('0.2.0').look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(plan.reasons[0]).toMatchObject({ code: 'Pinned' });
    expect(plan.requeueAt).toBeUndefined();
  });
});

describe('force-deploy', () => {
  const available = ['3.0.0', '2.0.0', '1.0.0'];

  it('R66 supersedes a running bake and says that it was forced', () => {
    const world = new Scenario({ available, spec: { bakeTime: '5m' } });
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    world
      .annotate({ [FORCE]: '2.0.0' })
      .gate('gate', { passing: false })
      .look();
    expect(world.tags).toEqual(['2.0.0', '1.0.0']);
    expect(world.newest.message).toBe('Manual deployment, with force deploy');
    expect(world.history[1]).toMatchObject({
      bakeStatus: 'Cancelled',
      bakeStatusMessage: 'Bake cancelled due to new deployment.',
    });
    expect(world.annotation(FORCE)).toBeUndefined();
  });

  it('B19: a superseded entry keeps its own message', () => {
    const world = new Scenario({ available, spec: { bakeTime: '5m' } });
    world.look();
    world.annotate({ [FORCE]: '2.0.0' }).look();
    expect(world.history[1]?.message).toBe('Automatic deployment');
  });

  it('R67 R71 R75 uses the message verbatim and removes all three annotations', () => {
    const annotations = { [FORCE]: '2.0.0', [MESSAGE]: 'emergency hotfix deployment', [USER]: 'alice' };
    const world = new Scenario({ available, spec: { bakeTime: '5m' }, annotations });
    world.look();
    world.look();
    expect(world.tags).toEqual(['2.0.0']);
    expect(world.newest.message).toBe('emergency hotfix deployment');
    expect(world.newest.triggeredBy).toEqual({ kind: 'User', name: 'alice' });
    expect(Object.keys(world.rollout.metadata.annotations ?? {})).toEqual([]);
  });

  it('R68 refuses a version that nobody knows, keeps the request and waits without a loop', () => {
    const world = new Scenario({ available: ['2.0.0', '1.0.0'], annotations: { [FORCE]: '3.0.0' } }).latest('1.0.0');
    const plan = world.look();
    expect(world.condition('Ready')).toMatchObject({ status: 'False', reason: 'RolloutFailed' });
    expect(world.condition('Ready')?.message).toContain('force deploy version 3.0.0 is not in available releases');
    expect(world.annotation(FORCE)).toBe('3.0.0');
    expect(plan.requeueAt).toBeUndefined();
    world.latest('3.0.0').look();
    expect(world.tags).toEqual(['3.0.0']);
  });

  it('R69 B13, unlike upstream: a forced version beside a pin is refused at once, and does not come back when the pin goes', () => {
    const world = new Scenario({
      available: ['1.0.0', '2.0.0'],
      spec: { wantedVersion: '1.0.0' },
      annotations: { [FORCE]: '2.0.0' },
    });
    const plan = world.look();
    expect(world.newest).toMatchObject({ message: 'Manual deployment', version: { tag: '1.0.0' } });
    expect(world.annotation(FORCE)).toBeUndefined();
    expect(plan.events.map(({ reason }) => reason)).toContain('RequestIgnored');
  });

  it('B12: forcing what is deployed already completes, and is no manual mode', () => {
    const world = new Scenario({
      available: ['1.0.0'],
      history: [{ tag: '1.0.0' }],
      annotations: { [FORCE]: '1.0.0', [USER]: 'alice' },
    });
    world.look();
    expect(Object.keys(world.rollout.metadata.annotations ?? {})).toEqual([]);
    expect(world.tags).toEqual(['1.0.0']);
    expect(world.condition('DeploymentBlocked')?.reason).toBe('HealthChecksHealthy');
  });

  it('I4: automation does not undo a forced older version; it resumes with a newer release', () => {
    const world = new Scenario().registry('1.0.0', '1.1.0', '1.2.0');
    world.look();
    expect(world.tags).toEqual(['1.2.0']);
    world.annotate({ [FORCE]: '1.0.0' }).look();
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0', '1.2.0']);
    expect(plan.reasons.some(({ message }) => message.includes('1.2.0'))).toBe(true);
    world.registry('1.0.0', '1.1.0', '1.2.0', '1.3.0').look();
    expect(world.tags).toEqual(['1.3.0', '1.0.0', '1.2.0']);
  });

  it('a crash before the removal does not deploy twice, nor attribute the next deployment to the old user', () => {
    const annotations = { [FORCE]: '1.0.0', [USER]: 'alice', [MESSAGE]: 'why' };
    const world = new Scenario({ available: ['1.0.0', '2.0.0'], annotations });
    world.look({ crashBeforeConsuming: true });
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(Object.keys(world.rollout.metadata.annotations ?? {})).toEqual([]);
    world.look();
    expect(world.rollout.status?.consumedAnnotations).toBeUndefined();
  });

  it('a crash after a pinned deployment does not hand its user to the next one', () => {
    const world = new Scenario({
      available: ['1.0.0', '2.0.0'],
      spec: { wantedVersion: '1.0.0' },
      annotations: { [USER]: 'alice' },
    });
    world.look({ crashBeforeConsuming: true });
    world.spec({ wantedVersion: '2.0.0' }).look();
    expect(world.newest.triggeredBy).toEqual({ kind: 'System', name: 'rollout-controller' });
    expect(world.annotation(USER)).toBeUndefined();
  });
});
