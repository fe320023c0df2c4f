/** One look at one HealthCheck: observe, judge, write the status if it changed. */
import { HealthCheck } from '../../api/health-check.ts';
import { instantOf } from '../../api/instant.ts';
import type { ObjectKey } from '../../api/meta.ts';
import type { Rollout } from '../../api/rollout.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reader } from '../../kube/reader.ts';
import type { ReconcileResult } from '../../kube/reconciler.ts';
import { writeStatus } from '../../kube/status.ts';
import { selectingRollouts } from '../selection.ts';
import { deploymentProgress } from './expectation.ts';
import { type InventoryReader, readInventory } from './inventory.ts';
import { judge, misconfigured, type Verdict } from './judge.ts';
import { type Cutoffs, cutoffsOf, nextStatus } from './next-status.ts';
import { KUSTOMIZATION_CLASS, kustomizationOf } from './reference.ts';

export interface HealthCheckContext {
  readonly client: KubeClient;
  /** HealthChecks, Rollouts, Namespaces, Kustomizations and OCIRepositories. */
  readonly reader: Reader;
  readonly inventory: InventoryReader;
  readonly clock: Clock;
}

/**
 * A check that could not be observed keeps its status: an API server that does not answer says nothing about health.
 * @throws KubeError of that read, or of the write (a conflict, for example), to be tried again.
 */
export async function reconcileHealthCheck(
  context: HealthCheckContext,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const check = await context.reader.get(HealthCheck, key);
  if (check === undefined || check.metadata.deletionTimestamp !== undefined) return {};
  const rollouts = await selectingRollouts(context.reader, check);
  const cutoffs = cutoffsOf(rollouts);
  const verdict =
    check.spec.class === KUSTOMIZATION_CLASS ? await observe(context, check, rollouts, cutoffs) : undefined;
  signal.throwIfAborted();
  const status = nextStatus(check, cutoffs, verdict, context.clock.now());
  await writeStatus(context.client, HealthCheck, { ...check, status: check.status ?? {} }, status, { signal });
  return verdict?.changesAt === undefined ? {} : { requeueAt: verdict.changesAt };
}

async function observe(
  { reader, inventory, clock }: HealthCheckContext,
  check: HealthCheck,
  rollouts: readonly Rollout[],
  cutoffs: Cutoffs,
): Promise<Verdict> {
  const reference = kustomizationOf(check);
  if (typeof reference === 'string') return misconfigured(reference);
  const kustomization = await reader.get(Kustomization, reference);
  const source = kustomization && (await sourceOf(reader, kustomization));
  const deployment =
    kustomization === undefined
      ? ({ progress: 'applied', tags: [], revision: undefined } as const)
      : deploymentProgress(kustomization, source, rollouts);
  const now = clock.now();
  // What was applied before, or in another cluster, cannot be seen here.
  const isVisible = deployment.progress !== 'waiting' && kustomization?.spec.kubeConfig === undefined;
  const entries = isVisible ? (kustomization?.status?.inventory?.entries ?? []) : [];
  const resources = await readInventory(inventory, entries, now);
  const createdAt = instantOf(check.metadata.creationTimestamp ?? undefined);
  return judge({ reference, kustomization, createdAt, deployment, resources, ...cutoffs }, now);
}

async function sourceOf(reader: Reader, kustomization: Kustomization): Promise<OCIRepository | undefined> {
  const { sourceRef } = kustomization.spec;
  if (sourceRef?.kind !== OCIRepository.kind || sourceRef.name === undefined) return undefined;
  const namespace = sourceRef.namespace ?? kustomization.metadata.namespace ?? '';
  return reader.get(OCIRepository, { namespace, name: sourceRef.name });
}
