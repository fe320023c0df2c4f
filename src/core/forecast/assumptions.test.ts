/** What a person may assume, and what of the world it changes. */
import { describe, expect, it } from 'vitest';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { parseTag, type Tag } from '../../api/tag.ts';
import { at, Scenario, T0 } from '../testing/scenario.ts';
import { type Assumption, AssumptionError, assume, versionOf } from './assumptions.ts';
import { forecast } from './forecast.ts';
import type { ForecastInput } from './input.ts';

const [one, two, three] = ['1.0.0', '1.1.0', '1.2.0'].map(parseTag) as [Tag, Tag, Tag];
const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' } as const;

function running(): Scenario {
  return new Scenario({ spec: {}, available: ['1.0.0'], history: [good], annotations: { mine: 'stays' } }).target(
    '1.0.0',
  );
}

function input(world: Scenario): ForecastInput {
  return { observed: world.observe(), schedules: [] };
}

/** The versions that are deployed within a day, in order. */
function deployed(world: Scenario, ...assumptions: readonly Assumption[]): (string | undefined)[] {
  let assumed = input(world);
  for (const assumption of assumptions) assumed = assume(assumed, assumption, T0);
  return forecast(assumed, T0, T0.add({ hours: 24 })).timeline.map(({ version }) => version);
}

