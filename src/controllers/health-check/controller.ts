/**
 * The HealthCheck controller: every check is reset when a Rollout that it judges deploys, and checks of class
 * `kustomization` are judged by what Flux and the objects that it applied say.
 */
import { HealthCheck } from '../../api/health-check.ts';
import { sameJson } from '../../api/json.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { kustomizationsFedBy } from '../../integrations/flux/sources.ts';
import type { IndexDefinition } from '../../kube/object-index.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, ownSource, type WatchSource, watchSource } from '../../kube/reconciler.ts';
import { selectedChecks } from '../selection.ts';
import type { CachedInventory } from './cached-inventory.ts';
import { type HealthCheckContext, reconcileHealthCheck } from './reconcile.ts';
import { KUSTOMIZATION_CLASS, kustomizationOf } from './reference.ts';

export interface HealthCheckControllerContext extends HealthCheckContext {
  readonly inventory: CachedInventory;
}

/** The name is upstream's: it labels metrics. */
export function healthCheckController(context: HealthCheckControllerContext): ControllerDefinition {
  const { reader, inventory } = context;
  return {
    name: 'healthcheck',
    watches: healthCheckWatches(reader),
    reconciler: { reconcile: (key, signal) => reconcileHealthCheck(context, key, signal) },
    start(wake, signal) {
      const subscription = inventory.onChange((kustomization) => {
        // A kind that cannot be listed wakes nobody: its own watch reports it.
        checksOf(reader, kustomization).then(
          (keys) => {
            for (const key of keys) wake(key);
          },
          () => undefined,
        );
      });
      signal.addEventListener('abort', () => {
        subscription[Symbol.dispose]();
      });
    },
  };
}

/** A change that cannot matter to a verdict wakes nobody. */
function healthCheckWatches(reader: Reader): readonly WatchSource[] {
  return [
    ownSource(HealthCheck),
    watchSource({
      type: Rollout,
      wakes: async (current, previous) => {
        if (sameJson(deploymentFacts(current), deploymentFacts(previous))) return [];
        const rollouts = [current, previous].filter((rollout) => rollout !== undefined);
        const lists = await Promise.all(rollouts.map((rollout) => selectedChecks(reader, rollout)));
        return unique(lists.flat().map(keyOf));
      },
    }),
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
    watchSource({
      type: Namespace,
      wakes: async (current, previous) => {
        if (current === undefined || sameJson(current.metadata.labels, previous?.metadata.labels)) return [];
        return (await reader.list(HealthCheck, { namespace: current.metadata.name })).map(keyOf);
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
    const reference = check.spec.class === KUSTOMIZATION_CLASS ? kustomizationOf(check) : '';
    return typeof reference === 'string' ? [] : [keyText(reference)];
  },
};

function deploymentFacts(rollout: Rollout | undefined): unknown {
  const entry = rollout?.status?.history?.[0];
  return rollout && [rollout.spec.healthCheckSelector, entry?.version.tag, entry?.timestamp, entry?.lastRetryTimestamp];
}

function fluxFacts(object: Kustomization | OCIRepository | undefined): unknown {
  return (
    object && [
      object.metadata.generation,
      object.metadata.annotations,
      object.metadata.deletionTimestamp,
      object.status,
    ]
  );
}

function identity(current: KubeObject | undefined, previous: KubeObject | undefined): ObjectKey {
  const object = current ?? previous;
  return object === undefined ? { namespace: '', name: '' } : keyOf(object);
}

function unique(keys: readonly ObjectKey[]): ObjectKey[] {
  return [...new Map(keys.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}
