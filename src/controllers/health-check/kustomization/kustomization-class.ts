/** Class `kustomization`: judged by what Flux and the objects that it applied say. */
import { HealthCheck, HealthClass } from '../../../api/health-check.ts';
import { instantOf } from '../../../api/instant.ts';
import { sameJson } from '../../../api/json.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../../api/meta.ts';
import { Kustomization } from '../../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../integrations/flux/oci-repository.ts';
import { kustomizationsFedBy } from '../../../integrations/flux/sources.ts';
import type { Clock } from '../../../kube/clock.ts';
import type { IndexDefinition } from '../../../kube/object-index.ts';
import type { Reader } from '../../../kube/reader.ts';
import { type WatchSource, watchSource } from '../../../kube/reconciler.ts';
import { fluxFacts } from '../delivery.ts';
import type { ClassFacts, HealthClassJudge, Verdict } from '../health-class.ts';
import type { CachedInventory } from './cached-inventory.ts';
import { deploymentProgress } from './expectation.ts';
import { type InventoryReader, readInventory } from './inventory.ts';
import { contradicted, judge, misconfigured } from './judge.ts';
import { kustomizationOf } from './reference.ts';

export interface KustomizationClassOptions {
  /** HealthChecks, Kustomizations and OCIRepositories. */
  readonly reader: Reader;
  readonly inventory: InventoryReader & Partial<Pick<CachedInventory, 'onChange'>>;
  readonly clock: Clock;
}

export function kustomizationClass(options: KustomizationClassOptions): HealthClassJudge {
  const { reader, inventory } = options;
  return {
    watches: kustomizationWatches(reader),
    judge: (facts) => observe(options, facts),
    start(wake, signal) {
      const subscription = inventory.onChange?.((kustomization) => {
        // A kind that cannot be listed wakes nobody: its own watch reports it.
        checksOf(reader, kustomization).then(
          (keys) => {
            for (const key of keys) wake(key);
          },
          () => undefined,
        );
      });
      signal.addEventListener('abort', () => {
        subscription?.[Symbol.dispose]();
      });
    },
  };
}

/** A change that cannot matter to a verdict wakes nobody. */
function kustomizationWatches(reader: Reader): readonly WatchSource[] {
  return [
    watchSource({
      type: Kustomization,
      wakes: (current, previous) =>
        sameJson(fluxFacts(current), fluxFacts(previous)) ? [] : checksOf(reader, identity(current, previous)),
    }),
    watchSource({
      type: OCIRepository,
      wakes: async (current, previous) => {
        if (sameJson(fluxFacts(current), fluxFacts(previous))) return [];
        const fed = await kustomizationsFedBy(reader, identity(current, previous));
        const lists = await Promise.all(fed.map((kustomization) => checksOf(reader, keyOf(kustomization))));
        return lists.flat();
      },
    }),
  ];
}

/** The checks of class `kustomization` that judge a Kustomization, in whatever namespace they are. */
async function checksOf(reader: Reader, kustomization: ObjectKey): Promise<readonly ObjectKey[]> {
  return (await reader.find(HealthCheck, { index: byKustomization, value: keyText(kustomization) })).map(keyOf);
}

const byKustomization: IndexDefinition<HealthCheck> = {
  name: 'kustomization',
  valuesOf: (check) => {
    const reference = check.spec.class === HealthClass.Kustomization ? kustomizationOf(check) : '';
    return typeof reference === 'string' || 'contradiction' in reference ? [] : [keyText(reference)];
  },
};

function identity(current: KubeObject | undefined, previous: KubeObject | undefined): ObjectKey {
  const object = current ?? previous;
  return object === undefined ? { namespace: '', name: '' } : keyOf(object);
}

async function observe(
  { reader, inventory, clock }: KustomizationClassOptions,
  { check, rollouts, cutoff, deployedAt }: ClassFacts,
): Promise<Verdict> {
  const reference = kustomizationOf(check);
  if (typeof reference === 'string') return misconfigured(reference);
  if ('contradiction' in reference) return contradicted(reference.contradiction);
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
  return judge({ reference, kustomization, createdAt, deployment, resources, cutoff, deployedAt }, now);
}

async function sourceOf(reader: Reader, kustomization: Kustomization): Promise<OCIRepository | undefined> {
  const { sourceRef } = kustomization.spec;
  if (sourceRef?.kind !== OCIRepository.kind || sourceRef.name === undefined) return undefined;
  const namespace = sourceRef.namespace ?? kustomization.metadata.namespace ?? '';
  return reader.get(OCIRepository, { namespace, name: sourceRef.name });
}
