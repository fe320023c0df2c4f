/** Gates of class `manual`: who counts, for what, until when. */
import { describe, expect, it } from 'vitest';
import type { RolloutGateSpec } from '../api/rollout-gate.ts';
import { parseDigest, parseTag, type Tag } from '../api/tag.ts';
import { at, Scenario } from './testing/scenario.ts';

const digestOf = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const onFirst = { available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', id: 1, bakeStatus: 'Succeeded' }] };

function waiting(approval: RolloutGateSpec['approval'] = {}): Scenario {
  return new Scenario(onFirst).gate('board', { class: 'manual', approval });
}

function described(world: Scenario, tag: string, letter: string): Scenario {
  const metadata = new Map<Tag, { tag: Tag; digest: ReturnType<typeof digestOf> }>([
    [parseTag(tag), { tag: parseTag(tag), digest: digestOf(letter) }],
  ]);
  world.releases = { ...world.releases, metadata };
  return world;
}

const gateMessage = (world: Scenario): string => world.rollout.status?.gates?.[0]?.message ?? '';

describe('a gate of class manual', () => {
  it('holds a release, and says what it waits for and who can give it', () => {
    const world = waiting();
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]).toMatchObject({
      code: 'WaitingForGates',
      message: 'RolloutGate board waits for an approval of 1.1.0',
    });
    expect(plan.reasons[0]?.remedy).toContain('kuberik approve board 1.1.0');
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'False', reason: 'SomeGatesBlocking' });
    expect(gateMessage(world)).toContain('RolloutGate board waits for an approval of 1.1.0');
    expect(world.rollout.status?.gatedReleaseCandidates).toBeUndefined();
    expect(plan.requeueAt).toBeUndefined();
  });

  it('lets the approved version go, and history keeps who approved it, whatever becomes of the Approval', () => {
    const world = waiting().approve('board', '1.1.0', 'alice', { reason: 'tested by hand' });
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    const approvals = [{ gate: 'board', by: 'alice', reason: 'tested by hand' }];
    expect(world.newest.approvals).toEqual(approvals);
    world.approvals = [];
    world.look();
    expect(world.newest.approvals).toEqual(approvals);
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
  });

  it('asks for no approval of what a person passed over, and that would never be deployed', () => {
    const history = [
      { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Manual', resumeAfter: parseTag('1.1.0') },
    ] as const;
    const world = new Scenario({ available: ['1.0.0', '1.1.0', '1.2.0'], history })
      .gate('board', { class: 'manual' })
      .gate('office', { passing: false })
      .approve('board', '1.2.0', 'alice');
    const [first, ...others] = world.look().reasons.map(({ message }) => message);
    expect(first).toContain('RolloutGate office is closed');
    expect(others.join()).not.toContain('approval');
  });

  it('holds a first deployment too: nothing runs that nobody approved', () => {
    const world = new Scenario({ available: ['1.0.0'] }).gate('board', { class: 'manual' });
    world.look();
    expect(world.tags).toEqual([]);
    world.approve('board', '1.0.0', 'alice').look();
    expect(world.tags).toEqual(['1.0.0']);
  });

  it('does not let a newer version go with the approval of an older one', () => {
    const world = waiting().approve('board', '1.1.0', 'alice').latest('1.2.0');
    world.look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    world.look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('counts different people, not approvals', () => {
    const world = waiting({ required: 2 });
    world.approve('board', '1.1.0', 'alice').approve('board', '1.1.0', 'alice').look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('waits for 2 approvals of 1.1.0 (1 given, by alice)');
    world.approve('board', '1.1.0', 'bob').look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
    expect(world.newest.approvals?.map(({ by }) => by)).toEqual(['alice', 'bob']);
  });

  it('one rejection holds it, whatever others say, until that person approves', () => {
    const world = waiting().approve('board', '1.1.0', 'alice');
    world.approve('board', '1.1.0', 'bob', { decision: 'Reject', reason: 'leaks memory' });
    const plan = world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]?.message).toBe('RolloutGate board: bob rejected 1.1.0: leaks memory');
    world.advance('+1m').approve('board', '1.1.0', 'bob').look();
    expect(world.tags).toEqual(['1.1.0', '1.0.0']);
  });

  it('an approval that is followed by a rejection of the same person is gone', () => {
    const world = waiting().approve('board', '1.1.0', 'alice').advance('+1m');
    world.approve('board', '1.1.0', 'alice', { decision: 'Reject' }).look();
    expect(world.tags).toEqual(['1.0.0']);
  });

  it('of one second the rejection counts, whatever the objects are called', () => {
    const world = waiting()
      .approve('board', '1.1.0', 'alice', { decision: 'Reject' })
      .approve('board', '1.1.0', 'alice');
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    world.advance('+1s').approve('board', '1.1.0', 'alice').look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('an approval of another gate does not count', () => {
    const world = waiting().approve('other', '1.1.0', 'alice');
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
  });

  it.each([
    ['the same digest', 'a', true],
    ['another digest: the tag was moved', 'b', false],
  ])('an approval with a digest: %s', (_name, letter, goes) => {
    const world = described(waiting(), '1.1.0', letter);
    world.approve('board', '1.1.0', 'alice', { digest: digestOf('a') }).look();
    expect(world.tags[0]).toBe(goes ? '1.1.0' : '1.0.0');
    if (!goes) expect(gateMessage(world)).toContain('not counted: alice (decided about 1.1.0 on sha256:aaaa');
  });

  it('an approval by digest alone counts for whatever tag has it', () => {
    const world = described(waiting(), '1.1.0', 'a');
    world.approve('board', '1.1.0', 'alice', { version: undefined, digest: digestOf('a') }).look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('an approval by tag and digest does not count while the digest is not known', () => {
    const world = waiting().approve('board', '1.1.0', 'alice', { digest: digestOf('a') });
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('its digest is not known yet');
  });

  it('an approval of a version that does not exist is told, since it was meant for something', () => {
    const world = waiting().advance('+1m').approve('board', '1.1.O', 'alice');
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('not counted: alice (decided about 1.1.O, which is not known)');
  });

  it('expires: wakes at that moment, and waits anew', () => {
    const world = waiting({ required: 2, expiresAfter: '1h' }).approve('board', '1.1.0', 'alice');
    const plan = world.look();
    expect(plan.requeueAt?.toString()).toBe(at('+1h'));
    world.advance('+1h').approve('board', '1.1.0', 'bob').look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('2 approvals of 1.1.0 (1 given, by bob); not counted: alice (expired)');
    world.approve('board', '1.1.0', 'alice').look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('a duration that cannot be understood closes the gate and says so', () => {
    const world = waiting({ expiresAfter: 'tomorrow' }).approve('board', '1.1.0', 'alice');
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('spec.approval.expiresAfter is no duration');
  });

  it('spec.passing: false still closes it', () => {
    const world = new Scenario(onFirst).gate('board', { class: 'manual', passing: false });
    world.approve('board', '1.1.0', 'alice').look();
    expect(world.tags).toEqual(['1.0.0']);
  });

  it('of two candidates deploys the newest approved one', () => {
    const world = waiting().latest('1.2.0').approve('board', '1.1.0', 'alice').approve('board', '1.2.0', 'alice');
    world.look();
    expect(world.tags[0]).toBe('1.2.0');
  });
});

describe('four eyes', () => {
  const request = { 'rollout.kuberik.com/deploy': '1.1.0', 'rollout.kuberik.com/deploy-user': 'alice' };

  it('whoever asked for a deployment does not approve it', () => {
    const world = waiting({ notBy: 'deployer' }).annotate(request).approve('board', '1.1.0', 'alice');
    world.look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('not counted: alice (asked for this deployment)');
    world.approve('board', '1.1.0', 'bob').look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(world.newest).toMatchObject({
      triggeredBy: { kind: 'User', name: 'alice' },
      approvals: [{ gate: 'board', by: 'bob' }],
    });
  });

  it('nobody counts while it is not known who asked', () => {
    const world = waiting({ notBy: 'deployer' }).annotate({ 'rollout.kuberik.com/deploy': '1.1.0' });
    world.approve('board', '1.1.0', 'alice').look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(gateMessage(world)).toContain('it is not known who asked for this deployment');
  });

  it('anybody counts for what automation deploys', () => {
    const world = waiting({ notBy: 'deployer' }).approve('board', '1.1.0', 'alice');
    world.look();
    expect(world.tags[0]).toBe('1.1.0');
  });
});
