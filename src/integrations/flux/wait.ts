/** What keeps Flux from coming to a version that was written: the facts behind "waiting for Flux". */
import { durationOf } from '../../api/duration.ts';
import { instantOf, timestamp } from '../../api/instant.ts';
import type { TargetWait } from '../../core/observation.ts';
import { describeObject, findCondition } from './foreign.ts';
import { Kustomization } from './kustomization.ts';
import { OCIRepository } from './oci-repository.ts';
import { isSourceOf } from './sources.ts';

/** What Flux takes when `spec.timeout` is absent or below it. */
const shortestTimeout = { seconds: 30 } as const;

/** What keeps Flux from a Kustomization as it stands now; a version in a variable changes its generation. */
export function kustomizationWait(kustomization: Kustomization): TargetWait | undefined {
  const { metadata, spec, status } = kustomization;
  const isSeen = findCondition(status?.conditions, 'Ready')?.observedGeneration === metadata.generation;
  // Of a suspended object Flux observes each generation, and does nothing about it.
  if (isSeen && status?.observedGeneration === metadata.generation) return undefined;
  if (spec.suspend === true) return suspended(Kustomization, kustomization, 'kustomization');
  return isSeen ? undefined : earlierCheck(kustomization);
}

/** What keeps Flux from the tag of an OCIRepository, which changes nothing in the Kustomizations that it feeds. */
export function sourceWaits(source: OCIRepository, kustomizations: readonly Kustomization[]): readonly TargetWait[] {
  const revision = source.status?.artifact?.revision;
  const isFetched = revision !== undefined && revision.split('@')[0] === source.spec.ref?.tag;
  if (!isFetched) return source.spec.suspend === true ? [suspended(OCIRepository, source, 'source oci')] : [];
  return kustomizations.flatMap((kustomization) => {
    if (!isSourceOf(source, kustomization)) return [];
    const { spec, status } = kustomization;
    if (status?.lastAttemptedRevision === revision) return [];
    if (spec.suspend === true) return [suspended(Kustomization, kustomization, 'kustomization')];
    return earlierCheck(kustomization) ?? [];
  });
}

/**
 * The latest end of the health check that is running now. Flux takes up nothing else before that, unless it runs with
 * the feature gate `CancelHealthCheckOnNewRevision`.
 */
export function healthCheckDeadline(kustomization: Kustomization): Temporal.Instant | undefined {
  const { conditions } = kustomization.status ?? {};
  const [ready, health, work] = ['Ready', 'Healthy', 'Reconciling'].map((type) => findCondition(conditions, type));
  const isRunning = ready?.status === 'Unknown' && health?.status === 'Unknown' && work?.status === 'True';
  // A check that was given up leaves `Healthy: Unknown` behind; what Flux works on now stands in `Reconciling`, whose
  // time moves with each step, while that of `Healthy` stays from one check to the next.
  if (!isRunning || work.message !== health.message) return undefined;
  return instantOf(work.lastTransitionTime)?.add(timeoutOf(kustomization));
}

function earlierCheck(kustomization: Kustomization): TargetWait | undefined {
  const until = healthCheckDeadline(kustomization);
  if (until === undefined) return undefined;
  const described = describeObject(Kustomization, kustomization.metadata.namespace ?? '', kustomization.metadata.name);
  return {
    message: `${described}: Flux still runs the health check of an earlier change, until ${timestamp(until)} at the latest`,
    until,
    remedy:
      'a shorter spec.timeout makes it end earlier; with the feature gate CancelHealthCheckOnNewRevision of kustomize-controller nothing waits for it',
  };
}

function suspended(
  type: { readonly apiVersion: string; readonly kind: string },
  { metadata }: Kustomization | OCIRepository,
  command: string,
): TargetWait {
  return {
    message: `${describeObject(type, metadata.namespace ?? '', metadata.name)} is suspended: Flux leaves it as it is`,
    remedy: `resume it: flux resume ${command} ${metadata.name}`,
  };
}

/** `spec.timeout`, else the interval less 30 s; never below 30 s. */
function timeoutOf({ spec }: Kustomization): Temporal.Duration {
  const shortest = Temporal.Duration.from(shortestTimeout);
  const timeout =
    durationOf(spec.timeout) ?? durationOf(spec.interval)?.subtract(shortestTimeout).round({ largestUnit: 'hours' });
  return timeout !== undefined && Temporal.Duration.compare(timeout, shortest) > 0 ? timeout : shortest;
}
