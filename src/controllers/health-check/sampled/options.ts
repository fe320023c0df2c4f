/** How often, how long and by how many looks a check judges: the options that all of these classes share. */
import { annotationValue, HEALTH_CHECK_REQUEUE_INTERVAL } from '../../../api/annotations.ts';
import { durationOf, formatDuration } from '../../../api/duration.ts';
import { HEALTH_CHECK_DEFAULTS, type HealthCheck, HealthCheckConditionReason } from '../../../api/health-check.ts';
import type { SamplePolicy } from '../../../core/health/sample.ts';
import type { SamplerFault } from './sampler.ts';

export interface SampledOptions extends SamplePolicy {
  readonly interval: Temporal.Duration;
  /** Milliseconds. */
  readonly timeout: number;
}

const shortestInterval = Temporal.Duration.from({ seconds: 1 });
/** Upstream's floor for its annotation. */
const shortestAnnotated = Temporal.Duration.from({ seconds: 5 });
const longestTimeout = 60_000;

export function readOptions({ metadata, spec }: Pick<HealthCheck, 'metadata' | 'spec'>): SampledOptions | SamplerFault {
  const interval = intervalOf(spec.interval, metadata.annotations?.[HEALTH_CHECK_REQUEUE_INTERVAL]);
  if (typeof interval === 'string') return invalid(interval);
  const timeout =
    spec.timeout === undefined ? Temporal.Duration.from(HEALTH_CHECK_DEFAULTS.timeout) : durationOf(spec.timeout);
  if (timeout === undefined || timeout.sign <= 0) {
    return invalid(`spec.timeout: "${spec.timeout ?? ''}" is no time to answer in: write for example 10s`);
  }
  const { failureThreshold, successThreshold, noDataPolicy = 'Hold' } = spec;
  return {
    interval,
    timeout: Math.min(timeout.total('milliseconds'), longestTimeout),
    failureThreshold: failureThreshold ?? HEALTH_CHECK_DEFAULTS.failureThreshold,
    successThreshold: successThreshold ?? HEALTH_CHECK_DEFAULTS.successThreshold,
    noDataPolicy,
  };
}

/** A text: what is wrong. */
function intervalOf(field: string | undefined, annotation: string | undefined): Temporal.Duration | string {
  const standard = Temporal.Duration.from(HEALTH_CHECK_DEFAULTS.interval);
  const annotated = annotation === undefined ? undefined : durationOf(annotationValue(annotation));
  if (field === undefined) {
    // As upstream reads its annotation: what is no duration is the default.
    return atLeast(shortestAnnotated, annotated === undefined || annotated.sign <= 0 ? standard : annotated);
  }
  const interval = durationOf(field);
  if (interval === undefined) return `spec.interval: "${field.slice(0, 100)}" is no duration: write for example 30s`;
  if (annotation !== undefined && (annotated === undefined || Temporal.Duration.compare(interval, annotated) !== 0)) {
    const other = annotated === undefined ? annotation.slice(0, 100) : formatDuration(annotated);
    return `spec.interval is ${formatDuration(interval)} and annotation ${HEALTH_CHECK_REQUEUE_INTERVAL} ${other}: remove one of the two`;
  }
  return atLeast(shortestInterval, interval);
}

function atLeast(least: Temporal.Duration, duration: Temporal.Duration): Temporal.Duration {
  return Temporal.Duration.compare(duration, least) < 0 ? least : duration;
}

function invalid(message: string): SamplerFault {
  return { reason: HealthCheckConditionReason.InvalidSpec, message };
}
