/** The tables of what decides when: gates with a class, approvals, freezes, schedules. */
import { describe, expect, it } from 'vitest';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { approvalOf, freezeOf, gateOf, now } from '../operations/facts.fixture.ts';
import { createPaint } from '../paint.ts';
import { type Column, createTable } from '../table.ts';
import { approvalColumns } from './approvals.ts';
import { freezeColumns } from './freezes.ts';
import { gateColumns } from './gates.ts';
import { clusterScheduleColumns, scheduleColumns } from './schedules.ts';

/** Cells without the padding. */
function rows<T>(columns: readonly Column<T>[], objects: readonly T[]): readonly string[] {
  return createTable(columns, false, createPaint(false))
    .lines(objects)
    .map((line) => line.replaceAll(/ {3,}/g, ' | '));
}

const clock = () => now;
const schedule = { 'gate.kuberik.com/schedule-name': 'office', 'gate.kuberik.com/schedule-kind': 'RolloutSchedule' };

describe('get gates', () => {
  it('says who judges, whether it is open, and what it waits for', () => {
    const gates = [
      gateOf('board', { class: 'manual', approval: { required: 2, notBy: 'deployer' } }),
      gateOf('qa', { class: 'manual' }),
      { ...gateOf('api', { class: 'http', http: { url: 'https://x' } }), status: { message: 'no answer yet' } },
      { ...gateOf('foreign', { class: 'ours' }), status: { passing: true } },
      { ...gateOf('shut', { class: 'ours' }), status: { passing: false, message: 'audit' } },
      gateOf('window', { passing: true, validUntil: '2026-11-21T17:00:00Z' }, schedule),
      gateOf('late', { passing: true, validUntil: '2026-11-21T11:00:00Z' }, schedule),
    ];
    expect(rows(gateColumns(clock, false), gates)).toEqual([
      'NAME | ROLLOUT | CLASS | STATE | ALLOWED | WAITS FOR | AGE',
      'board | app | manual | Judged | <all> | 2 approvals, not by the deployer | <unknown>',
      'qa | app | manual | Judged | <all> | an approval | <unknown>',
      'api | app | http | Judged | <all> | no answer yet | <unknown>',
      'foreign | app | ours | Open | <all> | <none> | <unknown>',
      'shut | app | ours | Closed | <all> | audit | <unknown>',
      'window | app | schedule | Open | <all> | RolloutSchedule office, next change 2026-11-21T17:00:00Z | <unknown>',
      'late | app | schedule | Closed | <all> | RolloutSchedule office, next change 2026-11-21T11:00:00Z | <unknown>',
    ]);
  });
});

describe('get approvals and freezes', () => {
  it('says who decided what', () => {
    const approvals = [approvalOf('board', 'jane'), approvalOf('board', 'bob', 'v1.4.0', 'Reject')];
    expect(rows(approvalColumns(clock, true), approvals)).toEqual([
      'NAMESPACE | NAME | GATE | VERSION | DECISION | BY | AGE | REASON',
      'apps | board-jane | board | v1.4.0 | Approve | jane | 60m | <none>',
      'apps | board-bob | board | v1.4.0 | Reject | bob | 60m | <none>',
    ]);
  });

  it('says what is stopped, and whether it still is', () => {
    const tier = [{ key: 'tier', operator: 'In', values: ['a', 'b'] }];
    const freezes = [
      freezeOf('all'),
      freezeOf('some', {
        until: '2026-11-21T11:00:00Z',
        namespaceSelector: { matchLabels: { team: 'pay' }, matchExpressions: tier },
      }),
    ];
    expect(rows(freezeColumns(clock), freezes)).toEqual([
      'NAME | STATE | UNTIL | NAMESPACES | ROLLOUTS | AGE | REASON',
      'all | On | <none> | <all> | <all> | <unknown> | no changes',
      'some | Over | 2026-11-21T11:00:00Z | team=pay,tier In a|b | <all> | <unknown> | no changes',
    ]);
  });
});

describe('get schedules', () => {
  const spec = { rolloutSelector: {}, rules: [{ name: 'always' }] };
  const object = (name: string, more: object, status?: object) => ({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'RolloutSchedule',
    metadata: { name },
    spec: { ...spec, ...more },
    ...(status && { status }),
  });

  it('says whether deployments may start, which is not whether it is active', () => {
    const next = { nextTransition: '2026-11-23T08:00:00Z', matchingRollouts: 3 };
    const bad = { type: 'Ready', status: 'False', reason: 'InvalidSpec', message: 'no zone', lastTransitionTime: '' };
    const schedules = [
      object('allow', { action: 'Allow', timezone: 'Europe/Zagreb' }, { active: true, ...next }),
      object('deny', {}, { active: true, ...next }),
      object('deny-later', {}, { active: false, ...next }),
      object('wrong', {}, { conditions: [bad] }),
      object('new', {}),
    ].map((one) => RolloutSchedule.parse(one));
    expect(rows(scheduleColumns(clock, false), schedules)).toEqual([
      'NAME | ACTION | STATE | NEXT CHANGE | MATCHING | ZONE | AGE',
      'allow | Allow | Open | 2026-11-23T08:00:00Z | 3 | Europe/Zagreb | <unknown>',
      'deny | Deny | Closed | 2026-11-23T08:00:00Z | 3 | UTC | <unknown>',
      'deny-later | Deny | Open | 2026-11-23T08:00:00Z | 3 | UTC | <unknown>',
      'wrong | Deny | InvalidSpec | <none> | <none> | UTC | <unknown>',
      'new | Deny | <none> | <none> | <none> | UTC | <unknown>',
    ]);
    const across = ClusterRolloutSchedule.parse(object('c', { namespaceSelector: { matchLabels: { env: 'prod' } } }));
    expect(rows(clusterScheduleColumns(clock), [across])[1]).toMatch(/^c \| env=prod \| Deny/);
  });
});
