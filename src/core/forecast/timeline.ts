/** What a forecast tells: one entry for each thing that happens. */
import type { Freeze } from '../../api/freeze.ts';
import { instantOf } from '../../api/instant.ts';
import type { HistoryEntry } from '../../api/rollout.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { RolloutObservation } from '../observation.ts';
import type { RolloutPlan } from '../plan.ts';
import type { ForecastInput } from './input.ts';

export const TimelineKind = [
  'Gate',
  'Freeze',
  'Deployment',
  'Rollback',
  'BakeStarted',
  'BakeSucceeded',
  'BakeFailed',
  'BakeRetried',
] as const;
export type TimelineKind = (typeof TimelineKind)[number];

export interface TimelineEntry {
  readonly at: Temporal.Instant;
  readonly kind: TimelineKind;
  /** A sentence without its time. */
  readonly message: string;
  /** The version that it is about. */
  readonly version?: string;
  /** What had to be taken for granted. */
  readonly assumes?: string;
}

export function scheduleEntries(
  { observed, schedules }: ForecastInput,
  gates: readonly RolloutGate[],
  at: Temporal.Instant,
): TimelineEntry[] {
  return gates.flatMap((gate, index) => {
    const isOpen = gate.spec.passing !== false;
    const wasOpen = observed.gates[index]?.spec.passing !== false;
    if (isOpen === wasOpen) return [];
    const schedule = schedules.find((one) => one.gate === gate.metadata.name)?.schedule;
    const who = `${schedule?.kind ?? 'RolloutSchedule'} ${schedule?.metadata.name ?? ''}`;
    return [{ at, kind: 'Gate', message: `${who} ${isOpen ? 'opens' : 'closes'} its gate` }];
  });
}

export function freezeEntries(freezes: readonly Freeze[], at: Temporal.Instant): TimelineEntry[] {
  return freezes
    .filter(({ spec }) => instantOf(spec.until)?.epochNanoseconds === at.epochNanoseconds)
    .map(({ metadata }) => ({ at, kind: 'Freeze', message: `Freeze ${metadata.name} ends` }));
}

export function deploymentEntries(
  before: RolloutObservation,
  plan: RolloutPlan,
  at: Temporal.Instant,
): TimelineEntry[] {
  const known = new Map((before.rollout.status?.history ?? []).map((entry) => [entry.id, entry]));
  const entries: TimelineEntry[] = [];
  for (const entry of (plan.status.history ?? []).toReversed()) {
    const former = known.get(entry.id);
    if (former === undefined) entries.push(deployment(entry, at));
    if (entry.retryAt !== undefined && entry.retryAt !== former?.retryAt) entries.push(retry(entry, at));
    else if (former?.bakeStatus !== entry.bakeStatus) entries.push(...bakeEntries(entry, before, at));
  }
  return entries;
}

function deployment(entry: HistoryEntry, now: Temporal.Instant): TimelineEntry {
  const { tag } = entry.version;
  const at = instantOf(entry.timestamp) ?? now;
  const message = entry.message === undefined ? '' : ` (${entry.message})`;
  if (entry.trigger === 'Rollback')
    return { at, kind: 'Rollback', version: tag, message: `${tag} is deployed again${message}` };
  return { at, kind: 'Deployment', version: tag, message: `${tag} is deployed${message}` };
}

function retry({ version: { tag }, bakeStatusMessage = '' }: HistoryEntry, at: Temporal.Instant): TimelineEntry {
  const message = `the bake of ${tag} fails and is started over: ${bakeStatusMessage}`;
  return { at, kind: 'BakeRetried', version: tag, message };
}

function bakeEntries(
  entry: HistoryEntry,
  { healthChecks }: RolloutObservation,
  now: Temporal.Instant,
): TimelineEntry[] {
  const { tag } = entry.version;
  const at = instantOf(entry.bakeEndTime ?? entry.bakeStartTime) ?? now;
  const assumes = healthChecks.length === 0 ? {} : { assumes: assumption(tag, healthChecks.length) };
  switch (entry.bakeStatus) {
    case 'InProgress':
      return [{ at, kind: 'BakeStarted', version: tag, message: `the bake of ${tag} begins`, ...assumes }];
    case 'Succeeded':
      if (entry.bakeStartTime === undefined) return [];
      return [{ at, kind: 'BakeSucceeded', version: tag, message: `the bake of ${tag} ends well`, ...assumes }];
    case 'Failed':
      return [
        { at, kind: 'BakeFailed', version: tag, message: `the bake of ${tag} fails: ${entry.bakeStatusMessage ?? ''}` },
      ];
    default:
      return [];
  }
}

function assumption(tag: string, checks: number): string {
  return checks === 1
    ? `its health check finds ${tag} healthy at once`
    : `its ${checks} health checks find ${tag} healthy at once`;
}
