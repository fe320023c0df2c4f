/** Ready-made roles for people. What is for the whole cluster works only by a ClusterRoleBinding. */
import type { KubeObject } from '../meta.ts';
import { operations } from '../operations.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** rbac.authorization.k8s.io/v1. */
export interface ClusterRole extends KubeObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly rules: readonly PolicyRule[];
}

interface RoleDefinition {
  readonly name: string;
  /** The role of Kubernetes that these rules become a part of. Absent: it is given by name alone. */
  readonly partOf?: 'view' | 'edit' | 'admin';
  /** Verbs of operations on Rollouts. */
  readonly verbs: readonly string[];
  readonly rules: readonly PolicyRule[];
}

const [KUBERIK, ENVIRONMENTS, ROLLOUT] = ['kuberik.com', 'environments.kuberik.com', 'rollout.kuberik.com'];
const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

function rule(group: string, resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources, verbs };
}

const inGroup = [
  'approvals',
  'clusterrolloutschedules',
  'freezes',
  'healthchecks',
  'rolloutgates',
  'rollouts',
  'rolloutschedules',
];
const reading = [
  rule(KUBERIK, inGroup, read),
  rule(ENVIRONMENTS, ['environments'], read),
  rule(ROLLOUT, ['rollouttests'], read),
];
const elsewhere = [rule(ENVIRONMENTS, ['environments'], write), rule(ROLLOUT, ['rollouttests'], write)];
const everyday = [operations.deploy, operations.retry, operations.rollback].map(({ verb }) => verb);
const all = Object.values(operations).map(({ verb }) => verb);

const definitions: readonly RoleDefinition[] = [
  { name: 'kuberik-viewer', partOf: 'view', verbs: [], rules: reading },
  {
    name: 'kuberik-deployer',
    verbs: everyday,
    rules: [...reading, rule(KUBERIK, ['rollouts'], ['patch', 'update'])],
  },
  {
    // Gates and schedules are not in it: whoever may edit a gate can open it.
    name: 'kuberik-editor',
    partOf: 'edit',
    verbs: everyday,
    rules: [rule(KUBERIK, ['healthchecks', 'rollouts'], write), ...elsewhere],
  },
  { name: 'kuberik-approver', verbs: [], rules: [...reading, rule(KUBERIK, ['approvals'], ['create'])] },
  {
    name: 'kuberik-operator',
    partOf: 'admin',
    verbs: all,
    rules: [
      ...reading,
      rule(KUBERIK, ['approvals'], ['create', 'delete', 'deletecollection']),
      rule(
        KUBERIK,
        inGroup.filter((resource) => resource !== 'approvals'),
        write,
      ),
      ...elsewhere,
    ],
  },
];

/** Name of the smallest ready-made role that allows an operation's verb. */
export function roleWith(verb: string): string {
  return definitions.find(({ verbs }) => verbs.includes(verb))?.name ?? '';
}

export function roleObjects(): readonly ClusterRole[] {
  return definitions.map(({ name, partOf, verbs, rules }) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, ...(partOf !== undefined && { labels: aggregated(partOf) }) },
    rules: [...rules, ...(verbs.length > 0 ? [rule(KUBERIK, ['rollouts'], verbs)] : [])],
  }));
}

function aggregated(role: string): Record<string, string> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' };
}