describe('a forecast that assumes', () => {
  const manual = (required = 2): Scenario =>
    running().registry('1.0.0', '1.1.0').gate('board', { class: 'manual', approval: { required } });

  it('approvals: as many people as it takes approve what there is', () => {
    expect(deployed(manual())).toEqual([]);
    expect(deployed(manual(), { if: 'approve', gate: 'board' })).toEqual(['1.1.0']);
    expect(deployed(manual().gate('qa', { passing: false }), { if: 'approve', gate: 'board' })).toEqual([]);
  });

  it('approvals of a gate that does not say how many: one is enough', () => {
    const world = running().registry('1.0.0', '1.1.0').gate('board', { class: 'manual' });
    const { observed } = assume(input(world), { if: 'approve', gate: 'board' }, T0);
    expect(observed.approvals.map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['assumed-board-0-0', { gateRef: { name: 'board' }, version: '1.0.0', decision: 'Approve', by: 'approver 1' }],
      ['assumed-board-1-0', { gateRef: { name: 'board' }, version: '1.1.0', decision: 'Approve', by: 'approver 1' }],
    ]);
    expect(observed.approvals[0]?.metadata.creationTimestamp).toBe('2026-01-05T12:00:00Z');
  });

  it('approvals of what is known, where the list of the registry is not', () => {
    const world = running().latest('1.1.0').gate('board', { class: 'manual' });
    expect(deployed(world, { if: 'approve', gate: 'board' })).toEqual(['1.1.0']);
    const recorded = new Scenario({ available: ['1.0.0', '1.1.0'], history: [good] }).target('1.0.0');
    expect(deployed(recorded.gate('board', { class: 'manual' }), { if: 'approve', gate: 'board' })).toEqual(['1.1.0']);
    const nothing = new Scenario({}).gate('board', { class: 'manual' });
    expect(assume(input(nothing), { if: 'approve', gate: 'board' }, T0).observed.approvals).toEqual([]);
  });

  it('approvals: whoever rejected it no longer does, and other gates keep their rejections', () => {
    const world = manual(1).approve('board', '1.1.0', 'ann', { decision: 'Reject' });
    expect(deployed(world, { if: 'approve', gate: 'board' })).toEqual(['1.1.0']);
    const second = world.gate('legal', { class: 'manual' }).approve('legal', '1.1.0', 'bob', { decision: 'Reject' });
    const { approvals } = assume(input(second), { if: 'approve', gate: 'board' }, T0).observed;
    expect(approvals.filter(({ spec }) => spec.decision === 'Reject').map(({ spec }) => spec.by)).toEqual(['bob']);
    const agreed = manual(2).approve('board', '1.1.0', 'ann');
    const standing = assume(input(agreed), { if: 'approve', gate: 'board' }, T0).observed.approvals;
    expect(standing.map(({ spec }) => spec.by)).toContain('ann');
  });

  it('an open gate: whatever closed it is gone, its schedule included', () => {
    const world = running().registry('1.0.0', '1.1.0').gate('hours', { passing: false });
    const nights = RolloutSchedule.parse({
      apiVersion: RolloutSchedule.apiVersion,
      kind: 'RolloutSchedule',
      metadata: { name: 'nights', namespace: 'apps' },
      spec: { rolloutSelector: {}, rules: [{ timeRange: { start: '22:00', end: '23:00' } }], action: 'Allow' },
    });
    const schedules = ['hours', 'other'].map((gate) => ({ gate, schedule: nights }));
    const opened = assume({ ...input(world), schedules }, { if: 'open', gate: 'hours' }, T0);
    expect(opened.schedules.map(({ gate }) => gate)).toEqual(['other']);
    expect(opened.observed.gates).toEqual([]);
    expect(deployed(world, { if: 'open', gate: 'hours' })).toEqual(['1.1.0']);
    expect(deployed(world.gate('qa', { passing: false }), { if: 'open', gate: 'hours' })).toEqual([]);
  });

  it('a release that is pushed: it is the newest, unless its rank is known', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .gate('qa', { allowedVersions: ['1.2.0'] });
    expect(deployed(world, { if: 'push', tag: three })).toEqual(['1.2.0']);
    const { releases } = assume(input(world), { if: 'push', tag: three, ranked: [three, one, two] }, T0).observed;
    expect(releases).toMatchObject({ admitted: [three, one, two], ranked: [three, one, two], latest: { tag: two } });
    const newest = assume(input(world), { if: 'push', tag: three, ranked: [one, three] }, T0).observed.releases;
    expect(newest.latest).toEqual({ tag: three });
  });

  it('a release that is pushed again: it stands once in each list, at the end', () => {
    const { releases } = assume(input(running().registry('1.0.0', '1.1.0')), { if: 'push', tag: one }, T0).observed;
    expect(releases).toMatchObject({ admitted: [two, one], ranked: [two, one], latest: { tag: one } });
  });

  it('a release that is pushed: the registry has it from then on', () => {
    const world = running().registry('1.0.0');
    world.releases = { ...world.releases, unknownTags: new Set([two, three]) };
    const { releases } = assume(input(world), { if: 'push', tag: two }, T0).observed;
    expect([...releases.unknownTags]).toEqual([three]);
    expect([one, two, three].map((tag) => releases.hasTag?.(tag))).toEqual([true, true, false]);
  });

  it('a release that is pushed where the lists could not be read', () => {
    const { releases } = assume(input(running().latest('1.0.0')), { if: 'push', tag: two }, T0).observed;
    expect(releases).not.toHaveProperty('admitted');
    expect(releases).not.toHaveProperty('ranked');
    expect(releases.hasTag?.(three)).toBe(true);
    expect(releases.latest).toEqual({ tag: two });
  });

  it('a pin, and none: whichever field it stands in', () => {
    const world = () => running().registry('1.0.0', '1.1.0', '1.2.0');
    expect(deployed(world(), { if: 'pin', tag: two })).toEqual(['1.1.0']);
    expect(deployed(world().spec({ wantedVersion: two }), { if: 'pin', tag: one })).toEqual([]);
    expect(deployed(world().spec({ wantedVersion: one }))).toEqual([]);
    expect(deployed(world().spec({ wantedVersion: one }), { if: 'unpin' })).toEqual(['1.2.0']);
    const deck = world().spec({ releasesImagePolicy: { name: 'app', wantedVersion: one } });
    expect(assume(input(deck), { if: 'unpin' }, T0).observed.rollout.spec).toEqual({
      releasesImagePolicy: { name: 'app' },
    });
    const repinned = assume(input(deck), { if: 'pin', tag: two }, T0).observed.rollout.spec;
    expect(repinned).toEqual({ releasesImagePolicy: { name: 'app' }, wantedVersion: two });
  });

  it('that a freeze ends: only that one', () => {
    const world = running()
      .registry('1.0.0', '1.1.0')
      .freeze('incident')
      .freeze('holidays', { until: at('+1h') });
    const thawed = assume(input(world), { if: 'unfreeze', name: 'incident' }, T0);
    expect(thawed.observed.freezes.map(({ metadata }) => metadata.name)).toEqual(['holidays']);
    expect(deployed(world)).toEqual([undefined]);
    expect(deployed(world, { if: 'unfreeze', name: 'incident' })).toEqual([undefined, '1.1.0']);
  });

  it('requests of a person, beside what stands there already', () => {
    const asked = (assumption: Assumption) => assume(input(running()), assumption, T0).observed.rollout.metadata;
    const user = { mine: 'stays', 'rollout.kuberik.com/deploy-user': 'somebody' };
    expect(asked({ if: 'deploy', tag: two }).annotations).toEqual({ ...user, 'rollout.kuberik.com/deploy': '1.1.0' });
    expect(asked({ if: 'force', tag: two }).annotations).toEqual({
      ...user,
      'rollout.kuberik.com/force-deploy': '1.1.0',
    });
    expect(asked({ if: 'rollback', tag: one }).annotations).toEqual({
      ...user,
      'rollout.kuberik.com/rollback': '1.0.0',
    });
    expect(asked({ if: 'rollback', tag: undefined }).annotations).toEqual({
      ...user,
      'rollout.kuberik.com/rollback': '',
    });
    expect(asked({ if: 'deploy', tag: two }).name).toBe('app');
  });

  it('a deployment by hand is held by what holds it, a forced one is not', () => {
    const world = running().registry('1.0.0', '1.1.0').gate('qa', { passing: false });
    expect(deployed(world, { if: 'deploy', tag: two })).toEqual([]);
    expect(deployed(world, { if: 'force', tag: two })).toEqual(['1.1.0']);
  });
});

