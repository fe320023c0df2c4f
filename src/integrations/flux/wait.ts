/** What Flux is doing with a target after its version was written: the facts behind "waiting for Flux". */
import { parseDuration } from '../../api/duration.ts';
import { instantOf } from '../../api/instant.ts';
import { findCondition } from './foreign.ts';
import type { Kustomization } from './kustomization.ts';

export interface FluxWait {
  /** `status.lastAppliedRevision`. */
  readonly appliedRevision: string | undefined;
  /** What the Ready condition says. */
  readonly message: string | undefined;
  /** Since when Flux has been at it. */
  readonly since: Temporal.Instant | undefined;
  /** Flux does not look at this object until somebody resumes it. */
  readonly suspended: boolean;
  /**
   * A health check of an earlier change is running: Flux does not look at the next one before this instant, unless it
   * runs with the feature gate `CancelHealthCheckOnNewRevision`.
   */
  readonly blockedUntil: Temporal.Instant | undefined;
}

/** What Flux takes when `spec.timeout` is absent or below it. */
const shortestTimeout = { seconds: 30 } as const;

/** Undefined when Flux has reconciled the object as it stands. */
export function fluxWait(kustomization: Kustomization): FluxWait | undefined {
  const { status, spec, metadata } = kustomization;
  const ready = findCondition(status?.conditions, 'Ready');
  const isObserved =
    status?.observedGeneration === metadata.generation && ready?.observedGeneration === metadata.generation;
  const isSuspended = spec.suspend === true;
  if (isObserved && ready?.status === 'True' && !isSuspended) return undefined;
  const health = findCondition(status?.conditions, 'Healthy');
  const isChecking = ready?.status === 'Unknown' && ready.reason === 'Progressing' && health?.status === 'Unknown';
  const checkingSince = isChecking ? instantOf(health.lastTransitionTime) : undefined;
  return {
    appliedRevision: status?.lastAppliedRevision,
    message: ready?.message,
    since: instantOf(ready?.lastTransitionTime),
    suspended: isSuspended,
    blockedUntil: checkingSince?.add(timeoutOf(kustomization)),
  };
}

/** `spec.timeout`, else the interval less 30 s; never below 30 s. */
function timeoutOf({ spec }: Kustomization): Temporal.Duration {
  const shortest = Temporal.Duration.from(shortestTimeout);
  const timeout =
    durationOf(spec.timeout) ?? durationOf(spec.interval)?.subtract(shortestTimeout).round({ largestUnit: 'hours' });
  return timeout !== undefined && Temporal.Duration.compare(timeout, shortest) > 0 ? timeout : shortest;
}

function durationOf(text: string | undefined): Temporal.Duration | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
