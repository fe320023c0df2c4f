/**
 * What a Kustomization must have applied before its health says anything about a deployment. Without this, a check
 * would confirm the new version with the health of the old one: changing the tag of a source does not even change the
 * Kustomization's generation.
 */

import { instantOf } from '../../../api/instant.ts';
import type { Rollout } from '../../../api/rollout.ts';
import type { Tag } from '../../../api/tag.ts';
import type { TargetFailure, TargetWait } from '../../../core/observation.ts';
import { fetchFailure, isOfEarlierCheck } from '../../../integrations/flux/failure.ts';
import { findCondition } from '../../../integrations/flux/foreign.ts';
import type { Kustomization } from '../../../integrations/flux/kustomization.ts';
import type { OCIRepository } from '../../../integrations/flux/oci-repository.ts';
import { isFedBy, substitutedVariables } from '../../../integrations/flux/targets.ts';
import { kustomizationWait, sourceWaits } from '../../../integrations/flux/wait.ts';

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
  readonly sourceFailure?: TargetFailure | undefined;
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
  const suspended = kustomization.spec.suspend === true ? 'the Kustomization is suspended' : undefined;
  return leastOf(parts, suspended);
}

/** How far a source is that no Kustomization applies: what it fetched is all that can be seen. */
export function fetchProgress(source: OCIRepository, rollouts: readonly Rollout[]): DeploymentProgress {
  return leastOf(rollouts.flatMap((rollout) => bySource(undefined, source, rollout)));
}

function leastOf(parts: readonly Part[], suspended?: string): DeploymentProgress {
  const progress = order.find((step) => parts.some((part) => part.progress === step));
  if (progress === undefined) return { progress: 'applied', tags: [], revision: undefined };
  const leading = parts.filter((part) => part.progress === progress);
  const detail = suspended ?? leading.find(({ wait }) => wait !== undefined)?.wait?.message;
  const sourceFailure = leading.find((part) => part.sourceFailure !== undefined)?.sourceFailure;
  return {
    progress,
    tags: [...new Set(leading.map((part) => part.tag))].sort(),
    revision: [...new Set(parts.map((part) => part.revision))].sort().join(', '),
    ...(detail !== undefined && { detail }),
    ...(sourceFailure !== undefined && { sourceFailure }),
  };
}

interface Part {
  readonly tag: Tag;
  readonly progress: Progress;
  readonly revision: string;
  /** What keeps Flux from coming to it. */
  readonly wait?: TargetWait | undefined;
  readonly sourceFailure?: TargetFailure | undefined;
}

/** A version in a variable changes the generation, so generations tell. */
function bySubstitution(kustomization: Kustomization, rollout: Rollout): Part[] {
  const tag = deployedTag(rollout);
  if (tag === undefined || kustomization.metadata.namespace !== rollout.metadata.namespace) return [];
  return substitutedVariables(kustomization, rollout.metadata.name).map(({ variable }) => {
    const carries = kustomization.spec.postBuild?.substitute?.[variable] === tag;
    const progress = carries ? generationProgress(kustomization, rollout) : 'waiting';
    return { tag, revision: tag, progress, wait: carries ? kustomizationWait(kustomization) : undefined };
  });
}

function generationProgress({ metadata, status }: Kustomization, rollout: Rollout): Progress {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready === undefined || ready.observedGeneration !== metadata.generation) return 'waiting';
  if (status?.observedGeneration === metadata.generation) return 'applied';
  return isOfEarlierCheck(ready, instantOf(rollout.status?.history?.[0]?.timestamp)) ? 'waiting' : 'attempted';
}

/** A version in the source's tag changes nothing in the Kustomization but the revision that it applied. */
function bySource(kustomization: Kustomization | undefined, source: OCIRepository, rollout: Rollout): Part[] {
  const tag = deployedTag(rollout);
  const isTarget = source.metadata.namespace === rollout.metadata.namespace && isFedBy(source, rollout.metadata.name);
  if (tag === undefined || !isTarget) return [];
  const [wait] = sourceWaits(source, kustomization === undefined ? [] : [kustomization]);
  const revision = source.status?.artifact?.revision;
  const fetched = revision !== undefined && revision.split('@')[0] === tag && source.spec.ref?.tag === tag;
  if (!fetched) return [{ tag, revision: tag, progress: 'waiting', wait, sourceFailure: fetchFailure(source) }];
  if (kustomization === undefined) return [{ tag, revision, progress: 'applied' }];
  const { lastAppliedRevision, lastAttemptedRevision = lastAppliedRevision } = kustomization.status ?? {};
  // What was applied once is not there any more while Flux fails with another revision.
  if (lastAttemptedRevision !== revision) return [{ tag, revision, progress: 'waiting', wait }];
  return [{ tag, revision, progress: lastAppliedRevision === revision ? 'applied' : 'attempted' }];
}

function deployedTag(rollout: Rollout): Tag | undefined {
  return rollout.status?.history?.[0]?.version.tag;
}
