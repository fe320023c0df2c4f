/**
 * The status of a Deployment, with the conditions that kstatus and `kubectl rollout status` read. Pure.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/deployment/progress.go
 */
import { timestamp } from '../flux/conditions.ts';
import { boundsOf } from './rolling-update.ts';
import type { Deployment, ReplicaSet, WorkloadCondition } from './types.ts';

type Status = NonNullable<Deployment['status']>;

export interface DeploymentPlan {
  readonly status: Status;
  /** When the progress deadline passes; absent when nothing is under way. */
  readonly deadline?: Temporal.Instant;
}

export interface DeploymentSets {
  /** Of the set of the present template, whether it has been seen yet or not. */
  readonly name: string;
  readonly current: ReplicaSet | undefined;
  readonly previous: readonly ReplicaSet[];
}

const defaultDeadline = 600; // seconds
const longestDeadline = 2 ** 31 - 1; // means none

export function planDeployment(
  deployment: Deployment,
  { name, current, previous }: DeploymentSets,
  now: Temporal.Instant,
): DeploymentPlan {
  const sets = current === undefined ? previous : [...previous, current];
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
    sets.reduce((total, { status }) => total + (status?.[field] ?? 0), 0);
  const wanted = sets.reduce((total, { spec }) => total + (spec.replicas ?? 1), 0);
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, wanted - sum('availableReplicas')),
  };
  const progressing = progressCondition(deployment, name, counts, now);
  const conditions = [availableCondition(deployment, counts.availableReplicas, now), progressing];
  const status = { ...counts, conditions };
  if (progressing.reason === 'NewReplicaSetAvailable' || progressing.status !== 'True') return { status };
  const deadline = deadlineOf(deployment, progressing);
  return deadline === undefined ? { status } : { status, deadline };
}

function conditionOf(deployment: Deployment, type: string): WorkloadCondition | undefined {
  return deployment.status?.conditions?.find((condition) => condition.type === type);
}

type Judgement = Required<Pick<WorkloadCondition, 'type' | 'status' | 'reason' | 'message'>>;

/** `touched`: something moved, so the progress deadline starts anew. */
function condition(
  deployment: Deployment,
  judgement: Judgement,
  now: Temporal.Instant,
  touched = false,
): WorkloadCondition {
  const existing = conditionOf(deployment, judgement.type);
  const same = existing?.status === judgement.status && existing.reason === judgement.reason;
  const since = existing?.status === judgement.status ? existing.lastTransitionTime : undefined;
  return {
    ...judgement,
    lastUpdateTime: (same && !touched ? existing.lastUpdateTime : undefined) ?? timestamp(now),
    lastTransitionTime: since ?? timestamp(now),
  };
}

function availableCondition(deployment: Deployment, available: number, now: Temporal.Instant): WorkloadCondition {
  const { desired, unavailable } = boundsOf(deployment);
  const enough = available >= desired - unavailable;
  const judgement = enough
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  return condition(deployment, { type: 'Available', ...judgement }, now);
}

function progressCondition(
  deployment: Deployment,
  name: string,
  counts: Required<Pick<Status, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'>>,
  now: Temporal.Instant,
): WorkloadCondition {
  const type = 'Progressing';
  const existing = conditionOf(deployment, type);
  const subject = `ReplicaSet "${name}"`;
  const isNew = !(existing?.message ?? '').includes(`"${name}"`);
  const desired = deployment.spec.replicas ?? 1;
  const { replicas, updatedReplicas, availableReplicas } = counts;
  if (deployment.spec.paused === true) {
    return condition(
      deployment,
      { type, status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' },
      now,
    );
  }
  // A rollout that came to its end is not undone by pods that fail later.
  const isOver = !isNew && replicas === updatedReplicas && existing?.reason === 'NewReplicaSetAvailable';
  const isComplete = updatedReplicas === desired && replicas === desired && availableReplicas === desired;
  if (isOver || isComplete) {
    const message = `${subject} has successfully progressed.`;
    return condition(deployment, { type, status: 'True', reason: 'NewReplicaSetAvailable', message }, now);
  }
  const moved = isNew || hasMoved(deployment.status ?? {}, counts);
  if (!moved && isOverdue(deployment, existing, now)) {
    const message = `${subject} has timed out progressing.`;
    return condition(deployment, { type, status: 'False', reason: 'ProgressDeadlineExceeded', message }, now);
  }
  const message = `${subject} is progressing.`;
  return condition(deployment, { type, status: 'True', reason: 'ReplicaSetUpdated', message }, now, moved);
}

function hasMoved(before: Status, after: Status): boolean {
  const old = (status: Status): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const more = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') =>
    (after[field] ?? 0) > (before[field] ?? 0);
  return more('updatedReplicas') || more('readyReplicas') || more('availableReplicas') || old(after) < old(before);
}

function isOverdue(deployment: Deployment, existing: WorkloadCondition | undefined, now: Temporal.Instant): boolean {
  if (existing?.reason === 'ProgressDeadlineExceeded') return true;
  const deadline = existing === undefined ? undefined : deadlineOf(deployment, existing);
  return deadline !== undefined && Temporal.Instant.compare(now, deadline) >= 0;
}

function deadlineOf({ spec }: Deployment, { lastUpdateTime }: WorkloadCondition): Temporal.Instant | undefined {
  const seconds = spec.progressDeadlineSeconds ?? defaultDeadline;
  if (lastUpdateTime === undefined || seconds >= longestDeadline) return undefined;
  return Temporal.Instant.from(lastUpdateTime).add({ seconds });
}
