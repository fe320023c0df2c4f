/** What becomes of the gates of a schedule, and what the schedule says of itself. */
import { describe, expect, it } from 'vitest';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import type { Condition, ObjectMeta } from '../../api/meta.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { RolloutSchedule, type RolloutScheduleSpec } from '../../api/rollout-schedule.ts';
import type { GateSlot, ScheduleObservation } from './observation.ts';
import { planSchedule } from './plan.ts';
import { reportSchedule } from './status.ts';

const now = Temporal.Instant.from('2026-01-05T12:00:00Z');
const open = { passing: true, validUntil: '2026-01-05T14:00:00Z' };

interface Given {
  readonly spec?: Partial<RolloutScheduleSpec>;
  readonly metadata?: Partial<ObjectMeta>;
  readonly conditions?: readonly Condition[];
}

/** Open from 11 to 14 o'clock. */
function schedule({ spec, metadata, conditions }: Given = {}): RolloutSchedule {
  return RolloutSchedule.parse({
    apiVersion: RolloutSchedule.apiVersion,
    kind: 'RolloutSchedule',
    metadata: { name: 'office', namespace: 'apps', uid: 'uid-office', generation: 3, ...metadata },
    spec: {
      rolloutSelector: {},
      rules: [{ name: 'hours', timeRange: { start: '11:00', end: '14:00' } }],
      action: 'Allow',
      ...spec,
    },
    ...(conditions && { status: { conditions } }),
  });
}

function slot(name: string, namespace = 'apps'): GateSlot {
  return {
    rollout: { namespace, name },
    gateName: `office-${name}`,
    labels: { 'gate.kuberik.com/schedule-name': 'office', 'gate.kuberik.com/rollout-name': name },
  };
}

const owner = {
  apiVersion: RolloutSchedule.apiVersion,
  kind: 'RolloutSchedule',
  name: 'office',
  uid: 'uid-office',
  controller: true,
  blockOwnerDeletion: true,
};

/** As the schedule makes it. */
function gate(name: string, metadata: Partial<ObjectMeta> = {}, spec: object = open): RolloutGate {
  return RolloutGate.parse({
    apiVersion: RolloutGate.apiVersion,
    kind: 'RolloutGate',
    metadata: {
      name: `office-${name}`,
      namespace: 'apps',
      labels: slot(name).labels,
      ownerReferences: [owner],
      ...metadata,
    },
    spec: { rolloutRef: { name }, ...spec },
  });
}

function plan(observed: Partial<ScheduleObservation>) {
  return planSchedule({ schedule: schedule(), slots: [slot('web')], gates: [], ...observed }, now);
}

const namesOf = (gates: readonly RolloutGate[]): string[] => gates.map(({ metadata }) => metadata.name);

