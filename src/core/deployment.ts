/** A new history entry: the one write that makes a deployment happen (intent first). */
import { ConditionReason, EventReason, RolloutConditionType } from '../api/conditions.ts';
import { momentAfter } from '../api/instant.ts';
import type { HistoryApproval, HistoryEntry, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { Tag } from '../api/tag.ts';
import { BAKE_TEXT, isUnfinished } from './bake.ts';
import type { ConditionUpdate } from './condition.ts';
import type { PlannedEvent } from './plan.ts';
import { UNBLOCKED } from './requests.ts';
import { shorten } from './text.ts';

const CONTROLLER_NAME = 'rollout-controller';

/** Every entry is kept in one status, which the API server bounds: annotations may be 256 KiB long. */
const longestText = { message: 4096, user: 256 } as const;

/** What is to be deployed, and who or what wants it. */
export interface Choice {
  readonly version: VersionInfo;
  readonly trigger: 'Automatic' | 'Manual' | 'Rollback' | 'Adoption';
  readonly forced?: boolean;
  readonly bypassed?: boolean;
  readonly unblocked?: boolean;
  /** What is rolled back; by a person when the trigger is `Manual`. */
  readonly rollbackOf?: HistoryEntry;
  readonly message?: string | undefined;
  readonly user?: string | undefined;
  /** Automation resumes with what is newer than this. */
  readonly resumeAfter?: Tag | undefined;
  readonly approvals?: readonly HistoryApproval[];
  /** Freezes that are on, and that a person passes over. */
  readonly freezes?: readonly string[];
}

export interface Deployment {
  readonly history: HistoryEntry[];
  readonly events: readonly PlannedEvent[];
  readonly recovery: ConditionUpdate;
}

/**
 * @param unhealthy a selected check is Unhealthy right now
 * @param recovering the superseded deployment was itself in recovery mode
 */
export function deploy(
  choice: Choice,
  history: readonly HistoryEntry[],
  spec: ResolvedRolloutSpec,
  situation: { readonly unhealthy: boolean; readonly recovering: boolean },
  now: Temporal.Instant,
): Deployment {
  const { tag } = choice.version;
  const [previous, ...older] = history;
  const superseded = previous !== undefined && isUnfinished(previous) ? cancel(previous, now) : undefined;
  const rest = previous === undefined ? [] : [superseded ?? previous, ...older];
  const entry: HistoryEntry = {
    id: nextId(history),
    version: choice.version,
    timestamp: momentAfter(now),
    message: historyMessage(choice),
    triggeredBy: triggeredBy(choice),
    trigger: choice.trigger,
    ...(choice.rollbackOf?.id === undefined ? {} : { rollbackOf: choice.rollbackOf.id }),
    ...(choice.resumeAfter === undefined ? {} : { resumeAfter: choice.resumeAfter }),
    ...(choice.approvals?.length ? { approvals: [...choice.approvals] } : {}),
    ...(choice.freezes?.length ? { freezes: [...choice.freezes] } : {}),
    ...initialBake(choice, spec),
  };
  const events: PlannedEvent[] = [];
  if (superseded !== undefined) {
    const message = `Bake time cancelled due to new deployment of version ${tag}`;
    events.push({ type: 'Normal', reason: EventReason.BakeTimeCancelled, message });
  }
  events.push(deploymentEvent(choice));
  return {
    history: [entry, ...rest].slice(0, spec.historyLimit),
    events,
    recovery: recoveryMode(choice, rest[0], situation),
  };
}

/** Ids only grow: entries without one, which old versions wrote, do not start the count over. */
function nextId(history: readonly HistoryEntry[]): number {
  return Math.max(0, ...history.map(({ id }) => id ?? 0)) + 1;
}

/** The entry keeps its message: why it was deployed stays true. */
function cancel(entry: HistoryEntry, now: Temporal.Instant): HistoryEntry {
  return { ...entry, bakeStatus: 'Cancelled', bakeStatusMessage: BAKE_TEXT.cancelled, bakeEndTime: momentAfter(now) };
}

function initialBake(choice: Choice, spec: ResolvedRolloutSpec): Partial<HistoryEntry> {
  if (choice.trigger === 'Adoption') {
    return { bakeStatus: 'Succeeded', bakeStatusMessage: 'Was running when this Rollout first looked.' };
  }
  if (!spec.bakes) return { bakeStatus: 'Succeeded', bakeStatusMessage: BAKE_TEXT.notConfigured };
  return { bakeStatus: 'Deploying', bakeStatusMessage: BAKE_TEXT.waiting };
}

function historyMessage(choice: Choice): string {
  if (choice.trigger === 'Adoption') return `Adopted running version ${choice.version.tag}`;
  if (choice.trigger === 'Rollback' && choice.rollbackOf !== undefined) {
    const { version, id } = choice.rollbackOf;
    return `Automatic rollback from ${version.tag}, whose bake failed${id === undefined ? '' : ` (deployment ${id})`}`;
  }
  if (choice.message !== undefined) return shorten(choice.message, longestText.message);
  if (choice.rollbackOf !== undefined) return `Manual rollback from ${choice.rollbackOf.version.tag}`;
  const flags = [
    ...(choice.forced ? ['with force deploy'] : []),
    ...(choice.bypassed ? ['with gate bypass'] : []),
    ...(choice.unblocked ? [UNBLOCKED] : []),
  ];
  return [choice.trigger === 'Manual' ? 'Manual deployment' : 'Automatic deployment', ...flags].join(', ');
}

function triggeredBy(choice: Choice): HistoryEntry['triggeredBy'] {
  if (choice.user !== undefined) return { kind: 'User', name: shorten(choice.user, longestText.user) };
  return { kind: 'System', name: CONTROLLER_NAME };
}

function deploymentEvent(choice: Choice): PlannedEvent {
  const { tag } = choice.version;
  if (choice.trigger === 'Adoption') {
    return { type: 'Normal', reason: EventReason.DeploymentAdopted, message: `Adopted running version ${tag}` };
  }
  if (choice.rollbackOf !== undefined) {
    const message = `Rolling back from ${choice.rollbackOf.version.tag} to ${tag}`;
    return { type: 'Warning', reason: EventReason.RollbackStarted, message };
  }
  const flags =
    (choice.bypassed ? ' (with gate bypass)' : '') + (choice.unblocked ? ' (with failed bake unblock)' : '');
  const message = `Successfully deployed version ${tag}${flags}`;
  return { type: 'Normal', reason: EventReason.DeploymentSucceeded, message };
}

/** Recovery: this deployment replaces something bad, so bad health must not fail it. */
function recoveryMode(
  choice: Choice,
  previous: HistoryEntry | undefined,
  situation: { readonly unhealthy: boolean; readonly recovering: boolean },
): ConditionUpdate {
  const type = RolloutConditionType.BakeFailureDisabled;
  if (choice.trigger === 'Manual' && situation.unhealthy) {
    return {
      type,
      status: 'True',
      reason: ConditionReason.DeployedWithUnhealthyHealthChecks,
      message: 'Deployed during an active incident. Health check failures will not fail this deployment.',
    };
  }
  // A superseded healthy bake is no reason to look away; one that was itself a recovery is.
  const bad = previous?.bakeStatus === 'Failed' || (previous?.bakeStatus === 'Cancelled' && situation.recovering);
  if (bad) {
    return {
      type,
      status: 'True',
      reason: ConditionReason.PreviousBakeFailed,
      message: 'Previous deployment failed. Health check failures will not fail this deployment.',
    };
  }
  return { type, status: 'False', reason: ConditionReason.Normal, message: '' };
}
