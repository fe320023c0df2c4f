/** ReplicaSet: as many pods as asked for, and how many of them are ready and available. */
import { type KubeObject, keyOf } from '../../api/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, watchSource } from '../../kube/reconciler.ts';
import { podNames } from './names.ts';
import { isOwnedBy, ownerKey, ownerReferenceTo, patchStatus } from './patch-status.ts';
import { Pod, type PodTemplate, ReplicaSet } from './types.ts';

export interface ReplicaSetOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
}

/** Pods created or deleted in one go; their events wake the controller for the rest. */
const burst = 50;

export function replicaSetController({ client, reader, clock }: ReplicaSetOptions): ControllerDefinition {
  return {
    name: 'sandbox-replica-set',
    watches: [
      watchSource({ type: ReplicaSet, wakes: (current) => (current === undefined ? [] : [keyOf(current)]) }),
      watchSource({ type: Pod, wakes: (current, previous) => ownerKey(current ?? previous, 'ReplicaSet') }),
    ],
    reconciler: {
      async reconcile(key, signal) {
        const set = await reader.get(ReplicaSet, key);
        if (set === undefined || set.metadata.deletionTimestamp !== undefined) return {};
        const pods = (await reader.list(Pod, { namespace: key.namespace })).filter((pod) => isOwnedBy(pod, set));
        const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
        await scale(client, set, alive, signal);

        const readiness = alive.flatMap((pod) => readySince(pod) ?? []);
        const minimum = { seconds: set.spec.minReadySeconds ?? 0 };
        const due = readiness.map((since) => since.add(minimum)).sort((a, b) => Temporal.Instant.compare(a, b));
        const later = due.find((instant) => Temporal.Instant.compare(instant, clock.now()) > 0);
        const status = {
          replicas: alive.length,
          fullyLabeledReplicas: alive.length,
          readyReplicas: readiness.length,
          availableReplicas: later === undefined ? due.length : due.indexOf(later),
          observedGeneration: set.metadata.generation,
        };
        await patchStatus(client, ReplicaSet, set, status, signal);
        return later === undefined ? {} : { requeueAt: later };
      },
    },
  };
}

function readySince(pod: Pod): Temporal.Instant | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) return undefined;
  return Temporal.Instant.from(ready.lastTransitionTime);
}

async function scale(client: KubeClient, set: ReplicaSet, alive: readonly Pod[], signal: AbortSignal): Promise<void> {
  const wanted = set.spec.replicas ?? 1;
  const names = podNames(set.metadata, Math.max(wanted, alive.length));
  const taken = new Set(alive.map(({ metadata }) => metadata.name));
  if (alive.length < wanted) {
    const missing = names.filter((name) => !taken.has(name)).slice(0, Math.min(wanted - alive.length, burst));
    await Promise.all(missing.map((name) => createPod(client, podOf(set, set.spec.template, name), signal)));
  }
  if (alive.length > wanted) {
    const doomed = [...alive].sort(byWorth(names)).slice(0, Math.min(alive.length - wanted, burst));
    await Promise.all(doomed.map((pod) => removePod(client, pod, signal)));
  }
}

/** Least worth keeping first: not ready before ready, then the youngest. */
function byWorth(names: readonly string[]) {
  const rank = (pod: Pod): number => (readySince(pod) === undefined ? 0 : 1);
  const age = (pod: Pod): number => names.indexOf(pod.metadata.name);
  return (a: Pod, b: Pod): number => rank(a) - rank(b) || age(b) - age(a);
}

export function podOf(
  owner: KubeObject,
  template: PodTemplate,
  name: string,
  labels: Record<string, string> = {},
): KubeObject {
  const { metadata } = template;
  return {
    apiVersion: Pod.apiVersion,
    kind: Pod.kind,
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? '',
      labels: { ...metadata?.labels, ...labels },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [ownerReferenceTo(owner)],
    },
    spec: template.spec,
  };
}

/** The name follows from the owner, so a pod that is there already is the one that was wanted. */
export async function createPod(client: KubeClient, pod: KubeObject, signal: AbortSignal): Promise<void> {
  try {
    await client.create(Pod, pod, { signal });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

export async function removePod(client: KubeClient, pod: Pod, signal: AbortSignal): Promise<void> {
  const { uid } = pod.metadata;
  try {
    await client.remove(Pod, keyOf(pod), { signal, ...(uid === undefined ? {} : { uid }) });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
