/**
 * The bake of the newest deployment: Deploying until every check is healthy for it, InProgress for `bakeTime`, then
 * Succeeded; Failed on a fresh failure or when `deployTimeout` passes first.
 */
import { EventReason } from '../api/conditions.ts';
import { formatDuration } from '../api/duration.ts';
import type { HealthCheck } from '../api/health-check.ts';
import { earliest, instantOf, isBefore, latest, momentAfter, timestamp } from '../api/instant.ts';
import type { FailedHealthCheck, HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { TargetObservation } from './observation.ts';
import type { PlannedEvent } from './plan.ts';
import { shorten } from './text.ts';

export const BAKE_TEXT = {
  notConfigured: 'No bake time configured, deployment completed immediately.',
  waiting: 'Waiting for health checks to become healthy before starting bake.',
  started: 'Bake started, monitoring for errors.',
  passed: 'Bake time completed successfully (no errors within bake time).',
  passedWithoutTime: 'Bake completed (no bake time configured).',
  timedOut: 'Deploy timeout reached before bake could start (health checks did not become healthy in time).',
  failedBeforeStart: 'A HealthCheck reported an error after deployment.',
  failedAfterStart: 'A HealthCheck reported an error after bake started.',
  cancelled: 'Bake cancelled due to new deployment.',
} as const;

/** What one deployment records of the checks that failed it; every entry of the history is kept in one status. */
const mostFailures = 50;
const longestFailure = 1024;

/**
 * A Rollout and its checks are usually applied together, one after the other: so long a bake waits for the first check
 * that its selector matches. Without any after that, it goes by the time alone.
 */
const firstCheck = { seconds: 30 } as const;

export interface BakeStep {
  readonly entry: HistoryEntry;
  readonly events: readonly PlannedEvent[];
  /** The bake failed in this very step. */
  readonly failed: boolean;
  /** When time alone changes it. */
  readonly deadline: Temporal.Instant | undefined;
  /** Checks that keep the bake from starting, or from ending well. */
  readonly waitingFor: readonly HealthCheck[];
  /** There is a selector, and it matches no check yet. */
  readonly lacksChecks: boolean;
}

export function isUnfinished(entry: HistoryEntry | undefined): boolean {
  return entry?.bakeStatus === 'Deploying' || entry?.bakeStatus === 'InProgress';
}

export interface BakeContext {
  readonly spec: Pick<ResolvedRolloutSpec, 'bakeTime' | 'deployTimeout'> &
    Partial<Pick<ResolvedRolloutSpec, 'healthChecks'>>;
  readonly checks: readonly HealthCheck[];
  /** Condition BakeFailureDisabled: failures do not fail this deployment, it replaces something bad. */
  readonly recovering: boolean;
  /** While one of them does not carry the version there is nothing to judge yet. */
  readonly targets: readonly Pick<TargetObservation, 'carries' | 'fault'>[];
}

export function bake(entry: HistoryEntry, context: BakeContext, now: Temporal.Instant): BakeStep {
  const { spec, checks, recovering } = context;
  const still = { entry, events: [], failed: false, deadline: undefined, waitingFor: [], lacksChecks: false };
  if (!isUnfinished(entry)) return still;
  // Failures and verdicts count from the deployment, or from the last retry.
  const cutoff = latest(instantOf(entry.timestamp), instantOf(entry.lastRetryTimestamp)) ?? now;
  const started = instantOf(entry.bakeStartTime);
  const timeout =
    spec.deployTimeout && started === undefined && !recovering ? cutoff.add(spec.deployTimeout) : undefined;

  const broken = recovering ? [] : checks.filter((check) => hasFailed(check, cutoff));
  if (broken.length > 0) {
    const text = started === undefined ? BAKE_TEXT.failedBeforeStart : BAKE_TEXT.failedAfterStart;
    return fail(entry, text, broken.map(failureOf), now);
  }
  const waitingFor = checks.filter((check) => !isHealthyFor(check, cutoff));
  if (started === undefined) {
    const delivered = context.targets.every(
      ({ carries, fault }) => fault === undefined && carries === entry.version.tag,
    );
    const lacksChecks = spec.healthChecks !== undefined && checks.length === 0;
    const expected = lacksChecks ? cutoff.add(firstCheck) : undefined;
    const isExpected = expected !== undefined && isBefore(now, expected);
    if (waitingFor.length === 0 && delivered && !isExpected) return start(entry, spec, now);
    if (timeout !== undefined && !isBefore(now, timeout)) {
      return fail(
        entry,
        BAKE_TEXT.timedOut,
        waitingFor.map((check) => timeoutOf(check, cutoff)),
        now,
      );
    }
    return { ...still, deadline: earliest(timeout, isExpected ? expected : undefined), waitingFor, lacksChecks };
  }
  const end = spec.bakeTime && started.add(spec.bakeTime);
  if (end !== undefined && isBefore(now, end)) return { ...still, deadline: end, waitingFor };
  if (waitingFor.length > 0) return { ...still, waitingFor };
  return pass(entry, spec, now);
}

function start(entry: HistoryEntry, spec: BakeContext['spec'], now: Temporal.Instant): BakeStep {
  const bakeStartTime = momentAfter(now);
  if (spec.bakeTime === undefined || spec.bakeTime.sign === 0) return pass({ ...entry, bakeStartTime }, spec, now);
  return {
    entry: {
      ...entry,
      bakeStatus: 'InProgress',
      bakeStatusMessage: BAKE_TEXT.started,
      bakeStartTime,
    },
    // The deployment itself is the event; how its bake goes is in the history, and what goes wrong is an event again.
    events: [],
    failed: false,
    deadline: instantOf(bakeStartTime)?.add(spec.bakeTime),
    waitingFor: [],
    lacksChecks: false,
  };
}

function pass(entry: HistoryEntry, spec: BakeContext['spec'], now: Temporal.Instant): BakeStep {
  const message = spec.bakeTime === undefined ? BAKE_TEXT.passedWithoutTime : BAKE_TEXT.passed;
  return {
    entry: { ...entry, bakeStatus: 'Succeeded', bakeStatusMessage: message, bakeEndTime: momentAfter(now) },
    events: [],
    failed: false,
    deadline: undefined,
    waitingFor: [],
    lacksChecks: false,
  };
}

function fail(
  entry: HistoryEntry,
  message: string,
  failedHealthChecks: FailedHealthCheck[],
  now: Temporal.Instant,
): BakeStep {
  return {
    entry: {
      ...entry,
      bakeStatus: 'Failed',
      bakeStatusMessage: message,
      bakeEndTime: momentAfter(now),
      failedHealthChecks: failedHealthChecks.slice(0, mostFailures),
    },
    events: [{ type: 'Warning', reason: EventReason.BakeTimeFailed, message }],
    failed: true,
    deadline: undefined,
    waitingFor: [],
    lacksChecks: false,
  };
}

/** An error, or a change to Unhealthy, that this deployment saw; older ones belong to what ran before. */
function hasFailed({ status }: HealthCheck, cutoff: Temporal.Instant): boolean {
  if (atOrAfter(status?.lastErrorTime, cutoff)) return true;
  return status?.status === 'Unhealthy' && atOrAfter(status.lastChangeTime, cutoff);
}

function isHealthyFor({ status }: HealthCheck, cutoff: Temporal.Instant): boolean {
  return status?.status === 'Healthy' && atOrAfter(status.lastChangeTime, cutoff);
}

function atOrAfter(text: string | undefined, cutoff: Temporal.Instant): boolean {
  const instant = instantOf(text);
  return instant !== undefined && !isBefore(instant, cutoff);
}

function failureOf({ metadata, status }: HealthCheck): FailedHealthCheck {
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    ...(status?.message ? { message: shorten(status.message, longestFailure) } : {}),
  };
}

