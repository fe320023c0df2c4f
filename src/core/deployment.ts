/** A new history entry: the one write that makes a deployment happen (intent first). */
import { EventReason } from '../api/conditions.ts';
import type { HistoryApproval, HistoryEntry, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { Tag } from '../api/tag.ts';
import { isUnfinished } from './bake.ts';
import { BAKE_TEXT, cancel, causeOf } from './bake-end.ts';
import { beginning } from './beginning.ts';
import type { ConditionUpdate } from './condition.ts';
import { withinLimit } from './history-limit.ts';
import type { PlannedEvent } from './plan.ts';
import { recoveryLimit, recoveryMode } from './recovery.ts';
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
  const id = nextId(history);
  const begins = beginning(previous, now);
  const by = triggeredBy(choice);
  const isSuperseded = previous !== undefined && isUnfinished(previous);
  const endedBy = { kind: 'Deployment', name: by.name, deployment: id } as const;
  const replaced = isSuperseded ? cancel(previous, endedBy, now) : previous;
  const rest = replaced === undefined ? [] : [rolledBack(replaced, choice, id), ...older];
  const entry: HistoryEntry = {
    id,
    version: choice.version,
    timestamp: begins.toString(),
    message: historyMessage(choice),
    triggeredBy: by,
    trigger: choice.trigger,
    ...(choice.rollbackOf?.id === undefined ? {} : { rollbackOf: choice.rollbackOf.id }),
    ...(choice.resumeAfter === undefined ? {} : { resumeAfter: choice.resumeAfter }),
    ...(choice.approvals?.length ? { approvals: [...choice.approvals] } : {}),
    ...(choice.freezes?.length ? { freezes: [...choice.freezes] } : {}),
    ...initialBake(choice, spec),
  };
  const events: PlannedEvent[] = [];
  if (isSuperseded) {
    const message = `Bake time cancelled due to new deployment of version ${tag}`;
    events.push({ type: 'Normal', reason: EventReason.BakeTimeCancelled, message });
  }
  events.push(deploymentEvent(choice));
  return {
    history: withinLimit([entry, ...rest], spec.historyLimit),
    events,
    recovery: recoveryMode(choice.trigger === 'Manual', rest[0], situation, recoveryLimit(begins, spec)),
  };
}

/** Ids only grow: entries without one, which old versions wrote, do not start the count over. */
function nextId(history: readonly HistoryEntry[]): number {
  return Math.max(0, ...history.map(({ id }) => id ?? 0)) + 1;
}

function rolledBack(entry: HistoryEntry, { rollbackOf }: Choice, by: number): HistoryEntry {
  return rollbackOf !== undefined && rollbackOf.id === entry.id ? { ...entry, rolledBackBy: by } : entry;
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
    const failed = choice.rollbackOf;
    const message = `Automatic rollback from ${failed.version.tag}, whose bake failed: ${causeOf(failed)}`;
    return shorten(message, longestText.message);
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

function triggeredBy(choice: Choice): NonNullable<HistoryEntry['triggeredBy']> {
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
