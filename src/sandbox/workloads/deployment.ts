/** Deployment: one ReplicaSet per template, rolled from the old one to the new one. */
import { type KubeObject, keyOf } from '../../api/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, watchSource } from '../../kube/reconciler.ts';
import { planDeployment } from './deployment-status.ts';
import { hashName } from './names.ts';
import { isOwnedBy, ownerKey, ownerReferenceTo, patchStatus } from './patch-status.ts';
import { nextReplicas, type SetState } from './rolling-update.ts';
import { Deployment, ReplicaSet } from './types.ts';

export interface DeploymentOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
}

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
const defaultHistory = 10;

export function deploymentController(options: DeploymentOptions): ControllerDefinition {
  const { client, reader, clock } = options;
  return {
    name: 'sandbox-deployment',
    watches: [
      watchSource({ type: Deployment, wakes: (current) => (current === undefined ? [] : [keyOf(current)]) }),
      watchSource({ type: ReplicaSet, wakes: (current, previous) => ownerKey(current ?? previous, 'Deployment') }),
    ],
    reconciler: {
      async reconcile(key, signal) {
        const deployment = await reader.get(Deployment, key);
        if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return {};
        const owned = (await reader.list(ReplicaSet, { namespace: key.namespace })).filter((set) =>
          isOwnedBy(set, deployment),
        );
        const sets = [...owned].sort((a, b) => revisionOf(a) - revisionOf(b));
        const name = setName(deployment);
        const current = sets.find((set) => set.metadata.name === name);
        const previous = sets.filter((set) => set !== current);
        if (deployment.spec.paused !== true) await roll(client, deployment, current, previous, signal);

        const plan = planDeployment(deployment, { name, current, previous }, clock.now());
        await patchStatus(client, Deployment, deployment, plan.status, signal);
        return plan.deadline === undefined ? {} : { requeueAt: plan.deadline };
      },
    },
  };
}

function setName({ metadata, spec }: Deployment): string {
  return `${metadata.name}-${hashName(spec.template, 10)}`;
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

async function roll(
  client: KubeClient,
  deployment: Deployment,
  current: ReplicaSet | undefined,
  previous: readonly ReplicaSet[],
  signal: AbortSignal,
): Promise<void> {
  const state: SetState =
    current === undefined ? { name: setName(deployment), wanted: 0, present: 0, available: 0 } : stateOf(current);
  const next = nextReplicas(deployment, state, previous.map(stateOf));
  const revision = 1 + Math.max(0, ...previous.map(revisionOf));
  const replicas = next.get(state.name) ?? 0;
  if (current === undefined) {
    await createSet(client, setOf(deployment, replicas, revision), signal);
  } else {
    const outdated = previous.length > 0 && revisionOf(current) < revision;
    await scale(client, current, replicas, outdated ? revision : undefined, signal);
  }
  for (const set of previous) await scale(client, set, next.get(set.metadata.name) ?? 0, undefined, signal);
  await forget(client, deployment, previous, signal);
}

function stateOf({ metadata, spec, status }: ReplicaSet): SetState {
  return {
    name: metadata.name,
    wanted: spec.replicas ?? 1,
    present: status?.replicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

function setOf(deployment: Deployment, replicas: number, revision: number): KubeObject {
  const { spec, metadata } = deployment;
  const hash = { [HASH]: hashName(spec.template, 10) };
  const labels = { ...spec.template.metadata?.labels, ...hash };
  return {
    apiVersion: ReplicaSet.apiVersion,
    kind: ReplicaSet.kind,
    metadata: {
      name: setName(deployment),
      namespace: metadata.namespace ?? '',
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReferenceTo(deployment)],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, ...hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

async function createSet(client: KubeClient, set: KubeObject, signal: AbortSignal): Promise<void> {
  try {
    await client.create(ReplicaSet, set, { signal });
  } catch (error) {
    // The read was older than our own write.
    if (!isConflict(error)) throw error;
  }
}

async function scale(
  client: KubeClient,
  set: ReplicaSet,
  replicas: number,
  revision: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  if ((set.spec.replicas ?? 1) === replicas && revision === undefined) return;
  const metadata = revision === undefined ? {} : { metadata: { annotations: { [REVISION]: String(revision) } } };
  try {
    await client.patch(
      ReplicaSet,
      keyOf(set),
      { type: 'merge', body: { ...metadata, spec: { replicas } } },
      { signal },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Old sets without pods beyond `revisionHistoryLimit` go, the oldest first. */
async function forget(
  client: KubeClient,
  { spec }: Deployment,
  previous: readonly ReplicaSet[],
  signal: AbortSignal,
): Promise<void> {
  const empty = previous.filter((set) => (set.spec.replicas ?? 1) === 0 && (set.status?.replicas ?? 0) === 0);
  const surplus = empty.length - (spec.revisionHistoryLimit ?? defaultHistory);
  for (const set of empty.slice(0, Math.max(0, surplus))) {
    try {
      await client.remove(ReplicaSet, keyOf(set), { propagationPolicy: 'Background', signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