describe('the gates of a schedule', () => {
  it('are made for each Rollout that has none, as the schedule says now', () => {
    const { create, update, remove, kept, matching } = plan({ slots: [slot('web'), slot('api')] });
    expect(create).toEqual([gate('web'), gate('api')]);
    expect({ update, remove, kept, matching }).toEqual({ update: [], remove: [], kept: [], matching: 2 });
  });

  it.each([
    ['Allow', '11:00', true],
    ['Allow', '13:00', false],
    ['Deny', '11:00', false],
    ['Deny', '13:00', true],
  ] as const)('%s from %s is open: %j', (action, start, passing) => {
    const rules = [{ timeRange: { start, end: '14:00' } }];
    const [made] = plan({ schedule: schedule({ spec: { action, rules } }) }).create;
    expect(made?.spec.passing).toBe(passing);
    expect(made?.spec.validUntil).toBe(start === '11:00' ? '2026-01-05T14:00:00Z' : '2026-01-05T13:00:00Z');
  });

  it('have no end where no rule brings one', () => {
    const always = schedule({ spec: { rules: [{}] } });
    const [made] = plan({ schedule: always }).create;
    expect(made?.spec).toEqual({ rolloutRef: { name: 'web' }, passing: true });
    const [corrected] = plan({ schedule: always, gates: [gate('web')] }).update;
    expect(corrected?.spec).toEqual({ rolloutRef: { name: 'web' }, passing: true });
  });

  it('that are as they should be are not written', () => {
    const { update, kept, create } = plan({ gates: [gate('web')] });
    expect(update).toEqual([]);
    expect(create).toEqual([]);
    expect(namesOf(kept)).toEqual(['office-web']);
  });

  it.each<[string, RolloutGate]>([
    ['closed by hand', gate('web', {}, { ...open, passing: false })],
    ['open for longer', gate('web', {}, { ...open, validUntil: '2027-01-01T00:00:00Z' })],
    ['without a label', gate('web', { labels: { 'gate.kuberik.com/rollout-name': 'web' } })],
    ['for another Rollout', RolloutGate.parse({ ...gate('web'), spec: { rolloutRef: { name: 'db' }, ...open } })],
    ['without an owner', gate('web', { ownerReferences: [] })],
    ['of a schedule that was deleted', gate('web', { ownerReferences: [{ ...owner, uid: 'older' }] })],
    [
      'that somebody else controls',
      gate('web', { ownerReferences: [{ ...owner, uid: 'x', kind: 'Other', name: 'y' }] }),
    ],
    ['whose owner is no controller', gate('web', { ownerReferences: [{ ...owner, controller: false }] })],
  ])('%s are corrected', (_, edited) => {
    expect(plan({ gates: [edited] }).update).toEqual([gate('web')]);
  });

  it('keep what others put into them', () => {
    const other = { apiVersion: 'v1', kind: 'Team', name: 'shop', uid: 'team' };
    const edited = gate(
      'web',
      {
        labels: { ...slot('web').labels, team: 'shop' },
        annotations: { note: 'mine' },
        ownerReferences: [other, { ...owner, uid: 'older' }, owner],
      },
      { ...open, allowedVersions: ['1.0.0'], passing: false },
    );
    const [corrected] = plan({ gates: [edited] }).update;
    expect(corrected?.metadata.labels).toEqual({ ...slot('web').labels, team: 'shop' });
    expect(corrected?.metadata.annotations).toEqual({ note: 'mine' });
    expect(corrected?.metadata.ownerReferences).toEqual([other, owner]);
    expect(corrected?.spec).toMatchObject({ ...open, allowedVersions: ['1.0.0'] });
  });

  it('keep their owners in the order in which they stand', () => {
    const other = { apiVersion: 'v1', kind: 'Team', name: 'shop', uid: 'team' };
    expect(plan({ gates: [gate('web', { ownerReferences: [owner, other] })] }).update).toEqual([]);
    const { ownerReferences, ...metadata } = gate('web').metadata;
    expect(plan({ gates: [{ ...gate('web'), metadata }] }).update).toEqual([gate('web')]);
  });

  it('keep the controller of the same kind with another name only as long as it is none', () => {
    const sibling = { ...owner, name: 'nights', uid: 'nights', controller: false };
    const namesake = { ...owner, kind: 'Other', uid: 'namesake', controller: false };
    const [corrected] = plan({ gates: [gate('web', { ownerReferences: [sibling, namesake] })] }).update;
    expect(corrected?.metadata.ownerReferences).toEqual([sibling, namesake, owner]);
  });

  it('carry the name and the description that people gave the schedule, and nothing else of it', () => {
    const told = {
      'gate.kuberik.com/pretty-name': 'Office hours',
      'gate.kuberik.com/description': 'when we are there',
    };
    const named = schedule({ metadata: { annotations: { ...told, note: 'of the schedule' } } });
    expect(plan({ schedule: named }).create[0]?.metadata.annotations).toEqual(told);
    const [corrected] = plan({ schedule: named, gates: [gate('web', { annotations: { note: 'mine' } })] }).update;
    expect(corrected?.metadata.annotations).toEqual({ note: 'mine', ...told });
    const renamed = schedule();
    const [stripped] = plan({
      schedule: renamed,
      gates: [gate('web', { annotations: { ...told, note: 'mine' } })],
    }).update;
    expect(stripped?.metadata.annotations).toEqual({ note: 'mine' });
  });

  it('with an empty map of annotations keep it: taking it off would be a write for nothing', () => {
    expect(plan({ gates: [gate('web', { annotations: {} })] }).update).toEqual([]);
    expect(plan({}).create[0]?.metadata).not.toHaveProperty('annotations');
    expect(plan({ gates: [gate('web', { labels: {} })] }).update[0]?.metadata).not.toHaveProperty('annotations');
  });

  it('name a schedule without a uid as their owner all the same', () => {
    const [made] = plan({ schedule: schedule({ metadata: { uid: undefined } }) }).create;
    expect(made?.metadata.ownerReferences).toEqual([{ ...owner, uid: '' }]);
  });
});

