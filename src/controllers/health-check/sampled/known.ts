/** What the status of a check says about the deployment of now, by the spec of now. */
import type { HealthCheck, HealthCheckStatus } from '../../../api/health-check.ts';
import { instantOf, isBefore } from '../../../api/instant.ts';
import { findCondition } from '../../../core/condition.ts';
import type { Known } from '../../../core/health/sample.ts';
import type { Verdict } from '../health-class.ts';

const prefix = 'healthcheck.kuberik.com/';
const statuses = ['Healthy', 'Unhealthy', 'Pending'] as const;

/** Undefined: nothing was looked at since the deployment or retry, or since the spec changed. */
export function knownOf({ metadata, status }: HealthCheck, cutoff: Temporal.Instant | undefined): Known | undefined {
  const { lastSample: sample, observedGeneration, lastChangeTime } = status ?? {};
  const present = statuses.find((one) => one === status?.status);
  if (sample === undefined || present === undefined || observedGeneration !== metadata.generation) return undefined;
  const isAbout = (time: string | undefined): boolean => {
    const instant = instantOf(time);
    return instant !== undefined && (cutoff === undefined || !isBefore(instant, cutoff));
  };
  return isAbout(sample.time) && isAbout(lastChangeTime) ? { status: present, sample } : undefined;
}

/** As it is written: it comes to the same status again. */
export function knownVerdict(status: HealthCheckStatus, known: Known): Verdict {
  const { message = '', observedRevision, lastErrorTime, nextSampleTime, conditions } = status;
  const ready = findCondition(conditions, 'Ready');
  const failedAt = known.status === 'Unhealthy' ? instantOf(lastErrorTime) : undefined;
  const nextSampleAt = instantOf(nextSampleTime);
  return {
    ...known,
    message,
    ...(observedRevision !== undefined && { revision: observedRevision }),
    ...(failedAt && { failedAt }),
    ...(nextSampleAt && { nextSampleAt }),
    ...(ready?.status === 'False' &&
      ready.reason === 'NoData' && { fault: { reason: 'NoData', message: ready.message } }),
  };
}

/** A look belongs to one spec, its annotations, and one deployment or retry. */
export function identityOf({ metadata }: HealthCheck, cutoff: Temporal.Instant | undefined): string {
  const { uid, generation, annotations = {} } = metadata;
  const options = Object.entries(annotations).filter(([name]) => name.startsWith(prefix));
  return JSON.stringify([uid, generation, cutoff?.toString(), options.sort()]);
}
