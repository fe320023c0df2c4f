/** `ClusterRolloutSchedule` (kuberik.com/v1alpha1): deployment windows and freezes across namespaces. */
import Type, { type Static } from 'typebox';
import { defineResource } from './define-resource.ts';
import { NamespaceSelector } from './meta.ts';
import { ScheduleStatus, scheduleColumns, scheduleConditions, scheduleFields } from './schedule.ts';

export const ClusterRolloutScheduleSpec = Type.Object(
  {
    ...scheduleFields,
    namespaceSelector: Type.Optional(NamespaceSelector),
  },
  { description: 'Which Rollouts, in which namespaces, and when.' },
);
export type ClusterRolloutScheduleSpec = Static<typeof ClusterRolloutScheduleSpec>;

export const ClusterRolloutSchedule = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'ClusterRolloutSchedule',
  plural: 'clusterrolloutschedules',
  singular: 'clusterrolloutschedule',
  scope: 'Cluster',
  description:
    'ClusterRolloutSchedule opens and closes a RolloutGate for each Rollout that it selects in any namespace, by the clock.',
  spec: ClusterRolloutScheduleSpec,
  status: ScheduleStatus,
  columns: scheduleColumns,
  conditions: scheduleConditions,
});
export type ClusterRolloutSchedule = ReturnType<typeof ClusterRolloutSchedule.parse>;