describe('which gate is whose', () => {
  it('a gate is recognised by its name, its label or its reference, in this order', () => {
    const byName = gate('web', { labels: { 'gate.kuberik.com/rollout-name': 'api' } }, { ...open });
    const byLabel = gate('x', { name: 'renamed', labels: slot('api').labels });
    const byReference = RolloutGate.parse({
      ...gate('x', { name: 'bare', labels: {} }),
      spec: { rolloutRef: { name: 'db' }, ...open },
    });
    const slots = [slot('web'), slot('api'), slot('db')];
    const { create, remove, kept } = plan({ slots, gates: [byReference, byLabel, byName] });
    expect(create).toEqual([]);
    expect(remove).toEqual([]);
    expect(namesOf(kept).toSorted()).toEqual(['bare', 'office-web', 'renamed']);
  });

  it('of two gates for one Rollout the oldest stays, whatever order they come in', () => {
    const older = gate('web', { name: 'b', creationTimestamp: '2026-01-01T00:00:00Z' });
    const younger = gate('web', { name: 'a', creationTimestamp: '2026-01-02T00:00:00Z' });
    for (const gates of [
      [older, younger],
      [younger, older],
    ]) {
      const { kept, remove } = plan({ gates });
      expect([namesOf(kept), namesOf(remove)]).toEqual([['b'], ['a']]);
    }
  });

  it('of two that are as old as each other, or of unknown age, the first by name stays', () => {
    const [first, second] = ['a', 'b'].map((name) => gate('web', { name }));
    for (const gates of [
      [first!, second!],
      [second!, first!],
    ]) {
      const { kept, remove } = plan({ gates });
      expect([namesOf(kept), namesOf(remove)]).toEqual([['a'], ['b']]);
    }
  });

  it('a gate of a Rollout that is not selected any more goes', () => {
    const { remove, create } = plan({ gates: [gate('web'), gate('gone')] });
    expect(namesOf(remove)).toEqual(['office-gone']);
    expect(create).toEqual([]);
  });

  it('a namesake in another namespace is another Rollout', () => {
    const { remove, create } = plan({ slots: [slot('web', 'other')], gates: [gate('web')] });
    expect(namesOf(remove)).toEqual(['office-web']);
    expect(create.map(({ metadata }) => metadata.namespace)).toEqual(['other']);
  });
});

describe('a schedule that cannot be understood', () => {
  const broken = { timezone: 'Nowhere' };

  it('closes its gates where it allows, makes closed ones, and deletes none', () => {
    const observed = { schedule: schedule({ spec: broken }), slots: [slot('web'), slot('api')] };
    const { create, update, remove, kept, matching } = plan({ ...observed, gates: [gate('web'), gate('gone')] });
    expect(create.map(({ spec }) => spec)).toEqual([{ rolloutRef: { name: 'api' }, passing: false }]);
    expect(update.map(({ spec }) => spec)).toEqual([
      { rolloutRef: { name: 'web' }, passing: false },
      { rolloutRef: { name: 'gone' }, passing: false },
    ]);
    expect(remove).toEqual([]);
    expect(namesOf(kept)).toEqual(['office-web', 'office-gone']);
    expect(matching).toBe(2);
    const closed = gate('web', {}, { passing: false });
    expect(plan({ ...observed, gates: [closed] }).update).toEqual([]);
  });

  it('leaves its gates as they are where it denies', () => {
    const denying = schedule({ spec: { ...broken, action: 'Deny' } });
    const { create, update, remove } = plan({
      schedule: denying,
      slots: [slot('web'), slot('api')],
      gates: [gate('web')],
    });
    expect({ create, update, remove }).toEqual({ create: [], update: [], remove: [] });
  });

  it('because its selector is faulty is one whose Rollouts nobody can count', () => {
    const faulty = plan({ fault: 'spec.rolloutSelector: no', slots: [], gates: [gate('web')] });
    expect(faulty.matching).toBeUndefined();
    expect(faulty.evaluation).toEqual({ fault: 'spec.rolloutSelector: no' });
    expect(faulty.update).toHaveLength(1);
  });
});

