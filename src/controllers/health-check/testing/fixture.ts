/** One HealthCheck `team/check`, and what it may depend upon, in a cluster in memory; made anew for each test. */
import { beforeEach } from 'vitest';
import { HealthCheck, type HealthCheckStatus, HealthClass } from '../../../api/health-check.ts';
import { Rollout } from '../../../api/rollout.ts';
import { Kustomization } from '../../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../integrations/flux/oci-repository.ts';
import { MemoryCluster } from '../../../integrations/flux/testing/memory-cluster.ts';
import { createLiveReader } from '../../../kube/live-reader.ts';
import { createFakeClock, type FakeClock } from '../../../kube/testing/fake-clock.ts';
import { createPluralOf } from '../kustomization/kinds.ts';
import { kustomizationClass } from '../kustomization/kustomization-class.ts';
import { createLiveInventory } from '../kustomization/live-inventory.ts';
import { reconcileHealthCheck } from '../reconcile.ts';

const T0 = Temporal.Instant.from('2026-01-01T12:00:00Z');
const key = { namespace: 'team', name: 'check' };
export let cluster: MemoryCluster;
export let clock: FakeClock;

beforeEach(() => {
  cluster = new MemoryCluster();
  clock = createFakeClock(T0);
});

/** T0 and this many minutes. */
export const at = (minutes: number): string => T0.add({ seconds: Math.round(minutes * 60) }).toString();

export async function look(): Promise<{ requeueAt?: Temporal.Instant }> {
  const reader = createLiveReader(cluster);
  const inventory = createLiveInventory(reader, createPluralOf(reader, clock));
  const classes = new Map([[HealthClass.Kustomization, kustomizationClass({ reader, inventory, clock })]]);
  const events = { record: () => undefined };
  return reconcileHealthCheck({ client: cluster, reader, classes, clock, events }, key, new AbortController().signal);
}

export async function status(): Promise<HealthCheckStatus> {
  return (await cluster.get(HealthCheck, key)).status ?? {};
}

export async function judged(): Promise<HealthCheckStatus> {
  await look();
  return status();
}

export interface Check {
  readonly class?: string;
  readonly namespace?: string;
  readonly kustomization?: string;
  readonly status?: HealthCheckStatus;
  /** In minutes. Default: long ago. */
  readonly createdAt?: number;
}

export function putCheck(check: Check): MemoryCluster {
  return cluster.put({
    apiVersion: HealthCheck.apiVersion,
    kind: 'HealthCheck',
    metadata: {
      ...key,
      ...(check.createdAt !== undefined && { creationTimestamp: at(check.createdAt) }),
      labels: { app: 'app' },
      annotations:
        check.kustomization === undefined ? {} : { 'healthcheck.kuberik.com/kustomization': check.kustomization },
    },
    spec: check.class === undefined ? {} : { class: check.class },
    ...(check.status && { status: check.status }),
  });
}

export interface Deployed {
  readonly namespace?: string;
  readonly tag?: string;
  readonly at?: number;
  readonly retry?: number;
  readonly selector?: object | null;
}

export function putRollout({
  namespace = 'team',
  tag = '2.0.0',
  at: minutes,
  retry,
  selector,
}: Deployed): MemoryCluster {
  const history =
    minutes === undefined
      ? []
      : [{ version: { tag }, timestamp: at(minutes), ...(retry !== undefined && { lastRetryTimestamp: at(retry) }) }];
  return cluster.put({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata: { namespace, name: 'app' },
    spec: {
      releasesImagePolicy: { name: 'app' },
      ...(selector !== null && { healthCheckSelector: selector ?? { selector: { matchLabels: { app: 'app' } } } }),
    },
    status: { history },
  });
}

export interface Flux {
  readonly namespace?: string;
  readonly generation?: number;
  readonly observed?: number;
  readonly ready?: [status: string, reason: string, message: string, observedGeneration: number, minutes: number];
  readonly reconcilingSince?: number;
  readonly substitute?: string;
  readonly applied?: string;
  readonly attempted?: string;
  readonly inventory?: readonly string[];
  readonly spec?: object;
}

export function putKustomization(flux: Flux = {}): MemoryCluster {
  const { generation = 1, observed = generation, ready, reconcilingSince } = flux;
  const [state, reason, message, observedGeneration, minutes] = ready ?? [
    'True',
    'ReconciliationSucceeded',
    'Applied',
    generation,
    -60,
  ];
  const conditions = [
    { type: 'Ready', status: state, reason, message, observedGeneration, lastTransitionTime: at(minutes) },
  ];
  if (reconcilingSince !== undefined) {
    conditions.push({
      type: 'Reconciling',
      status: 'True',
      reason: 'ProgressingWithRetry',
      message,
      observedGeneration,
      lastTransitionTime: at(reconcilingSince),
    });
  }
  return cluster.put({
    apiVersion: Kustomization.apiVersion,
    kind: 'Kustomization',
    metadata: {
      namespace: flux.namespace ?? 'team',
      name: 'app',
      generation,
      annotations: flux.substitute === undefined ? {} : { 'rollout.kuberik.com/substitute.VERSION.from': 'app' },
    },
    spec: {
      interval: '10m',
      ...(flux.substitute !== undefined && { postBuild: { substitute: { VERSION: flux.substitute } } }),
      ...(flux.applied !== undefined && { sourceRef: { kind: 'OCIRepository', name: 'source' } }),
      ...flux.spec,
    },
    status: {
      observedGeneration: observed,
      conditions: observed === -1 && ready === undefined ? [] : conditions,
      lastAppliedRevision: flux.applied,
      lastAttemptedRevision: flux.attempted ?? flux.applied,
      inventory: { entries: (flux.inventory ?? ['team_web_apps_Deployment']).map((id) => ({ id, v: 'v1' })) },
    },
  });
}

export function putDeployment(state: 'available' | 'progressing' | 'failed', minutes = -60): MemoryCluster {
  const progressing =
    state === 'failed'
      ? { status: 'False', reason: 'ProgressDeadlineExceeded' }
      : { status: 'True', reason: 'NewReplicaSetAvailable' };
  const count = state === 'available' ? 1 : 0;
  return cluster.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'team', name: 'web', generation: 1 },
    spec: { replicas: 1, template: {} },
    status: {
      observedGeneration: 1,
      ...{ replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count },
      conditions: [
        { type: 'Progressing', ...progressing, lastTransitionTime: at(minutes) },
        { type: 'Available', status: state === 'available' ? 'True' : 'False', lastTransitionTime: at(minutes) },
      ],
    },
  });
}

export function putSource(tag: string, revision: string, ready = 'True', minutes = -1): MemoryCluster {
  return cluster.put({
    apiVersion: OCIRepository.apiVersion,
    kind: 'OCIRepository',
    metadata: {
      namespace: 'team',
      name: 'source',
      generation: 1,
      annotations: { 'rollout.kuberik.com/rollout': 'app' },
    },
    spec: { url: 'oci://registry/app', ref: { tag } },
    status: {
      artifact: { revision },
      conditions: [
        {
          type: 'Ready',
          status: ready,
          reason: 'X',
          message: 'tag not found',
          observedGeneration: 1,
          lastTransitionTime: at(minutes),
        },
      ],
    },
  });
}
