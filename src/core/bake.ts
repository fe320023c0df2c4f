/**
 * The bake of the newest deployment: Deploying until every check is healthy for it, InProgress for `bakeTime`, then
 * Succeeded; Failed on a fresh failure, when `deployTimeout` passes first, or when Flux cannot apply it for too long.
 */
import { formatDuration } from '../api/duration.ts';
import type { HealthCheck } from '../api/health-check.ts';
import { earliest, instantOf, isBefore, latest } from '../api/instant.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import {
  BAKE_TEXT,
  type BakeFailure,
  type BakeTarget,
  cutoffOf,
  type Ended,
  fail,
  failedByChecks,
  failedByTarget,
  failedByTimeout,
  pass,
  start,
} from './bake-end.ts';
import type { PlannedEvent } from './plan.ts';
import { forgivenUntil, type Recovery, recoveryEnd, recoveryLimit } from './recovery.ts';
import { retryNow } from './retry.ts';
import { takesVersions } from './target.ts';

/**
 * A Rollout and its checks are usually applied together, one after the other: so long a bake waits for the first check
 * that its selector matches. Without any after that, it goes by the time alone.
 */
const firstCheck = { seconds: 30 } as const;

/**
 * How long, when `deployTimeout` does not say, Flux may fail to apply a deployment, and what was wrong before it may stay
 * wrong: an alert that is still on does not fail a retry at once.
 */
const patience = { minutes: 5 } as const;

export interface BakeStep {
  readonly entry: HistoryEntry;
  readonly events: readonly PlannedEvent[];
  /** The bake failed in this very step, for good. */
  readonly failed: boolean;
  /** When time alone changes it. */
  readonly deadline: Temporal.Instant | undefined;
  /** When it ends well as things are. */
  readonly endsAt: Temporal.Instant | undefined;
  /** When it fails as things are. */
  readonly failsAt: Temporal.Instant | undefined;
  /** Checks that keep the bake from starting, or from ending well. */
  readonly waitingFor: readonly HealthCheck[];
  /** Targets that do, since Flux cannot apply them or is at it. */
  readonly unapplied: readonly BakeTarget[];
  /** There is a selector, and it matches no check yet. */
  readonly lacksChecks: boolean;
  /** When failures count again at the latest, in recovery mode. */
  readonly recoversBy: Temporal.Instant | undefined;
}

export function isUnfinished(entry: HistoryEntry | undefined): boolean {
  return entry?.bakeStatus === 'Deploying' || entry?.bakeStatus === 'InProgress';
}

export interface BakeContext extends Recovery {
  readonly spec: Pick<ResolvedRolloutSpec, 'bakeTime' | 'deployTimeout'> &
    Partial<Pick<ResolvedRolloutSpec, 'healthChecks' | 'retryPolicy'>>;
  readonly checks: readonly HealthCheck[];
  /** While one of them does not carry the version there is nothing to judge yet. */
  readonly targets: readonly BakeTarget[];
}

export function bake(entry: HistoryEntry, context: BakeContext, now: Temporal.Instant): BakeStep {
  if (!isUnfinished(entry)) return stay(entry);
  const retryAt = instantOf(entry.retryAt);
  if (retryAt === undefined) return judge(entry, context, now);
  if (isBefore(now, retryAt)) return { ...stay(entry), deadline: retryAt };
  const again = retryNow(entry, context.spec, now);
  const step = judge(again.entry, context, now);
  return { ...step, events: [...again.events, ...step.events] };
}

function judge(entry: HistoryEntry, context: BakeContext, now: Temporal.Instant): BakeStep {
  const { spec, checks } = context;
  const facts = factsOf(entry, context, now);
  const failure = failureOf(entry, context, facts, now);
  if (failure !== undefined) return ended(fail(entry, failure, spec, now));
  const { started, waitingFor, unapplied, startsAt } = facts;
  const common = { waitingFor, unapplied, failsAt: facts.failsAt, recoversBy: facts.recoversBy };
  const waiting = { ...stay(entry), ...common };
  if (started === undefined) {
    const mayStart = waitingFor.length === 0 && facts.isDelivered && unapplied.length === 0 && startsAt === undefined;
    if (mayStart) return ended(start(entry, spec, now));
    const lacksChecks = spec.healthChecks !== undefined && checks.length === 0;
    return { ...waiting, deadline: earliest(facts.failsAt, facts.recoversBy, startsAt), lacksChecks };
  }
  const end = spec.bakeTime && started.add(spec.bakeTime);
  const isOver = end === undefined || !isBefore(now, end);
  const isFit = waitingFor.length === 0 && unapplied.length === 0 && !facts.isLost;
  if (isOver && isFit) return ended(pass(entry, spec, now));
  const endsAt = isOver ? undefined : end;
  return { ...waiting, endsAt, deadline: earliest(facts.failsAt, facts.recoversBy, endsAt) };
}

interface Facts {
  readonly started: Temporal.Instant | undefined;
  /** Failures and verdicts count from here. */
  readonly cutoff: Temporal.Instant;
  /** Checks that are not healthy for this deployment. */
  readonly waitingFor: readonly HealthCheck[];
  readonly failing: readonly BakeTarget[];
  readonly unapplied: readonly BakeTarget[];
  /** Every target carries the version. */
  readonly isDelivered: boolean;
  /** A target that could carry the version does not, or not any more: it is about to be written, or refuses it. */
  readonly isLost: boolean;
  /** When it goes on without any check. */
  readonly startsAt: Temporal.Instant | undefined;
  readonly failsAt: Temporal.Instant | undefined;
  /** Undefined: failures count. */
  readonly recoversBy: Temporal.Instant | undefined;
}

