/**
 * `api` is what users write and read: one file per resource, each at once the type, the CRD and the reference page, and
 * every key and reason beside them. Here: all resources, in the order in which people meet them.
 */
import { Approval } from './approval.ts';
import { ClusterRolloutSchedule } from './cluster-rollout-schedule.ts';
import { Environment } from './environment.ts';
import { Freeze } from './freeze.ts';
import { HealthCheck } from './health-check.ts';
import { Rollout } from './rollout.ts';
import { RolloutGate } from './rollout-gate.ts';
import { RolloutSchedule } from './rollout-schedule.ts';
import { RolloutTest } from './rollout-test.ts';

export const resources = [
  Rollout,
  RolloutGate,
  Approval,
  Freeze,
  HealthCheck,
  RolloutSchedule,
  ClusterRolloutSchedule,
  Environment,
  RolloutTest,
] as const;
