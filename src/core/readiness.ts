/** The conditions that sum a Rollout up: Ready, ReleasesUpdated, TargetsUpdated, Progressing. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import type { HistoryEntry, VersionInfo } from '../api/rollout.ts';
import { BAKE_TEXT } from './bake-end.ts';
import type { ConditionUpdate } from './condition.ts';
import type { ReleaseObservation, TargetObservation } from './observation.ts';
import type { Reason } from './plan.ts';
import { UNBLOCKED } from './requests.ts';

export function releasesCondition(releases: ReleaseObservation): ConditionUpdate {
  const type = RolloutConditionType.ReleasesUpdated;
  const fault = releases.policyFault ?? releases.fault;
  if (fault !== undefined) return { type, status: 'False', reason: fault.reason, message: fault.message };
  const message = 'Available releases were updated successfully from ImagePolicy';
  return { type, status: 'True', reason: ConditionReason.ReleasesUpdated, message };
}

export function targetsCondition(targets: readonly TargetObservation[]): ConditionUpdate {
  const type = RolloutConditionType.TargetsUpdated;
  const faults = targets.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  const [first] = faults;
  if (first !== undefined) {
    return { type, status: 'False', reason: first.reason, message: faults.map(({ message }) => message).join('; ') };
  }
  if (targets.length === 0) {
    const message =
      'No OCIRepository or Kustomization of this namespace refers to this Rollout: versions are recorded, but nothing is deployed';
    return { type, status: 'False', reason: ConditionReason.NoTargets, message };
  }
  const names = targets.map(({ kind, name, field }) => `${kind}/${name} ${field}`).join(', ');
  return {
    type,
    status: 'True',
    reason: ConditionReason.TargetsUpdated,
    message: `The version goes to ${names}`,
  };
}

export interface ReadinessContext {
  readonly newest: HistoryEntry | undefined;
  readonly releases: readonly VersionInfo[];
  readonly observed: ReleaseObservation;
  readonly targets: readonly TargetObservation[];
  readonly reasons: readonly Reason[];
}

export function readyCondition(context: ReadinessContext): ConditionUpdate {
  const { newest, observed, targets, reasons } = context;
  const failure =
    observed.policyFault?.message ??
    reasons.find(({ code }) => code === ConditionReason.VersionNotFound)?.message ??
    targets.find(({ fault }) => fault !== undefined)?.fault?.message;
  if (failure !== undefined) return ready('False', ConditionReason.RolloutFailed, failure);
  if (newest === undefined) {
    if (context.releases.length === 0) return ready('False', ConditionReason.NoReleases, 'No releases available');
    return ready('False', reasons[0]?.code ?? ConditionReason.NoReleases, reasons[0]?.message ?? 'Nothing is deployed');
  }
  return readyBy(newest);
}

function readyBy(entry: HistoryEntry): ConditionUpdate {
  const { bakeStatus, bakeStatusMessage = '' } = entry;
  switch (bakeStatus) {
    case 'Deploying':
      if (entry.retryAt !== undefined) return ready('Unknown', ConditionReason.BakeTimeRetrying, bakeStatusMessage);
      return entry.lastRetryTimestamp === undefined
        ? ready('Unknown', ConditionReason.Deploying, BAKE_TEXT.waiting)
        : ready('Unknown', ConditionReason.BakeTimeRetrying, 'Bake time reset, retrying deployment.');
    case 'InProgress':
      return ready('Unknown', ConditionReason.Baking, bakeStatusMessage);
    case 'Failed':
      return ready('False', ConditionReason.BakeTimeFailed, bakeStatusMessage);
    default:
      if (entry.bakeEndTime !== undefined) return ready('True', ConditionReason.BakeTimePassed, bakeStatusMessage);
      return ready('True', ConditionReason.RolloutSucceeded, `${succeededText(entry)}. Bake completed successfully`);
  }
}

function succeededText({ message = '' }: HistoryEntry): string {
  const flags = ['with gate bypass', UNBLOCKED].filter((flag) => message.includes(flag)).map((flag) => flag.slice(5));
  const suffix = flags.length === 0 ? '' : ` with ${flags.join(' and ')}`;
  return `Release deployed successfully${suffix}`;
}

function ready(status: 'True' | 'False' | 'Unknown', reason: ConditionReason, message: string): ConditionUpdate {
  return { type: RolloutConditionType.Ready, status, reason, message };
}

/** What is going on, and until when: the first reason, as a condition. */
export function progressingCondition(reasons: readonly Reason[]): ConditionUpdate {
  const type = RolloutConditionType.Progressing;
  const [first] = reasons;
  if (first === undefined) {
    return { type, status: 'False', reason: ConditionReason.UpToDate, message: 'The newest release is deployed' };
  }
  const busy = first.code === ConditionReason.Deploying || first.code === ConditionReason.Baking;
  const remedy = first.remedy === undefined ? '' : `; ${first.remedy}`;
  return { type, status: busy ? 'True' : 'False', reason: first.code, message: `${first.message}${remedy}` };
}
