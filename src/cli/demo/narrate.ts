/** Turns two looks at a Rollout into what a person would say happened in between. */
import { parseDuration } from '../../api/duration.ts';
import type { HealthCheck } from '../../api/health-check.ts';
import type { HistoryEntry, Rollout } from '../../api/rollout.ts';
import type { Tone } from '../paint.ts';

export interface Happening {
  /** One word, the first column. */
  readonly what: string;
  readonly tone: Tone;
  readonly text: string;
}

export function narrateRollout(before: Rollout | undefined, after: Rollout): readonly Happening[] {
  const happenings = [...newReleases(before, after), ...changedGates(before, after)];
  const known = new Map((before?.status?.history ?? []).map((entry) => [entry.id, entry]));
  // Oldest first: a failure comes before the rollback that answers it.
  for (const entry of (after.status?.history ?? []).toReversed()) {
    const old = known.get(entry.id);
    if (old === undefined) happenings.push(deployed(entry));
    if (old?.bakeStatus !== entry.bakeStatus) happenings.push(...baked(entry, after));
  }
  return happenings;
}

function newReleases(before: Rollout | undefined, after: Rollout): readonly Happening[] {
  const known = new Set((before?.status?.availableReleases ?? []).map(({ tag }) => tag));
  return (after.status?.availableReleases ?? [])
    .filter(({ tag }) => !known.has(tag))
    .map(({ tag, revision }) => ({
      what: 'release',
      tone: 'strong',
      text: `${tag} is there${revision === undefined ? '' : ` (revision ${revision.slice(0, 12)})`}`,
    }));
}

function changedGates(before: Rollout | undefined, after: Rollout): readonly Happening[] {
  const condition = (rollout: Rollout | undefined) =>
    rollout?.status?.conditions?.find(({ type }) => type === 'GatesPassing');
  const old = condition(before);
  const now = condition(after);
  if (now === undefined || old?.reason === now.reason || (old === undefined && now.status === 'True')) return [];
  if (now.status === 'True') return [{ what: 'gates', tone: 'good', text: now.message }];
  // Without a release nothing is held, and a closed gate is no news.
  const waiting = after.status?.releaseCandidates?.[0]?.tag;
  if (waiting === undefined) return [];
  return [{ what: 'held', tone: 'waiting', text: `${waiting}, by ${holding(after)}` }];
}

/** A gate that allows some versions passes, and yet none of them may be there. */
function holding({ status }: Rollout): string {
  const { gates = [] } = status ?? {};
  const closed = gates.filter(({ passing }) => passing === false);
  return (closed.length > 0 ? closed : gates).map(({ name }) => name).join(', ');
}

function deployed(entry: HistoryEntry): Happening {
  const { tag } = entry.version;
  if (entry.trigger === 'Rollback')
    return { what: 'rollback', tone: 'waiting', text: `to ${tag}: ${entry.message ?? ''}` };
  const approvers = (entry.approvals ?? []).map(({ by }) => by).join(', ');
  const approved = approvers === '' ? '' : `, approved by ${approvers}`;
  return { what: 'deploy', tone: 'strong', text: `${tag}: ${entry.message ?? ''}${approved}` };
}

function baked(entry: HistoryEntry, { spec }: Rollout): readonly Happening[] {
  const { tag } = entry.version;
  switch (entry.bakeStatus) {
    case 'InProgress':
      return [{ what: 'bake', tone: 'plain', text: `${tag} is healthy and bakes for ${spec.bakeTime ?? 'no time'}` }];
    case 'Succeeded':
      return [{ what: 'good', tone: 'good', text: `${tag} is kept: ${entry.bakeStatusMessage ?? ''}` }];
    case 'Failed': {
      const failed = (entry.failedHealthChecks ?? []).map(({ name, message }) => `${name}: ${message ?? 'no message'}`);
      return [{ what: 'failed', tone: 'bad', text: `${tag}: ${[entry.bakeStatusMessage ?? '', ...failed].join(' ')}` }];
    }
    case 'Cancelled':
      return [{ what: 'cancelled', tone: 'waiting', text: `${tag}: ${entry.bakeStatusMessage ?? ''}` }];
    default:
      return [];
  }
}

/** What the check says now, if it says something else than before. */
export function narrateHealth(before: HealthCheck | undefined, after: HealthCheck): readonly Happening[] {
  const { status, message = '' } = after.status ?? {};
  if (status === undefined || (before?.status?.status === status && before.status.message === message)) return [];
  const tone: Tone = status === 'Healthy' ? 'good' : status === 'Unhealthy' ? 'bad' : 'faint';
  return [{ what: 'health', tone, text: `${status}: ${message}` }];
}

/** What goes on right now, for a line that is drawn again and again. */
export function describeNow(rollout: Rollout, now: Temporal.Instant): string {
  const [entry] = rollout.status?.history ?? [];
  if (entry?.bakeStatus === 'InProgress' && entry.bakeStartTime !== undefined && rollout.spec.bakeTime !== undefined) {
    const end = Temporal.Instant.from(entry.bakeStartTime).add(parseDuration(rollout.spec.bakeTime));
    const left = Math.max(0, Math.ceil(now.until(end).total('seconds')));
    return `baking ${entry.version.tag}, ${left}s left`;
  }
  return rollout.status?.conditions?.find(({ type }) => type === 'Progressing')?.message ?? 'waiting';
}
