/** Which Rollouts a HealthCheck judges, and the other way round. A Rollout without a selector judges by none. */
import { HealthCheck } from '../api/health-check.ts';
import { Rollout } from '../api/rollout.ts';
import { resolveRolloutSpec } from '../api/rollout-spec.ts';
import { Namespace } from '../integrations/flux/core-objects.ts';
import type { IndexDefinition } from '../kube/object-index.ts';
import type { Reader } from '../kube/reader.ts';

/** Where a Rollout looks for its checks: in its own namespace, or in any that its selector matches. */
const byReach: IndexDefinition<Rollout> = {
  name: 'reach of health checks',
  valuesOf: (rollout) => {
    const { healthChecks } = resolveRolloutSpec(rollout);
    if (healthChecks === undefined) return [];
    return [healthChecks.matchesNamespace === undefined ? (rollout.metadata.namespace ?? '') : everywhere];
  },
};
/** No name of a namespace. */
const everywhere = '*';

/** Rollouts with a namespace selector. */
export function selectingAcross(reader: Reader): Promise<readonly Rollout[]> {
  return reader.find(Rollout, { index: byReach, value: everywhere });
}

/** Rollouts that may be judged by a check of this namespace, by what they say of namespaces alone. */
export async function selectingWithin(reader: Reader, namespace: string): Promise<readonly Rollout[]> {
  const near = await reader.find(Rollout, { index: byReach, value: namespace });
  return [...near, ...(await selectingAcross(reader))];
}

/** Across namespaces, where a Rollout's namespace selector matches. */
export async function selectingRollouts(reader: Reader, check: HealthCheck): Promise<readonly Rollout[]> {
  const { namespace = '', labels } = check.metadata;
  const candidates = (await selectingWithin(reader, namespace)).filter(
    (rollout) => resolveRolloutSpec(rollout).healthChecks?.matches(labels) === true,
  );
  const isAcross = candidates.some(
    (rollout) => resolveRolloutSpec(rollout).healthChecks?.matchesNamespace !== undefined,
  );
  if (!isAcross) return candidates;
  const owner = await reader.get(Namespace, { namespace: '', name: namespace });
  return candidates.filter((rollout) => {
    const matchesNamespace = resolveRolloutSpec(rollout).healthChecks?.matchesNamespace;
    return matchesNamespace === undefined || (owner !== undefined && matchesNamespace(owner.metadata.labels));
  });
}

/** The checks that a Rollout is judged by. */
export async function selectedChecks(reader: Reader, rollout: Rollout): Promise<readonly HealthCheck[]> {
  const { healthChecks } = resolveRolloutSpec(rollout);
  if (healthChecks === undefined) return [];
  const { matches, matchesNamespace } = healthChecks;
  if (matchesNamespace === undefined) {
    return reader.list(HealthCheck, { namespace: rollout.metadata.namespace ?? '', labels: matches });
  }
  const namespaces = await reader.list(Namespace, { labels: matchesNamespace });
  const names = new Set(namespaces.map(({ metadata }) => metadata.name));
  const checks = await reader.list(HealthCheck, { labels: matches });
  return checks.filter(({ metadata }) => names.has(metadata.namespace ?? ''));
}
