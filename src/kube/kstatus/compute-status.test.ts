import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { computeStatus, isAlwaysCurrent } from './compute-status.ts';
import { failureWitness } from './failure-witness.ts';

const now = Temporal.Instant.from('2026-01-01T12:00:00Z');

/** `apiVersion Kind`, the rest of the object as YAML, then status and message. */
const table: readonly (readonly [kind: string, rest: string, status: string, message: string])[] = [
  // every kind
  [
    'v1 Thing',
    'metadata: {deletionTimestamp: "2026-01-01T00:00:00Z", generation: 2}\nstatus: {observedGeneration: 1}',
    'Terminating',
    'Resource scheduled for deletion',
  ],
  [
    'v1 Thing',
    'metadata: {generation: 2}\nstatus: {observedGeneration: 1}',
    'InProgress',
    'Thing generation is 2, but latest observed generation is 1',
  ],
  [
    'v1 Thing',
    'metadata: {generation: 1}\nstatus: {observedGeneration: -1}',
    'InProgress',
    'Thing generation is 1, but latest observed generation is -1',
  ],
  ['v1 Thing', 'metadata: {generation: 2}', 'Current', 'Resource is current'],
  [
    'v1 Thing',
    'status: {conditions: [{type: Reconciling, status: "True", message: busy}, {type: Stalled, status: "True", message: stuck}]}',
    'InProgress',
    'busy',
  ],
  [
    'v1 Thing',
    'status: {conditions: [{type: Stalled, status: "True", message: stuck}, {type: Reconciling, status: "True", message: busy}]}',
    'Failed',
    'stuck',
  ],
  [
    'v1 Thing',
    'status: {conditions: [{type: Stalled, status: "False", message: stuck}]}',
    'Current',
    'Resource is current',
  ],
  ['v1 Thing', 'status: {conditions: [{type: Ready, status: "True"}]}', 'Current', 'Resource is Ready'],
  ['v1 Thing', 'status: {conditions: [{type: Ready, status: "False", message: not yet}]}', 'InProgress', 'not yet'],
  ['v1 Thing', 'status: {conditions: [{type: Ready, status: Unknown, message: who knows}]}', 'InProgress', 'who knows'],
  ['v1 Thing', 'status: {conditions: oops}', 'Current', 'Resource is current'],
  ['v1 Thing', '{}', 'Current', 'Resource is current'],
  ['example.com/v1 Deployment', '{}', 'Current', 'Resource is current'],
  // always
  ['v1 ConfigMap', '{}', 'Current', 'Resource is always ready'],
  ['v1 Secret', '{}', 'Current', 'Resource is always ready'],
  ['batch/v1 CronJob', '{}', 'Current', 'Resource is always ready'],
  ['policy/v1 PodDisruptionBudget', '{}', 'Current', 'AllowedDisruptions has been computed.'],
  // Service
  ['v1 Service', '{}', 'Current', 'Service is ready'],
  ['v1 Service', 'spec: {type: LoadBalancer}', 'InProgress', 'ClusterIP not set. Service type: LoadBalancer'],
  ['v1 Service', 'spec: {type: LoadBalancer, clusterIP: 10.0.0.1}', 'Current', 'Service is ready'],
  // PersistentVolumeClaim
  ['v1 PersistentVolumeClaim', 'status: {phase: Pending}', 'InProgress', 'PVC is not Bound. phase: Pending'],
  ['v1 PersistentVolumeClaim', '{}', 'InProgress', 'PVC is not Bound. phase: unknown'],
  ['v1 PersistentVolumeClaim', 'status: {phase: Bound}', 'Current', 'PVC is Bound'],
  // Deployment
  ['apps/v1 Deployment', '{}', 'InProgress', 'Replicas: 0/1'],
  [
    'apps/v1 Deployment',
    'status: {conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]}',
    'Failed',
    'Progress deadline exceeded',
  ],
  ['apps/v1 Deployment', 'spec: {replicas: 3}\nstatus: {replicas: 2}', 'InProgress', 'Replicas: 2/3'],
  [
    'apps/v1 Deployment',
    'spec: {replicas: 3}\nstatus: {replicas: 3, updatedReplicas: 1}',
    'InProgress',
    'Updated: 1/3',
  ],
  [
    'apps/v1 Deployment',
    'spec: {replicas: 3}\nstatus: {replicas: 4, updatedReplicas: 3}',
    'InProgress',
    'Pending termination: 1',
  ],
  [
    'apps/v1 Deployment',
    'spec: {replicas: 3}\nstatus: {replicas: 3, updatedReplicas: 3, availableReplicas: 2}',
    'InProgress',
    'Available: 2/3',
  ],
  [
    'apps/v1 Deployment',
    'spec: {replicas: 3}\nstatus: {replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 2}',
    'InProgress',
    'Ready: 2/3',
  ],
  [
    'apps/v1 Deployment',
    'spec: {progressDeadlineSeconds: 600}\nstatus: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1}',
    'InProgress',
    'ReplicaSet not Available',
  ],
  [
    'apps/v1 Deployment',
    'spec: {progressDeadlineSeconds: 2147483647}\nstatus: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1}',
    'InProgress',
    'Deployment not Available',
  ],
  [
    'apps/v1 Deployment',
    'status: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1}',
    'InProgress',
    'Deployment not Available',
  ],
  [
    'apps/v1 Deployment',
    'spec: {progressDeadlineSeconds: 600}\nstatus: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1, conditions: [{type: Progressing, status: "True", reason: NewReplicaSetAvailable}, {type: Available, status: "True"}]}',
    'Current',
    'Deployment is available. Replicas: 1',
  ],
  [
    'apps/v1 Deployment',
    'spec: {replicas: 0}\nstatus: {conditions: [{type: Available, status: "True"}]}',
    'Current',
    'Deployment is available. Replicas: 0',
  ],
  ['extensions/v1beta1 Deployment', '{}', 'InProgress', 'Replicas: 0/1'],
  // StatefulSet
  [
    'apps/v1 StatefulSet',
    'spec: {updateStrategy: {type: OnDelete}}',
    'Current',
    'StatefulSet is using the ondelete update strategy',
  ],
  ['apps/v1 StatefulSet', 'spec: {replicas: 2}', 'InProgress', 'Replicas: 0/2'],
  ['apps/v1 StatefulSet', 'spec: {replicas: 2}\nstatus: {replicas: 2, readyReplicas: 1}', 'InProgress', 'Ready: 1/2'],
  [
    'apps/v1 StatefulSet',
    'spec: {replicas: 1}\nstatus: {replicas: 2, readyReplicas: 1}',
    'InProgress',
    'Pending termination: 1',
  ],
  [
    'apps/v1 StatefulSet',
    'spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}}\nstatus: {replicas: 3, readyReplicas: 3, updatedReplicas: 1}',
    'InProgress',
    'updated: 1/2',
  ],
  [
    'apps/v1 StatefulSet',
    'spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}}\nstatus: {replicas: 3, readyReplicas: 3, updatedReplicas: 2}',
    'Current',
    'Partition rollout complete. updated: 2',
  ],
  ['apps/v1 StatefulSet', 'status: {replicas: 1, readyReplicas: 1}', 'InProgress', 'current: 0/1'],
  [
    'apps/v1 StatefulSet',
    'status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: b}',
    'InProgress',
    'Waiting for updated revision to match current',
  ],
  [
    'apps/v1 StatefulSet',
    'status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: a}',
    'Current',
    'All replicas scheduled as expected. Replicas: 1',
  ],
  // DaemonSet
  ['apps/v1 DaemonSet', '{}', 'InProgress', 'DaemonSet metadata.generation not found'],
  ['apps/v1 DaemonSet', 'metadata: {generation: 1}', 'InProgress', 'DaemonSet status.observedGeneration not found'],
  [
    'apps/v1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1}',
    'InProgress',
    'Missing .status.desiredNumberScheduled',
  ],
  [
    'apps/v1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 1}',
    'InProgress',
    'Current: 1/2',
  ],
  [
    'apps/v1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2}',
    'InProgress',
    'Updated: 0/2',
  ],
  [
    'apps/v1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2}',
    'InProgress',
    'Available: 0/2',
  ],
  [
    'apps/v1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2}',
    'InProgress',
    'Ready: 0/2',
  ],
  [
    'extensions/v1beta1 DaemonSet',
    'metadata: {generation: 1}\nstatus: {observedGeneration: 1, desiredNumberScheduled: 0}',
    'Current',
    'All replicas scheduled as expected. Replicas: 0',
  ],
  // ReplicaSet
  [
    'apps/v1 ReplicaSet',
    'status: {conditions: [{type: ReplicaFailure, status: "True"}]}',
    'InProgress',
    'Replica Failure condition. Check Pods',
  ],
  ['apps/v1 ReplicaSet', '{}', 'InProgress', 'Labelled: 0/1'],
  ['apps/v1 ReplicaSet', 'status: {fullyLabeledReplicas: 1}', 'InProgress', 'Available: 0/1'],
  ['apps/v1 ReplicaSet', 'status: {fullyLabeledReplicas: 1, availableReplicas: 1}', 'InProgress', 'Ready: 0/1'],
  [
    'apps/v1 ReplicaSet',
    'status: {fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1, replicas: 2}',
    'InProgress',
    'Pending termination: 1',
  ],
  [
    'extensions/v1beta1 ReplicaSet',
    'status: {fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1, replicas: 1}',
    'Current',
    'ReplicaSet is available. Replicas: 1',
  ],
  // Job
  [
    'batch/v1 Job',
    'spec: {completions: 3}\nstatus: {succeeded: 3, conditions: [{type: Complete, status: "True"}]}',
    'Current',
    'Job Completed. succeeded: 3/3',
  ],
  [
    'batch/v1 Job',
    'spec: {parallelism: 2}\nstatus: {failed: 1, conditions: [{type: Failed, status: "True"}]}',
    'Failed',
    'Job Failed. failed: 1/2',
  ],
  ['batch/v1 Job', '{}', 'InProgress', 'Job not started'],
  [
    'batch/v1 Job',
    'status: {startTime: "2026-01-01T00:00:00Z", active: 1, failed: 2}',
    'Current',
    'Job in progress. success:0, active: 1, failed: 2',
  ],
  // Pod
  ['v1 Pod', 'status: {phase: Succeeded}', 'Current', 'Pod has completed successfully'],
  ['v1 Pod', 'status: {phase: Failed}', 'Current', 'Pod has completed, but not successfully'],
  ['v1 Pod', 'status: {phase: Running, conditions: [{type: Ready, status: "True"}]}', 'Current', 'Pod is Ready'],
  [
    'v1 Pod',
    'status: {phase: Running, containerStatuses: [{name: a, state: {waiting: {reason: CrashLoopBackOff}}}, {name: b, state: {running: {}}}, {name: c, state: {waiting: {reason: CrashLoopBackOff}}}]}',
    'Failed',
    'Containers in CrashLoop state: a,c',
  ],
  ['v1 Pod', 'status: {phase: Running}', 'InProgress', 'Pod is running but is not Ready'],
  [
    'v1 Pod',
    'metadata: {creationTimestamp: "2026-01-01T11:59:44Z"}\nstatus: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable}]}',
    'Failed',
    'Pod could not be scheduled',
  ],
  [
    'v1 Pod',
    'metadata: {creationTimestamp: "2026-01-01T11:59:46Z"}\nstatus: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable}]}',
    'InProgress',
    'Pod has not been scheduled',
  ],
  ['v1 Pod', 'status: {phase: Pending}', 'InProgress', 'Pod is in the Pending phase'],
  ['v1 Pod', '{}', 'InProgress', 'Pod phase not available'],
  ['v1 Pod', 'status: {phase: Odd}', 'Unknown', 'unknown phase Odd'],
  // CustomResourceDefinition
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
    'status: {conditions: [{type: NamesAccepted, status: "False", message: taken}]}',
    'Failed',
    'taken',
  ],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
    'status: {conditions: [{type: Established, status: "False", reason: NotAccepted, message: no}]}',
    'Failed',
    'no',
  ],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
    'status: {conditions: [{type: Established, status: "False", reason: Installing}]}',
    'InProgress',
    'Install in progress',
  ],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
    'status: {conditions: [{type: NamesAccepted, status: "True"}, {type: Established, status: "True"}]}',
    'Current',
    'CRD is established',
  ],
  ['apiextensions.k8s.io/v1 CustomResourceDefinition', '{}', 'InProgress', 'Install in progress'],
];

