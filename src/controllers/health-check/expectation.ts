/**
 * What a Kustomization must have applied before its health says anything about a deployment. Without this, a check
 * would confirm the new version with the health of the old one: changing the tag of a source does not even change the
 * Kustomization's generation.
 */

import { instantOf } from '../../api/instant.ts';
import type { Rollout } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { findCondition } from '../../integrations/flux/foreign.ts';
import type { Kustomization } from '../../integrations/flux/kustomization.ts';
import type { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { isFedBy, substitutedVariables } from '../../integrations/flux/targets.ts';

/**
 * `waiting`: Flux has not come to the deployed version yet. `attempted`: it works on the deployed version, or failed
 * with it. `applied`: it has applied it, with its own health checks if it runs any.
 */
type Progress = 'waiting' | 'attempted' | 'applied';

export interface DeploymentProgress {
  readonly progress: Progress;
  /** Tags that are waited for, or that are judged; empty when no Rollout delivers to the Kustomization. */
  readonly tags: readonly Tag[];
  /** Revision that the verdict is about. */
  readonly revision: string | undefined;
  /** What else is known about the wait. */
  readonly detail?: string;
  /** The source cannot fetch the version. */
  readonly sourceFailure?: { readonly message: string; readonly since: Temporal.Instant | undefined };
}

const order: readonly Progress[] = ['waiting', 'attempted', 'applied'];

/**
 * How far the Kustomization is with the versions of these Rollouts.
 * @param source the OCIRepository that `spec.sourceRef` names, if it names one.
 */
export function deploymentProgress(
  kustomization: Kustomization,
  source: OCIRepository | undefined,
  rollouts: readonly Rollout[],
): DeploymentProgress {
  const parts = rollouts.flatMap((rollout) => [
    ...bySubstitution(kustomization, rollout),
    ...(source === undefined ? [] : bySource(kustomization, source, rollout)),
  ]);
  const progress = order.find((step) => parts.some((part) => part.progress === step));
  if (progress === undefined) return { progress: 'applied', tags: [], revision: undefined };
  const leading = parts.filter((part) => part.progress === progress);
  const sourceFailure = leading.find((part) => part.sourceFailure !== undefined)?.sourceFailure;
  return {
    progress,
    tags: [...new Set(leading.map((part) => part.tag))].sort(),
    revision: [...new Set(parts.map((part) => part.revision))].sort().join(', '),
    ...(kustomization.spec.suspend === true && { detail: 'the Kustomization is suspended' }),
    ...(sourceFailure !== undefined && { sourceFailure }),
  };
}

interface Part {
  readonly tag: Tag;
  readonly progress: Progress;
  readonly revision: string;
  readonly sourceFailure?: DeploymentProgress['sourceFailure'];
}

/** A version in a variable changes the generation, so generations tell. */
function bySubstitution(kustomization: Kustomization, rollout: Rollout): Part[] {
  const tag = deployedTag(rollout);
  if (tag === undefined || kustomization.metadata.namespace !== rollout.metadata.namespace) return [];
  return substitutedVariables(kustomization, rollout.metadata.name).map(({ variable }) => {
    const carries = kustomization.spec.postBuild?.substitute?.[variable] === tag;
    return { tag, revision: tag, progress: carries ? generationProgress(kustomization) : 'waiting' };
  });
}

function generationProgress({ metadata, status }: Kustomization): Progress {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.observedGeneration !== metadata.generation) return 'waiting';
  return status?.observedGeneration === metadata.generation ? 'applied' : 'attempted';
}

/** A version in the source's tag changes nothing in the Kustomization but the revision that it applied. */
function bySource({ status }: Kustomization, source: OCIRepository, rollout: Rollout): Part[] {
  const tag = deployedTag(rollout);
  const isTarget = source.metadata.namespace === rollout.metadata.namespace && isFedBy(source, rollout.metadata.name);
  if (tag === undefined || !isTarget) return [];
  const revision = source.status?.artifact?.revision;
  const fetched = revision !== undefined && revision.split('@')[0] === tag && source.spec.ref?.tag === tag;
  if (!fetched) return [{ tag, revision: tag, progress: 'waiting', sourceFailure: failureOf(source) }];
  if (status?.lastAppliedRevision === revision) return [{ tag, revision, progress: 'applied' }];
  return [{ tag, revision, progress: status?.lastAttemptedRevision === revision ? 'attempted' : 'waiting' }];
}

function failureOf({ metadata, status }: OCIRepository): DeploymentProgress['sourceFailure'] {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status !== 'False' || ready.observedGeneration !== metadata.generation) return undefined;
  return {
    message: `OCIRepository ${metadata.namespace ?? ''}/${metadata.name}: ${ready.message ?? ready.reason ?? ''}`,
    since: instantOf(ready.lastTransitionTime),
  };
}

function deployedTag(rollout: Rollout): Tag | undefined {
  return rollout.status?.history?.[0]?.version.tag;
}