describe('what cannot be assumed', () => {
  const world = () => running().gate('qa', { passing: false }).gate('board', { class: 'manual' }).freeze('incident');

  it.each<[Assumption, string]>([
    [{ if: 'approve', gate: 'no' }, 'there is no RolloutGate no for this Rollout; there is qa, board'],
    [{ if: 'open', gate: 'no' }, 'there is no RolloutGate no for this Rollout; there is qa, board'],
    [{ if: 'unfreeze', name: 'no' }, 'there is no Freeze no for this Rollout; there is incident'],
    [{ if: 'approve', gate: 'qa' }, 'RolloutGate qa is not of class manual, and is not approved: assume "open qa"'],
  ])('%j is refused', (assumption, message) => {
    const refused = () => assume(input(world()), assumption, T0);
    expect(refused).toThrow(AssumptionError);
    expect(refused).toThrow(message);
  });

  it('says that there is none at all', () => {
    const refused = () => assume(input(running()), { if: 'open', gate: 'no' }, T0);
    expect(refused).toThrow('there is no RolloutGate no for this Rollout; there is none');
    expect(new AssumptionError('x')).toMatchObject({ name: 'AssumptionError', code: 'KBK_CORE_ASSUMPTION' });
  });
});

it('an assumption is about a version that need not be known, unless it is pushed', () => {
  expect(versionOf({ if: 'deploy', tag: two })).toBe('1.1.0');
  expect(versionOf({ if: 'pin', tag: two })).toBe('1.1.0');
  expect(versionOf({ if: 'rollback', tag: undefined })).toBeUndefined();
  expect(versionOf({ if: 'push', tag: two })).toBeUndefined();
  expect(versionOf({ if: 'unpin' })).toBeUndefined();
});