function object(kind: string, rest: string): Record<string, unknown> {
  const [apiVersion = '', name = ''] = kind.split(' ');
  return { apiVersion, kind: name, ...parse(rest) };
}

describe('computeStatus', () => {
  test.each(table)('%s: %j', (kind, rest, status, message) => {
    expect(computeStatus(object(kind, rest), now)).toMatchObject({ status, message });
  });

  it('says when a Pod that is not scheduled counts as unschedulable', () => {
    const pod = object('v1 Pod', table.find((row) => row[3] === 'Pod has not been scheduled')![1]);
    const { changesAt } = computeStatus(pod, now);
    expect(changesAt?.toString()).toBe('2026-01-01T12:00:01Z');
    expect(computeStatus(pod, changesAt!).status).toBe('Failed');
  });

  it('knows the kinds that need not be read', () => {
    expect(isAlwaysCurrent('v1', 'ConfigMap')).toBe(true);
    expect(isAlwaysCurrent('rbac.authorization.k8s.io/v1', 'Role')).toBe(true);
    expect(isAlwaysCurrent('apps/v1', 'Deployment')).toBe(false);
    expect(isAlwaysCurrent('example.com/v1', 'ConfigMap')).toBe(false);
  });
});

test.each([
  ['K18 no conditions', '{}', undefined],
  [
    'K19 the newest of all',
    'status: {conditions: [{type: Available, status: "True", lastTransitionTime: "2025-01-01T00:00:00Z"}, {type: Progressing, status: "True", lastTransitionTime: "2025-01-01T01:00:00Z"}]}',
    '2025-01-01T01:00:00Z',
  ],
  [
    'K20 Stalled comes first',
    'status: {conditions: [{type: Stalled, status: "True", lastTransitionTime: "2025-06-01T10:00:00Z"}, {type: Available, status: "True", lastTransitionTime: "2025-06-01T15:00:00Z"}]}',
    '2025-06-01T10:00:00Z',
  ],
  [
    'K21 but not Stalled=False',
    'status: {conditions: [{type: Stalled, status: "False", lastTransitionTime: "2025-06-01T09:00:00Z"}, {type: Progressing, status: "False", lastTransitionTime: "2025-06-01T10:00:00Z"}]}',
    '2025-06-01T10:00:00Z',
  ],
  [
    'K22 a single one',
    'status: {conditions: [{type: Progressing, status: "False", lastTransitionTime: "2025-06-01T12:00:00Z"}]}',
    '2025-06-01T12:00:00Z',
  ],
  ['K23 without a time', 'status: {conditions: [{type: Progressing, status: "False"}]}', undefined],
])('failure witness: %s', (_name, rest, expected) => {
  expect(failureWitness(object('apps/v1 Deployment', rest))?.toString()).toBe(expected);
});
