/** `RolloutSchedule` (kuberik.com/v1alpha1): deployment windows and freezes for Rollouts of one namespace. */
import Type, { type Static } from 'typebox';
import { defineResource } from './define-resource.ts';
import { ScheduleStatus, scheduleColumns, scheduleConditions, scheduleFields } from './schedule.ts';

export const RolloutScheduleSpec = Type.Object(scheduleFields, { description: 'Which Rollouts, and when.' });
export type RolloutScheduleSpec = Static<typeof RolloutScheduleSpec>;

export const RolloutSchedule = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'RolloutSchedule',
  plural: 'rolloutschedules',
  singular: 'rolloutschedule',
  scope: 'Namespaced',
  description:
    'RolloutSchedule opens and closes a RolloutGate for each Rollout of its namespace that it selects, by the clock.',
  spec: RolloutScheduleSpec,
  status: ScheduleStatus,
  columns: scheduleColumns,
  conditions: scheduleConditions,
});
export type RolloutSchedule = ReturnType<typeof RolloutSchedule.parse>;
