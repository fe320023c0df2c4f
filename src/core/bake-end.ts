/** How a bake begins and ends: what the history entry says from then on, and who or what ended it. */
import { EventReason } from '../api/conditions.ts';
import type { HealthCheck } from '../api/health-check.ts';
import { instantOf, timestamp } from '../api/instant.ts';
import { keyOf, keyText } from '../api/meta.ts';
import type { EndedBy, FailedHealthCheck, HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import { momentOf } from './beginning.ts';
import type { TargetObservation } from './observation.ts';
import type { PlannedEvent } from './plan.ts';
import { retryLater } from './retry.ts';
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

/** Why a bake fails. */
export interface BakeFailure {
  readonly message: string;
  readonly endedBy: EndedBy;
  readonly failedHealthChecks: readonly FailedHealthCheck[];
}

export interface Ended {
  readonly entry: HistoryEntry;
  readonly events: readonly PlannedEvent[];
  /** For good: it is not started over by itself. */
  readonly failed: boolean;
}

type Spec = Pick<ResolvedRolloutSpec, 'bakeTime'> & Partial<Pick<ResolvedRolloutSpec, 'retryPolicy'>>;

/** With nothing to wait for it ends well in the same moment. */
export function start(entry: HistoryEntry, spec: Spec, now: Temporal.Instant): Ended {
  const bakeStartTime = momentOf(entry, now);
  if (spec.bakeTime === undefined || spec.bakeTime.sign === 0) return pass({ ...entry, bakeStartTime }, spec, now);
  const started = { ...entry, bakeStatus: 'InProgress', bakeStatusMessage: BAKE_TEXT.started, bakeStartTime };
  // The deployment itself is the event; how its bake goes is in the history, and what goes wrong is an event again.
  return { entry: started, events: [], failed: false };
}

export function pass(entry: HistoryEntry, spec: Spec, now: Temporal.Instant): Ended {
  const ended: HistoryEntry = {
    ...entry,
    bakeStatus: 'Succeeded',
    bakeStatusMessage: spec.bakeTime === undefined ? BAKE_TEXT.passedWithoutTime : BAKE_TEXT.passed,
    bakeEndTime: momentOf(entry, now),
    endedBy: { kind: 'BakeTime' },
  };
  return { entry: ended, events: [], failed: false };
}

/** Fails for good, unless `spec.retryPolicy` starts an automatic deployment over. */
export function fail(entry: HistoryEntry, failure: BakeFailure, spec: Spec, now: Temporal.Instant): Ended {
  const failedHealthChecks = failure.failedHealthChecks.slice(0, mostFailures);
  const again = retryLater({ ...entry, failedHealthChecks }, failure.message, spec, now);
  if (again !== undefined) return { ...again, failed: false };
  const { retries } = entry;
  const message = `${failure.message}${retries === undefined ? '' : ` Retried ${retries === 1 ? 'once' : `${retries} times`}.`}`;
  const ended: HistoryEntry = {
    ...entry,
    bakeStatus: 'Failed',
    bakeStatusMessage: message,
    bakeEndTime: momentOf(entry, now),
    endedBy: failure.endedBy,
    failedHealthChecks,
  };
  return { entry: ended, events: [{ type: 'Warning', reason: EventReason.BakeTimeFailed, message }], failed: true };
}

/** The entry keeps its message: why it was deployed stays true. */
export function cancel({ retryAt: _, ...entry }: HistoryEntry, by: EndedBy, now: Temporal.Instant): HistoryEntry {
  return {
    ...entry,
    bakeStatus: 'Cancelled',
    bakeStatusMessage: BAKE_TEXT.cancelled,
    bakeEndTime: momentOf(entry, now),
    endedBy: by,
  };
}

export function failedByChecks(broken: readonly HealthCheck[], hasStarted: boolean): BakeFailure {
  const [first] = broken;
  return {
    message: hasStarted ? BAKE_TEXT.failedAfterStart : BAKE_TEXT.failedBeforeStart,
    endedBy: { kind: 'HealthCheck', ...(first && { name: keyText(keyOf(first)) }) },
    failedHealthChecks: broken.map(failureOf),
  };
}

export function failedByTimeout(waitingFor: readonly HealthCheck[], cutoff: Temporal.Instant): BakeFailure {
  return {
    message: BAKE_TEXT.timedOut,
    endedBy: { kind: 'DeployTimeout' },
    failedHealthChecks: waitingFor.map((check) => timeoutOf(check, cutoff)),
  };
}

/** @param prefix of the message, with a blank behind it */
export function failedByTarget(target: BakeTarget, prefix = ''): BakeFailure {
  const why = target.failure?.message ?? 'it says no more';
  return {
    message: shorten(`${prefix}Flux could not apply it: ${why}`, longestFailure),
    endedBy: { kind: 'Target', name: `${target.kind}/${target.name}` },
    failedHealthChecks: [],
  };
}

export type BakeTarget = Pick<
  TargetObservation,
  'kind' | 'name' | 'carries' | 'contested' | 'fault' | 'failure' | 'applying'
>;

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

/** What failed a deployment, in one line: the check or the target with what it said. */
export function causeOf({ bakeStatusMessage, endedBy, failedHealthChecks = [] }: HistoryEntry): string {
  const [first, ...others] = failedHealthChecks;
  const said = bakeStatusMessage ?? 'no message';
  if (first === undefined || endedBy?.kind === 'Target') return said;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const late = endedBy?.kind === 'DeployTimeout' ? 'not healthy in time: ' : '';
  return `${late}${failedCheck(first)}${more}`;
}

/** `HealthCheck team/alerts: 3 alerts fire`. */
export function failedCheck({ namespace, name, message }: FailedHealthCheck): string {
  return `HealthCheck ${namespace}/${name}${message === undefined ? '' : `: ${message}`}`;
}

/** When failures and verdicts begin to count: the deployment, or the last retry. */
export function cutoffOf(entry: HistoryEntry, now: Temporal.Instant): Temporal.Instant {
  const deployed = instantOf(entry.timestamp);
  const retried = instantOf(entry.lastRetryTimestamp);
  if (deployed === undefined) return retried ?? now;
  return retried === undefined || Temporal.Instant.compare(retried, deployed) < 0 ? deployed : retried;
}
