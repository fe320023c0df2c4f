/** Whether Flux has applied what the Rollouts of a check deployed: before that, nobody's answer is about it. */
import { sameJson } from '../../api/json.ts';
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { kustomizationsFedBy, sourceOf } from '../../integrations/flux/sources.ts';
import { rolloutsOf, targetsOf } from '../../integrations/flux/targets.ts';
import type { Reader } from '../../kube/reader.ts';
import { type WatchSource, watchSource } from '../../kube/reconciler.ts';
import { selectedChecks } from '../selection.ts';
import { type DeploymentProgress, deploymentProgress, fetchProgress } from './kustomization/expectation.ts';

export interface Delivery {
  readonly progress: DeploymentProgress['progress'];
  /** For people: what is waited for. */
  readonly message: string;
  /** What was, or is to be, applied; undefined when no target carries a version. */
  readonly revision: string | undefined;
}

const order: readonly Delivery['progress'][] = ['waiting', 'attempted', 'applied'];

/** Of all targets of these Rollouts: the one that is least far. Without targets there is nothing to wait for. */
export async function deliveryOf(reader: Reader, rollouts: readonly Rollout[]): Promise<Delivery> {
  const lists = await Promise.all(rollouts.map((rollout) => progressesOf(reader, rollout, rollouts)));
  const all = lists.flat().filter(({ tags }) => tags.length > 0);
  const progress = order.find((step) => all.some((one) => one.progress === step)) ?? 'applied';
  const leading = all.filter((one) => one.progress === progress);
  const tags = unique(leading.flatMap((one) => one.tags)).join(', ');
  const [detail] = leading.flatMap((one) => one.sourceFailure?.message ?? one.detail ?? []);
  const message = `Waiting for Flux to apply ${tags}`;
  return {
    progress,
    message: detail === undefined ? message : `${message}: ${detail}`,
    revision: unique(leading.flatMap(({ revision }) => revision ?? [])).join(', ') || undefined,
  };
}

async function progressesOf(
  reader: Reader,
  rollout: Rollout,
  rollouts: readonly Rollout[],
): Promise<readonly DeploymentProgress[]> {
  const { kustomizations, repositories } = await targetsOf(reader, rollout);
  const substituted = kustomizations.map(async (kustomization) => {
    const key = sourceOf(kustomization);
    const source = key && (await reader.get(OCIRepository, key));
    return deploymentProgress(kustomization, source, rollouts);
  });
  const fed = repositories.map(async (repository) => {
    const users = await kustomizationsFedBy(reader, keyOf(repository));
    // Somebody else may apply what it fetched.
    if (users.length === 0) return [fetchProgress(repository, rollouts)];
    return users.map((kustomization) => deploymentProgress(kustomization, repository, rollouts));
  });
  return [...(await Promise.all(substituted)), ...(await Promise.all(fed)).flat()];
}

/** Wakes the checks of these classes that wait for Flux, when Flux gets on. */
export function deliveryWatches(reader: Reader, classes: readonly string[]): readonly WatchSource[] {
  const checksOf = async (rollouts: readonly ObjectKey[]): Promise<readonly ObjectKey[]> => {
    const found = await Promise.all(rollouts.map((key) => reader.get(Rollout, key)));
    const lists = await Promise.all(found.flatMap((one) => (one === undefined ? [] : [selectedChecks(reader, one)])));
    const own = lists.flat().filter(({ spec }) => spec.class !== undefined && classes.includes(spec.class));
    return uniqueKeys(own.map(keyOf));
  };
  return [
    watchSource({
      type: Kustomization,
      wakes: async (current, previous) => {
        const object = current ?? previous;
        if (object === undefined || sameJson(fluxFacts(current), fluxFacts(previous))) return [];
        const key = sourceOf(object);
        const source = key && (await reader.get(OCIRepository, key));
        return checksOf(uniqueKeys([...rolloutsOf(object), ...(source === undefined ? [] : rolloutsOf(source))]));
      },
    }),
    watchSource({
      type: OCIRepository,
      wakes: (current, previous) => {
        const object = current ?? previous;
        if (object === undefined || sameJson(fluxFacts(current), fluxFacts(previous))) return [];
        return checksOf(rolloutsOf(object));
      },
    }),
  ];
}

/** A change of anything else cannot matter to a verdict. */
export function fluxFacts(object: Kustomization | OCIRepository | undefined): unknown {
  if (object === undefined) return undefined;
  const { generation, annotations, deletionTimestamp } = object.metadata;
  return [generation, annotations, deletionTimestamp, object.status];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function uniqueKeys(keys: readonly ObjectKey[]): readonly ObjectKey[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}