describe('the status of a schedule', () => {
  const unreachable = { gates: [gate('web')], failures: ['gate apps/office-api: the server says no'] };

  function report(
    given: Given = {},
    outcome: Partial<{ gates: RolloutGate[]; failures: string[] }> = {},
    fault?: string,
  ) {
    const one = schedule(given);
    const made = plan({ schedule: one, slots: [slot('web'), slot('api')], ...(fault && { fault }) });
    return reportSchedule(one, made, { gates: [gate('web'), gate('api')], failures: [], ...outcome }, now);
  }
  const ready = (given?: Given, outcome?: Parameters<typeof report>[1], fault?: string) => {
    const { status } = report(given, outcome, fault);
    return status.conditions?.[0];
  };

  it('says what is active, until when, and for which gates', () => {
    const { status, event, requeueAt } = report();
    expect(status).toEqual({
      active: true,
      activeRules: ['hours'],
      nextTransition: '2026-01-05T14:00:00Z',
      managedGates: ['office-api', 'office-web'],
      matchingRollouts: 2,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          observedGeneration: 3,
          lastTransitionTime: '2026-01-05T12:00:00Z',
          reason: 'Evaluated',
          message: '2 gates are open until 2026-01-05T14:00:00Z',
        },
      ],
    });
    expect(event).toBeUndefined();
    expect(requeueAt?.toString()).toBe('2026-01-05T14:00:00Z');
  });

  it('counts gates as people do', () => {
    expect(ready({}, { gates: [gate('web')] })?.message).toBe('1 gate is open until 2026-01-05T14:00:00Z');
    expect(ready({}, { gates: [] })?.message).toBe('It selects no Rollout');
    expect(ready({ spec: { action: 'Deny' } })?.message).toBe('2 gates are closed until 2026-01-05T14:00:00Z');
    const forever = report({ spec: { rules: [{}] } });
    expect(forever.status.conditions?.[0]?.message).toBe('2 gates are open, and no rule will change that');
    expect(forever.status).not.toHaveProperty('nextTransition');
    expect(forever.requeueAt).toBeUndefined();
  });

  it('names the gates of a schedule of the whole cluster with their namespace', () => {
    const everywhere = ClusterRolloutSchedule.parse({
      apiVersion: ClusterRolloutSchedule.apiVersion,
      kind: 'ClusterRolloutSchedule',
      metadata: { name: 'office' },
      spec: { ...schedule().spec, namespaceSelector: {} },
    });
    const made = planSchedule({ schedule: everywhere, slots: [slot('web')], gates: [] }, now);
    const { status } = reportSchedule(everywhere, made, { gates: [gate('web')], failures: [] }, now);
    expect(status.managedGates).toEqual(['apps/office-web']);
  });

  it.each([
    ['Allow', 'its gates are closed'],
    ['Deny', 'its gates stay as they are, and open no more,'],
  ] as const)('of %s that cannot be understood says what becomes of its gates', (action, meanwhile) => {
    const { status, event, requeueAt } = report({ spec: { action } }, {}, 'spec.rolloutSelector: no');
    const message = `spec.rolloutSelector: no; ${meanwhile} until it is corrected`;
    expect(status.conditions).toMatchObject([{ status: 'False', reason: 'InvalidSpec', message }]);
    expect(status).not.toHaveProperty('active');
    expect(status).not.toHaveProperty('matchingRollouts');
    expect(event).toEqual({ type: 'Warning', reason: 'InvalidSpec', message });
    expect(requeueAt).toBeUndefined();
  });

  it('says which gate could not be written, and of how many more that is true', () => {
    const [failure] = unreachable.failures;
    expect(ready({}, unreachable)).toMatchObject({
      status: 'False',
      reason: 'GatesFailed',
      message: `${failure}; it is tried again`,
    });
    const three = { ...unreachable, failures: [failure!, 'two', 'three'] };
    expect(ready({}, three)?.message).toBe(`${failure} (and 2 more); it is tried again`);
  });

  const failing = (seconds: number): Condition => ({
    type: 'Ready',
    status: 'False',
    reason: 'GatesFailed',
    message: 'another text',
    lastTransitionTime: now.subtract({ seconds }).toString(),
  });

  it.each([
    [0, 2],
    [2, 2],
    [60, 60],
    [300, 300],
    [4000, 300],
  ])('tries again what fails since %i s after %i s', (since, wait) => {
    const { requeueAt, event } = report({ conditions: [failing(since)] }, unreachable);
    expect(requeueAt?.since(now).total('seconds')).toBe(wait);
    expect(event).toBeUndefined();
  });

  it('looks again at the transition when that comes first', () => {
    const rules = [{ timeRange: { start: '11:00', end: '12:01' } }];
    const { requeueAt } = report({ spec: { rules }, conditions: [failing(4000)] }, unreachable);
    expect(requeueAt?.toString()).toBe('2026-01-05T12:01:00Z');
  });

  it('is an event when it becomes wrong, or wrong in another way, and not when it stays so', () => {
    const invalid = (message: string): Condition => ({ ...failing(60), reason: 'InvalidSpec', message });
    const same = 'spec.x: no; its gates are closed until it is corrected';
    const eventOf = (...conditions: Condition[]) => report({ conditions }, {}, 'spec.x: no').event;
    expect(eventOf()).toMatchObject({ reason: 'InvalidSpec', message: same });
    expect(eventOf(invalid(same))).toBeUndefined();
    expect(eventOf(invalid('another fault'))).toMatchObject({ message: same });
    expect(eventOf(failing(60))).toMatchObject({ message: same });
    expect(report({ conditions: [invalid('another fault')] }, unreachable).event).toMatchObject({
      reason: 'GatesFailed',
    });
    expect(report({ conditions: [invalid('another fault')] }).event).toBeUndefined();
  });
});
