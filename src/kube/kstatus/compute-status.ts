/**
 * `kstatus` tells from an object alone how far its controller has brought it, as Flux and kubectl's tools do:
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
import { groupOf } from '../../api/resource-type.ts';
import { conditionsOf, numberField, textField } from './fields.ts';
import { kindRules } from './kinds.ts';
import type { ObjectStatus } from './object-status.ts';

export type { ObjectStatus } from './object-status.ts';

/** Judges one object as the API server returned it. Missing or odd fields count as absent. */
export function computeStatus(object: Readonly<Record<string, unknown>>, now: Temporal.Instant): ObjectStatus {
  const kind = textField(object, 'kind') ?? '';
  const rule = kindRules.get(groupKind(textField(object, 'apiVersion') ?? '', kind));
  return generic(object, kind) ?? rule?.(object, now) ?? ready(object);
}

/** Kinds whose objects are Current as soon as they exist: there is nothing to read. */
export function isAlwaysCurrent(apiVersion: string, kind: string): boolean {
  return alwaysCurrent.has(groupKind(apiVersion, kind));
}

const alwaysCurrent: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'batch/CronJob',
  'policy/PodDisruptionBudget',
  'ServiceAccount',
  'LimitRange',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/IngressClass',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

function groupKind(apiVersion: string, kind: string): string {
  const group = groupOf({ apiVersion });
  return group === '' ? kind : `${group}/${kind}`;
}

/** What holds for every kind; undefined when it decides nothing. */
function generic(object: Readonly<Record<string, unknown>>, kind: string): ObjectStatus | undefined {
  if ((textField(object, 'metadata', 'deletionTimestamp') ?? '') !== '') {
    return { status: 'Terminating', message: 'Resource scheduled for deletion' };
  }
  const generation = numberField(object, 'metadata', 'generation');
  const observed = numberField(object, 'status', 'observedGeneration');
  if (generation !== undefined && observed !== undefined && generation !== observed) {
    const message = `${kind} generation is ${generation}, but latest observed generation is ${observed}`;
    return { status: 'InProgress', message };
  }
  for (const { type, status, message } of conditionsOf(object)) {
    if (type === 'Reconciling' && status === 'True') return { status: 'InProgress', message };
    if (type === 'Stalled' && status === 'True') return { status: 'Failed', message };
  }
  return undefined;
}

/** Of kinds without a rule: a Ready condition, if there is one. False may yet become True, so it is never a failure. */
function ready(object: Readonly<Record<string, unknown>>): ObjectStatus {
  for (const { type, status, message } of conditionsOf(object)) {
    if (type !== 'Ready') continue;
    if (status === 'True') return { status: 'Current', message: 'Resource is Ready' };
    if (status === 'False' || status === 'Unknown') return { status: 'InProgress', message };
  }
  return { status: 'Current', message: 'Resource is current' };
}
