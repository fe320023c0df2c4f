/**
 * The schedule controllers: open and close one RolloutGate for each Rollout that a schedule selects, at the instants at
 * which its rules say so. RolloutSchedules and ClusterRolloutSchedules differ in where they look for Rollouts alone.
 */
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import type { ControllerDefinition } from '../../kube/reconciler.ts';
import type { ScheduleControllerOptions } from './options.ts';
import { reconcileSchedule } from './reconcile.ts';
import { scheduleWatches } from './watches.ts';

export function rolloutScheduleController(options: ScheduleControllerOptions): ControllerDefinition {
  return controllerOf(RolloutSchedule, options);
}

export function clusterRolloutScheduleController(options: ScheduleControllerOptions): ControllerDefinition {
  return controllerOf(ClusterRolloutSchedule, options);
}

/** The names are upstream's: they label metrics. */
function controllerOf<T extends AnySchedule>(
  type: ResourceType<T>,
  options: ScheduleControllerOptions,
): ControllerDefinition {
  return {
    name: type.kind.toLowerCase(),
    watches: scheduleWatches(options.reader, type),
    reconciler: { reconcile: (key, signal) => reconcileSchedule(options, type, key, signal) },
  };
}
