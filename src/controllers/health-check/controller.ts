/**
 * The HealthCheck controller: every check is reset when a Rollout that it judges deploys, and checks of the classes that
 * are built in are judged.
 */
import { HealthCheck } from '../../api/health-check.ts';
import { sameJson } from '../../api/json.ts';
import { keyOf, type ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, ownSource, type WatchSource, watchSource } from '../../kube/reconciler.ts';
import { selectedChecks } from '../selection.ts';
import { deliveryWatches } from './delivery.ts';
import { type HealthCheckContext, reconcileHealthCheck } from './reconcile.ts';

/** The name is upstream's: it labels metrics. */
export function healthCheckController(context: HealthCheckContext): ControllerDefinition {
  const classes = [...context.classes.values()];
  const awaiting = [...context.classes].flatMap(([name, { awaitsDelivery }]) =>
    awaitsDelivery === true ? [name] : [],
  );
  return {
    name: 'healthcheck',
    watches: [
      ...healthCheckWatches(context.reader),
      ...classes.flatMap(({ watches }) => watches),
      ...(awaiting.length > 0 ? deliveryWatches(context.reader, awaiting) : []),
    ],
    reconciler: { reconcile: (key, signal) => reconcileHealthCheck(context, key, signal) },
    start(wake, signal) {
      for (const judge of classes) judge.start?.(wake, signal);
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
      type: Namespace,
      wakes: async (current, previous) => {
        if (current === undefined || sameJson(current.metadata.labels, previous?.metadata.labels)) return [];
        return (await reader.list(HealthCheck, { namespace: current.metadata.name })).map(keyOf);
      },
    }),
  ];
}

function deploymentFacts(rollout: Rollout | undefined): unknown {
  const entry = rollout?.status?.history?.[0];
  return rollout && [rollout.spec.healthCheckSelector, entry?.version.tag, entry?.timestamp, entry?.lastRetryTimestamp];
}

function unique(keys: readonly ObjectKey[]): ObjectKey[] {
  return [...new Map(keys.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}
