/**
 * What a Kustomization must have applied before its health says anything about a deployment. Without this, a check
 * would confirm the new version with the health of the old one: changing the tag of a source does not even change the
 * Kustomization's generation.
 */

import { parseDuration } from '../../../api/duration.ts';
import { instantOf } from '../../../api/instant.ts';
import type { Rollout } from '../../../api/rollout.ts';
import type { Tag } from '../../../api/tag.ts';
import type { TargetWait } from '../../../core/observation.ts';
import { type FluxCondition, findCondition } from '../../../integrations/flux/foreign.ts';
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
  const suspended = kustomization.spec.suspend === true ? 'the Kustomization is suspended' : undefined;
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
  readonly sourceFailure?: DeploymentProgress['sourceFailure'];
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
  return isOfEarlierCheck(ready, rollout) ? 'waiting' : 'attempted';
}

/**
 * A check that began before the deployment fails after it, and Flux writes that failure with the new generation. How
 * long it took stands in its message; its end is given in whole seconds.
 */
function isOfEarlierCheck({ reason, message, lastTransitionTime }: FluxCondition, rollout: Rollout): boolean {
  const deployedAt = instantOf(rollout.status?.history?.[0]?.timestamp);
  const ended = instantOf(lastTransitionTime)?.add({ seconds: 1 });
  const took = /^health check failed after ([0-9.a-zµ]+):/i.exec(message ?? '')?.[1];
  if (reason !== 'HealthCheckFailed' || took === undefined || deployedAt === undefined) return false;
  return ended !== undefined && Temporal.Instant.compare(ended.subtract(parseDuration(took)), deployedAt) <= 0;
}

/** A version in the source's tag changes nothing in the Kustomization but the revision that it applied. */
function bySource(kustomization: Kustomization, source: OCIRepository, rollout: Rollout): Part[] {
  const tag = deployedTag(rollout);
  const isTarget = source.metadata.namespace === rollout.metadata.namespace && isFedBy(source, rollout.metadata.name);
  if (tag === undefined || !isTarget) return [];
  const [wait] = sourceWaits(source, [kustomization]);
  const { status } = kustomization;
  const revision = source.status?.artifact?.revision;
  const fetched = revision !== undefined && revision.split('@')[0] === tag && source.spec.ref?.tag === tag;
  if (!fetched) return [{ tag, revision: tag, progress: 'waiting', wait, sourceFailure: failureOf(source) }];
  const { lastAppliedRevision, lastAttemptedRevision = lastAppliedRevision } = status ?? {};
  // What was applied once is not there any more while Flux fails with another revision.
  if (lastAttemptedRevision !== revision) return [{ tag, revision, progress: 'waiting', wait }];
  return [{ tag, revision, progress: lastAppliedRevision === revision ? 'applied' : 'attempted' }];
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