function timeoutOf(check: HealthCheck, cutoff: Temporal.Instant): FailedHealthCheck {
  const { status } = check;
  const failure = failureOf(check);
  if (status?.status !== 'Healthy') {
    return { ...failure, message: failure.message ?? `Status: ${status?.status ?? 'unknown'}` };
  }
  if (status.lastChangeTime === undefined) return { ...failure, message: 'LastChangeTime is not set' };
  return {
    ...failure,
    message: `LastChangeTime (${status.lastChangeTime}) is older than the deployment (${timestamp(cutoff)})`,
  };
}

/** One line about where the bake of the newest deployment stands. Changes with time: for people, never for a status. */
export function bakeSummary(
  entry: HistoryEntry | undefined,
  spec: Pick<ResolvedRolloutSpec, 'bakeTime'>,
  now: Temporal.Instant,
): string {
  if (entry === undefined) return 'No deployment history';
  const detail = entry.bakeStatusMessage ? `: ${entry.bakeStatusMessage}` : '';
  switch (entry.bakeStatus) {
    case undefined:
      return 'No bake status';
    case 'Succeeded':
      return 'Bake completed successfully';
    case 'Deploying':
      return 'Waiting for health checks to become healthy before starting bake';
    case 'InProgress':
      return bakingSummary(entry, spec, now);
    case 'Failed':
      return `Bake failed${detail}`;
    case 'Cancelled':
      return `Bake cancelled${detail}`;
    default:
      return `Unknown bake status: ${entry.bakeStatus}`;
  }
}

function bakingSummary(
  entry: HistoryEntry,
  { bakeTime }: Pick<ResolvedRolloutSpec, 'bakeTime'>,
  now: Temporal.Instant,
): string {
  const started = instantOf(entry.bakeStartTime);
  if (bakeTime === undefined || started === undefined) return 'Baking in progress, monitoring for errors';
  const left = now.until(started.add(bakeTime), { smallestUnit: 'second', roundingMode: 'halfExpand' });
  return `Baking in progress, ${formatDuration(left)} remaining`;
}
