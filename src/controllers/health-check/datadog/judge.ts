/** What the state of a DatadogMonitor says about a deployment. Pure. */
import { HealthCheckConditionReason, type NoDataPolicy } from '../../../api/health-check.ts';
import type { DatadogHealth } from '../../../api/health-check-classes.ts';
import { earliest, instantOf, isBefore, timestamp } from '../../../api/instant.ts';
import { type DatadogMonitor, monitorUrl, syncFault, triggeredAt } from '../../../integrations/datadog/monitor.ts';
import type { Verdict } from '../health-class.ts';

export interface MonitorFacts {
  readonly monitor: DatadogMonitor;
  readonly warn: NonNullable<DatadogHealth['warn']>;
  readonly noDataPolicy: NoDataPolicy;
  /** What was seen before is about another deployment. */
  readonly cutoff: Temporal.Instant | undefined;
}

/** The operator asks once a minute: after this it does not ask any more, and its last word is an old one. */
const longestSilence = { minutes: 5 };
const mostGroups = 5;

type Meaning = Verdict['status'];

export function judgeMonitor(facts: MonitorFacts, now: Temporal.Instant): Verdict {
  const { monitor, cutoff } = facts;
  const fault = syncFault(monitor);
  if (fault !== undefined) return noData(facts, `the operator cannot ask Datadog: ${fault}`);
  const state = monitor.status?.monitorState ?? '';
  if (state === '') return noData(facts, 'the operator has not asked Datadog yet');

  const message = said(facts, state);
  const meaning = meaningOf(facts, state);
  if (meaning === 'Unhealthy') return withFailure({ status: meaning, message }, failedAt(monitor, state, cutoff));
  if (meaning === 'Pending') {
    return state === 'No Data' ? noData(facts, `it says ${state}`) : { status: meaning, message };
  }

  const updatedAt = instantOf(monitor.status?.monitorStateLastUpdateTime);
  if (updatedAt === undefined) return noData(facts, 'the operator does not say when it asked Datadog');
  if (cutoff !== undefined && isBefore(updatedAt, cutoff)) {
    return { status: 'Pending', message: `${message}, as of before the deployment: waiting for the next look` };
  }
  const changesAt = updatedAt.add(longestSilence);
  if (!isBefore(now, changesAt)) {
    return noData(facts, `the operator last asked Datadog at ${timestamp(updatedAt)}, when it said ${state}`);
  }
  return { status: 'Healthy', message, changesAt };
}

function meaningOf({ warn, noDataPolicy }: MonitorFacts, state: string): Meaning {
  switch (state) {
    case 'OK':
      return 'Healthy';
    case 'Alert':
      return 'Unhealthy';
    case 'Warn':
      return warn;
    case 'No Data':
      return noDataPolicy === 'Hold' ? 'Pending' : noDataPolicy;
    default:
      // Skipped, Ignored, Unknown, and what Datadog may think of yet.
      return 'Pending';
  }
}

/** There is a monitor, and its state is not known. */
function noData({ monitor }: MonitorFacts, why: string): Verdict {
  const message = `${nameOf(monitor)}: ${why}${linkTo(monitor)}`;
  return { status: 'Pending', message, fault: { reason: HealthCheckConditionReason.NoData, message } };
}

/** The same text as long as the state and its groups are the same. */
function said({ monitor }: MonitorFacts, state: string): string {
  const since = instantOf(monitor.status?.monitorStateLastTransitionTime);
  const groups = groupsIn(monitor, state).flatMap(({ monitorGroup }) => monitorGroup ?? []);
  const more = groups.length > mostGroups ? ` and ${groups.length - mostGroups} more` : '';
  const named = groups.length === 0 ? '' : ` (${groups.toSorted().slice(0, mostGroups).join('; ')}${more})`;
  const from = since === undefined ? '' : ` since ${timestamp(since)}`;
  return `${nameOf(monitor)} says ${state}${from}${named}${linkTo(monitor)}`;
}

/**
 * Datadog's own times of the groups are nearer to the truth than the time at which the operator saw it. One that failed
 * since the deployment counts, whatever else failed before.
 */
function failedAt(
  monitor: DatadogMonitor,
  state: string,
  cutoff: Temporal.Instant | undefined,
): Temporal.Instant | undefined {
  const times = groupsIn(monitor, state).map(triggeredAt);
  const since = times.filter((time) => time !== undefined && cutoff !== undefined && !isBefore(time, cutoff));
  const seen = instantOf(monitor.status?.monitorStateLastTransitionTime);
  return earliest(...since) ?? earliest(...times) ?? seen;
}

function groupsIn({ status }: DatadogMonitor, state: string) {
  return (status?.triggeredState ?? []).filter((group) => group.state === state);
}

function withFailure(verdict: Verdict, at: Temporal.Instant | undefined): Verdict {
  return at === undefined ? verdict : { ...verdict, failedAt: at };
}

function nameOf({ metadata }: DatadogMonitor): string {
  return `DatadogMonitor ${metadata.namespace ?? ''}/${metadata.name}`;
}

function linkTo(monitor: DatadogMonitor): string {
  const url = monitorUrl(monitor);
  return url === undefined ? '' : ` (${url})`;
}
