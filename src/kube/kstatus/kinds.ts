/** The rules of the kinds that Kubernetes itself brings. Replicas default to 1, counters to 0, as their controllers do. */
import { conditionsOf, numberField, textField } from './fields.ts';
import { current, failed, inProgress, type ObjectStatus } from './object-status.ts';
import { pod } from './pod.ts';

type KubernetesObject = Readonly<Record<string, unknown>>;
type Rule = (object: KubernetesObject, now: Temporal.Instant) => ObjectStatus;

const always = (message: string) => () => current(message);

/** `replicas` of the spec, and any counter of the status. */
function counts(object: KubernetesObject) {
  return {
    wanted: numberField(object, 'spec', 'replicas') ?? 1,
    count: (name: string): number => numberField(object, 'status', name) ?? 0,
  };
}

/** Seconds that stand for "no deadline": the controller then sets no Progressing condition. */
const noDeadline = 2 ** 31 - 1;

function deployment(object: KubernetesObject): ObjectStatus {
  let isProgressing = (numberField(object, 'spec', 'progressDeadlineSeconds') ?? noDeadline) === noDeadline;
  let isAvailable = false;
  for (const { type, status, reason } of conditionsOf(object)) {
    if (type === 'Progressing' && reason === 'ProgressDeadlineExceeded') return failed('Progress deadline exceeded');
    if (type === 'Progressing' && status === 'True' && reason === 'NewReplicaSetAvailable') isProgressing = true;
    if (type === 'Available' && status === 'True') isAvailable = true;
  }
  const { wanted, count } = counts(object);
  const replicas = count('replicas');
  const updated = count('updatedReplicas');
  const available = count('availableReplicas');
  const ready = count('readyReplicas');
  if (wanted > replicas) return inProgress(`Replicas: ${replicas}/${wanted}`);
  if (wanted > updated) return inProgress(`Updated: ${updated}/${wanted}`);
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);
  if (updated > available) return inProgress(`Available: ${available}/${updated}`);
  if (wanted > ready) return inProgress(`Ready: ${ready}/${wanted}`);
  if (!isProgressing) return inProgress('ReplicaSet not Available');
  if (!isAvailable) return inProgress('Deployment not Available');
  return current(`Deployment is available. Replicas: ${replicas}`);
}

function statefulSet(object: KubernetesObject): ObjectStatus {
  if (textField(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return current('StatefulSet is using the ondelete update strategy');
  }
  const { wanted, count } = counts(object);
  const replicas = count('replicas');
  const ready = count('readyReplicas');
  const updated = count('updatedReplicas');
  if (wanted > replicas) return inProgress(`Replicas: ${replicas}/${wanted}`);
  if (wanted > ready) return inProgress(`Ready: ${ready}/${wanted}`);
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);

  // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions
  const partition = numberField(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (partition !== undefined && partition !== -1) {
    if (updated < wanted - partition) return inProgress(`updated: ${updated}/${wanted - partition}`);
    return current(`Partition rollout complete. updated: ${updated}`);
  }
  const onCurrent = count('currentReplicas');
  if (wanted > onCurrent) return inProgress(`current: ${onCurrent}/${wanted}`);
  const currentRevision = textField(object, 'status', 'currentRevision') ?? '';
  if (currentRevision !== (textField(object, 'status', 'updateRevision') ?? '')) {
    return inProgress('Waiting for updated revision to match current');
  }
  return current(`All replicas scheduled as expected. Replicas: ${replicas}`);
}

function daemonSet(object: KubernetesObject): ObjectStatus {
  // The controller sets both, so without them it has not seen the object yet.
  if (numberField(object, 'metadata', 'generation') === undefined) {
    return inProgress('DaemonSet metadata.generation not found');
  }
  if (numberField(object, 'status', 'observedGeneration') === undefined) {
    return inProgress('DaemonSet status.observedGeneration not found');
  }
  const desired = numberField(object, 'status', 'desiredNumberScheduled') ?? -1;
  if (desired === -1) return inProgress('Missing .status.desiredNumberScheduled');
  const { count } = counts(object);
  const counters = [
    ['Current', count('currentNumberScheduled')],
    ['Updated', count('updatedNumberScheduled')],
    ['Available', count('numberAvailable')],
    ['Ready', count('numberReady')],
  ] as const;
  for (const [name, number] of counters) {
    if (desired > number) return inProgress(`${name}: ${number}/${desired}`);
  }
  return current(`All replicas scheduled as expected. Replicas: ${desired}`);
}

function replicaSet(object: KubernetesObject): ObjectStatus {
  if (conditionsOf(object).some(({ type, status }) => type === 'ReplicaFailure' && status === 'True')) {
    return inProgress('Replica Failure condition. Check Pods');
  }
  const { wanted, count } = counts(object);
  const replicas = count('replicas');
  const labelled = count('fullyLabeledReplicas');
  const available = count('availableReplicas');
  const ready = count('readyReplicas');
  if (wanted > labelled) return inProgress(`Labelled: ${labelled}/${wanted}`);
  if (wanted > available) return inProgress(`Available: ${available}/${wanted}`);
  if (wanted > ready) return inProgress(`Ready: ${ready}/${wanted}`);
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);
  return current(`ReplicaSet is available. Replicas: ${replicas}`);
}

