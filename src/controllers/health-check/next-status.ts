/** From a verdict and the deployments that a check judges to the status to write. Pure. */
import { type HealthCheck, HealthCheckConditionReason, type HealthCheckStatus } from '../../api/health-check.ts';
import { instantOf, latest } from '../../api/instant.ts';
import type { Rollout } from '../../api/rollout.ts';
import { type ConditionUpdate, findCondition, setConditions } from '../../core/condition.ts';
import type { Cutoffs, Verdict } from './health-class.ts';

const RESET_MESSAGE = 'Health check reset due to new deployment';

/** Of the Rollouts that select a check. */
export function cutoffsOf(rollouts: readonly Rollout[]): Cutoffs {
  let cutoff: Temporal.Instant | undefined;
  let deployedAt: Temporal.Instant | undefined;
  for (const { status } of rollouts) {
    const entry = status?.history?.[0];
    deployedAt = latest(deployedAt, instantOf(entry?.timestamp));
    cutoff = latest(latest(cutoff, deployedAt), instantOf(entry?.lastRetryTimestamp));
  }
  return { cutoff, deployedAt };
}

/**
 * The status after this look; the same JSON as the present one when nothing changed (a field that is undefined is absent).
 * @param verdict absent for classes that somebody else judges.
 */
export function nextStatus(
  check: HealthCheck,
  { cutoff }: Cutoffs,
  verdict: Verdict | undefined,
  now: Temporal.Instant,
): HealthCheckStatus {
  const status = check.status ?? {};
  // Never before the cutoff, whatever the clocks of two machines say: it would be reset again at once.
  const changedAt = seconds(latest(now, cutoff) ?? now);
  if (cutoff !== undefined && isBefore(status.lastChangeTime, cutoff)) {
    // A verdict on the new deployment waits for the next look, so that everybody sees the reset.
    const waiting = verdict?.status === 'Pending' ? verdict : undefined;
    return {
      ...status,
      status: 'Pending',
      message: waiting?.message ?? RESET_MESSAGE,
      lastChangeTime: changedAt,
      lastErrorTime: undefined,
      observedRevision: waiting?.revision,
      // What was sampled or run before is not about this deployment.
      lastSample: undefined,
      nextSampleTime: undefined,
      jobName: undefined,
      ...ownState(check, waiting, now),
    };
  }
  if (verdict === undefined) return status;
  const isSame = status.status === verdict.status;
  return {
    ...status,
    status: verdict.status,
    message: verdict.message,
    lastChangeTime: isSame ? (status.lastChangeTime ?? changedAt) : changedAt,
    ...(verdict.status === 'Unhealthy' && { lastErrorTime: errorTime(status, verdict, isSame, now) }),
    observedRevision: verdict.revision,
    ...ownState(check, verdict, now),
  };
}

/** What a class has to say of itself. One that never had anything to say writes nothing. */
function ownState(
  { metadata, status }: HealthCheck,
  verdict: Verdict | undefined,
  now: Temporal.Instant,
): Partial<HealthCheckStatus> {
  if (verdict === undefined) return {};
  const { fault, sample, nextSampleAt, jobName } = verdict;
  const hadConditions = findCondition(status?.conditions, 'Ready') !== undefined;
  const speaks = fault !== undefined || sample !== undefined || jobName !== undefined || hadConditions;
  if (!speaks) return {};
  const ready: ConditionUpdate<HealthCheckConditionReason> =
    fault === undefined
      ? { type: 'Ready', status: 'True', reason: HealthCheckConditionReason.Judging, message: 'The check can judge' }
      : { type: 'Ready', status: 'False', ...fault };
  return {
    conditions: setConditions(status?.conditions ?? [], [ready], metadata.generation, now),
    observedGeneration: metadata.generation,
    lastSample: sample,
    nextSampleTime: nextSampleAt && seconds(nextSampleAt),
    jobName,
  };
}

/** The witness's time; without witness the time when the failure was first seen, and that stays. */
function errorTime(status: HealthCheckStatus, { failedAt }: Verdict, isSame: boolean, now: Temporal.Instant): string {
  if (failedAt !== undefined) return seconds(failedAt);
  return (isSame ? status.lastErrorTime : undefined) ?? seconds(now);
}

function isBefore(text: string | undefined, cutoff: Temporal.Instant): boolean {
  const instant = instantOf(text);
  return instant === undefined || Temporal.Instant.compare(instant, cutoff) < 0;
}

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
function seconds(instant: Temporal.Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}
