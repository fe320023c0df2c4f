/** What Flux failed with: whether it is about the present generation, and whether it is about what was deployed last. */
import { durationOf } from '../../api/duration.ts';
import { instantOf } from '../../api/instant.ts';
import type { TargetFailure } from '../../core/observation.ts';
import { describeObject, type FluxCondition, findCondition } from './foreign.ts';
import { Kustomization } from './kustomization.ts';
import type { OCIRepository } from './oci-repository.ts';

/** Reasons of `Ready: False` that are a verdict as they stand; the others may be a hiccup and must last. */
const immediateFailures: ReadonlySet<string> = new Set(['BuildFailed', 'HealthCheckFailed']);
const lastingFailures: ReadonlySet<string> = new Set(['ReconciliationFailed', 'ArtifactFailed', 'PruneFailed']);

export interface ApplyFailure {
  /** Reason and message of Flux. */
  readonly text: string;
  /** A retry will not make it better by itself. */
  readonly isImmediate: boolean;
  readonly since: Temporal.Instant | undefined;
}

/** Flux failed with the present generation of a Kustomization. */
export function applyFailure({ metadata, status }: Kustomization): ApplyFailure | undefined {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status !== 'False' || ready.observedGeneration !== metadata.generation) return undefined;
  const reason = ready.reason ?? '';
  const isImmediate = immediateFailures.has(reason);
  if (!isImmediate && !lastingFailures.has(reason)) return undefined;
  return { text: `${reason}: ${ready.message ?? ''}`, isImmediate, since: instantOf(ready.lastTransitionTime) };
}

/** An OCIRepository cannot fetch what its present generation asks for. */
export function fetchFailure({ metadata, status }: OCIRepository): TargetFailure | undefined {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status !== 'False' || ready.observedGeneration !== metadata.generation) return undefined;
  const since = instantOf(ready.lastTransitionTime);
  return {
    message: `OCIRepository ${metadata.namespace ?? ''}/${metadata.name}: ${ready.message ?? ready.reason ?? ''}`,
    ...(since && { since }),
  };
}

/**
 * A check that began before the deployment fails after it, and Flux writes that failure with the new generation. How
 * long it took stands in its message; its end is given in whole seconds.
 */
export function isOfEarlierCheck(
  { reason, message, lastTransitionTime }: FluxCondition,
  deployedAt: Temporal.Instant | undefined,
): boolean {
  const ended = instantOf(lastTransitionTime)?.add({ seconds: 1 });
  const took = durationOf(/^health check failed after ([0-9.a-zµ]+):/i.exec(message ?? '')?.[1]);
  if (reason !== 'HealthCheckFailed' || took === undefined || deployedAt === undefined) return false;
  return ended !== undefined && Temporal.Instant.compare(ended.subtract(took), deployedAt) <= 0;
}

/** How far Flux is with what a target carries. */
export interface TargetProgress {
  readonly failure?: TargetFailure;
  /** It is not applied yet, or fails to be: the same text for every attempt at the same thing. */
  readonly applying?: string;
}

/** With a version in a variable, which changes the generation. */
export function kustomizationProgress(
  kustomization: Kustomization,
  deployedAt: Temporal.Instant | undefined,
): TargetProgress {
  const { metadata, spec, status } = kustomization;
  const ready = findCondition(status?.conditions, 'Ready');
  // Nobody works on what has no condition, or is suspended.
  if (ready === undefined || spec.suspend === true) return {};
  const isSeen = ready.observedGeneration === metadata.generation;
  const isApplied = status?.observedGeneration === metadata.generation;
  if (isSeen && isApplied && ready.status === 'True') return {};
  const failed = applyFailure(kustomization);
  const isEarlier = !isApplied && isOfEarlierCheck(ready, deployedAt);
  return {
    ...(failed && !isEarlier && { failure: failureOf(kustomization, failed) }),
    applying: `generation ${metadata.generation ?? 0}`,
  };
}

/** With a version in the tag of a source: the source itself, then what it feeds. */
export function sourceProgress(source: OCIRepository, kustomizations: readonly Kustomization[]): TargetProgress {
  const { metadata, spec, status } = source;
  const revision = status?.artifact?.revision;
  if (revision === undefined || revision.split('@')[0] !== spec.ref?.tag) {
    const isIdle = spec.suspend === true || findCondition(status?.conditions, 'Ready') === undefined;
    const failure = fetchFailure(source);
    return isIdle ? {} : { applying: `generation ${metadata.generation ?? 0}`, ...(failure && { failure }) };
  }
  const parts = kustomizations.map((kustomization) => revisionProgress(kustomization, revision));
  return parts.find(({ failure }) => failure) ?? parts.find(({ applying }) => applying) ?? {};
}

function revisionProgress(kustomization: Kustomization, revision: string): TargetProgress {
  const { spec, status } = kustomization;
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready === undefined || spec.suspend === true) return {};
  if (status?.lastAppliedRevision === revision && ready.status === 'True') return {};
  const failed = status?.lastAttemptedRevision === revision ? applyFailure(kustomization) : undefined;
  return { applying: revision, ...(failed && { failure: failureOf(kustomization, failed) }) };
}

function failureOf({ metadata }: Kustomization, { text, since }: ApplyFailure): TargetFailure {
  const described = describeObject(Kustomization, metadata.namespace ?? '', metadata.name);
  return { message: `${described}: ${text}`, ...(since && { since }) };
}