/** A running Job is Current: it may run for as long as it likes. */
function job(object: KubernetesObject): ObjectStatus {
  const { count } = counts(object);
  const completions = numberField(object, 'spec', 'completions') ?? numberField(object, 'spec', 'parallelism') ?? 1;
  const succeeded = count('succeeded');
  const failures = count('failed');
  for (const { type, status } of conditionsOf(object)) {
    if (status !== 'True') continue;
    if (type === 'Complete') return current(`Job Completed. succeeded: ${succeeded}/${completions}`);
    if (type === 'Failed') return failed(`Job Failed. failed: ${failures}/${completions}`);
  }
  if ((textField(object, 'status', 'startTime') ?? '') === '') return inProgress('Job not started');
  return current(`Job in progress. success:${succeeded}, active: ${count('active')}, failed: ${failures}`);
}

function service(object: KubernetesObject): ObjectStatus {
  const isLoadBalancer = textField(object, 'spec', 'type') === 'LoadBalancer';
  if (isLoadBalancer && (textField(object, 'spec', 'clusterIP') ?? '') === '') {
    return inProgress('ClusterIP not set. Service type: LoadBalancer');
  }
  return current('Service is ready');
}

function persistentVolumeClaim(object: KubernetesObject): ObjectStatus {
  const phase = textField(object, 'status', 'phase') ?? 'unknown';
  return phase === 'Bound' ? current('PVC is Bound') : inProgress(`PVC is not Bound. phase: ${phase}`);
}

function customResourceDefinition(object: KubernetesObject): ObjectStatus {
  for (const { type, status, reason, message } of conditionsOf(object)) {
    if (type === 'NamesAccepted' && status === 'False') return failed(message);
    if (type !== 'Established') continue;
    if (status === 'False' && reason !== 'Installing') return failed(message);
    if (status === 'True') return current('CRD is established');
  }
  return inProgress('Install in progress');
}

/** A disruption controller that saw the object is all there is to know. */
const podDisruptionBudget = always('AllowedDisruptions has been computed.');
const ready = always('Resource is always ready');

/** By `group/Kind`; the core group has no prefix. */
export const kindRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Service', service],
  ['Pod', pod],
  ['Secret', ready],
  ['ConfigMap', ready],
  ['PersistentVolumeClaim', persistentVolumeClaim],
  ['apps/StatefulSet', statefulSet],
  ['apps/DaemonSet', daemonSet],
  ['extensions/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['extensions/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['extensions/ReplicaSet', replicaSet],
  ['policy/PodDisruptionBudget', podDisruptionBudget],
  ['batch/CronJob', ready],
  ['batch/Job', job],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
]);