function factsOf(entry: HistoryEntry, context: BakeContext, now: Temporal.Instant): Facts {
  const { spec, checks, targets } = context;
  const cutoff = cutoffOf(entry, now);
  const started = instantOf(entry.bakeStartTime);
  const waitingFor = checks.filter((check) => !isHealthyFor(check, cutoff));
  const delivered = targets.filter(({ carries }) => carries === entry.version.tag);
  const failing = delivered.filter(({ failure }) => failure !== undefined);
  const unapplied = delivered.filter(({ failure, applying }) => failure !== undefined || applying !== undefined);
  const isDelivered = targets.every(({ carries, fault }) => fault === undefined && carries === entry.version.tag);
  const isLost = targets.some((target) => takesVersions(target) && target.carries !== entry.version.tag);
  const expected = spec.healthChecks !== undefined && checks.length === 0 ? cutoff.add(firstCheck) : undefined;
  const startsAt = expected !== undefined && isBefore(now, expected) ? expected : undefined;

  const limit = recoveryLimit(instantOf(entry.timestamp) ?? cutoff, spec);
  const isThere = started !== undefined || (isDelivered && startsAt === undefined);
  const isHealthy = isThere && waitingFor.length === 0 && unapplied.length === 0;
  const recoversBy = context.recovering && !isHealthy && isBefore(now, limit) ? limit : undefined;
  const isOld = started === undefined && checks.some((check) => isUnhealthySinceBefore(check, cutoff));
  const wait = spec.deployTimeout ?? Temporal.Duration.from(patience);
  const failsAt = earliest(
    (spec.deployTimeout !== undefined && started === undefined) || isOld ? cutoff.add(wait) : undefined,
    ...failing.map(({ failure }) => latest(cutoff, failure?.since)?.add(wait)),
  );
  const shared = { started, cutoff, waitingFor, failing, unapplied, isDelivered, isLost, startsAt };
  return { ...shared, recoversBy, failsAt: recoversBy === undefined ? failsAt : undefined };
}

function failureOf(
  { rollbackOf }: HistoryEntry,
  { spec, checks, recovering, recoveredAt }: BakeContext,
  facts: Facts,
  now: Temporal.Instant,
): BakeFailure | undefined {
  const { started, cutoff, failing, failsAt, waitingFor } = facts;
  if (facts.recoversBy !== undefined) return undefined;
  // What failed while failures did not count is forgiven, unless it still fails.
  // Nor does what failed in the very second of a rollback: times are whole seconds, and it is why there is one.
  const isRollback = rollbackOf !== undefined;
  const errorsFrom =
    latest(
      cutoff,
      recovering ? forgivenUntil(recoveryEnd(checks, now)) : recoveredAt,
      isRollback ? cutoff.add({ seconds: 1 }) : undefined,
    ) ?? cutoff;
  const isOld = (check: HealthCheck) => started === undefined && isUnhealthySinceBefore(check, cutoff);
  const broken = checks.filter((check) => hasFailed(check, cutoff, errorsFrom) && !isOld(check));
  if (broken.length > 0) return failedByChecks(broken, started !== undefined);
  const isFit = waitingFor.length === 0 && facts.isDelivered && facts.unapplied.length === 0;
  const canStart = started === undefined && isFit && facts.startsAt === undefined;
  if (failsAt === undefined || isBefore(now, failsAt) || canStart) return undefined;
  const [target] = failing;
  if (target === undefined) return failedByTimeout(waitingFor, cutoff);
  const isLate = spec.deployTimeout !== undefined && started === undefined;
  return failedByTarget(target, isLate ? `${BAKE_TEXT.timedOut} ` : '');
}

function stay(entry: HistoryEntry): BakeStep {
  return {
    entry,
    events: [],
    failed: false,
    deadline: undefined,
    endsAt: undefined,
    failsAt: undefined,
    waitingFor: [],
    unapplied: [],
    lacksChecks: false,
    recoversBy: undefined,
  };
}

function ended({ entry, events, failed }: Ended): BakeStep {
  const retryAt = instantOf(entry.retryAt);
  return { ...stay(entry), events, failed, deadline: retryAt };
}

/** An error, or a change to Unhealthy, that this deployment saw; older ones belong to what ran before. */
function hasFailed({ status }: HealthCheck, cutoff: Temporal.Instant, errorsFrom: Temporal.Instant): boolean {
  if (atOrAfter(status?.lastErrorTime, errorsFrom)) return true;
  return status?.status === 'Unhealthy' && atOrAfter(status.lastChangeTime, cutoff);
}

/** It says itself that what is wrong was wrong before. */
function isUnhealthySinceBefore({ status }: HealthCheck, cutoff: Temporal.Instant): boolean {
  const since = instantOf(status?.lastErrorTime);
  const isJudged = status?.status === 'Unhealthy' && atOrAfter(status.lastChangeTime, cutoff);
  return isJudged && since !== undefined && isBefore(since, cutoff);
}

function isHealthyFor({ status }: HealthCheck, cutoff: Temporal.Instant): boolean {
  return status?.status === 'Healthy' && atOrAfter(status.lastChangeTime, cutoff);
}

function atOrAfter(text: string | undefined, cutoff: Temporal.Instant): boolean {
  const instant = instantOf(text);
  return instant !== undefined && !isBefore(instant, cutoff);
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
