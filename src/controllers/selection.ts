/** Which Rollouts a HealthCheck judges, and the other way round. A Rollout without a selector judges by none. */
import { HealthCheck } from '../api/health-check.ts';
import { Rollout } from '../api/rollout.ts';
import { resolveRolloutSpec } from '../api/rollout-spec.ts';
import { Namespace } from '../integrations/flux/core-objects.ts';
import type { Reader } from '../kube/reader.ts';

/** Across namespaces, where a Rollout's namespace selector matches. */
export async function selectingRollouts(reader: Reader, check: HealthCheck): Promise<readonly Rollout[]> {
  const { namespace = '', labels } = check.metadata;
  const candidates = (await reader.list(Rollout)).filter((rollout) => {
    const { healthChecks } = resolveRolloutSpec(rollout);
    if (healthChecks === undefined || !healthChecks.matches(labels)) return false;
    return healthChecks.matchesNamespace !== undefined || rollout.metadata.namespace === namespace;
  });
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
