/**
 * What one write of a status has made of the deployments: the facts that metrics count, each told by the write that
 * makes it so and by no other.
 */
import { instantOf, isBefore } from '../api/instant.ts';
import type { HistoryEntry, RolloutStatus } from '../api/rollout.ts';

type History = readonly HistoryEntry[];
type Trigger = 'Automatic' | 'Manual' | 'Rollback';
const results = ['Succeeded', 'Failed', 'Cancelled'] as const;
type Result = (typeof results)[number];

export type DeploymentFact =
  | {
      readonly kind: 'began';
      readonly trigger: Trigger;
      /** It returns to an earlier version. */
      readonly isRollback: boolean;
      /** From the creation of the image to here; absent when this version ran here before, or does not say. */
      readonly leadSeconds?: number;
    }
  | {
      readonly kind: 'ended';
      readonly trigger: Trigger;
      readonly result: Result;
      /** Absent when the bake never began. */
      readonly bakeSeconds?: number;
      /** Of the first success of a version here. */
      readonly leadSeconds?: number;
      /** From the first failure that no success has followed yet; of a success that comes after one. */
      readonly restoreSeconds?: number;
    };

/** Images that are built reproducibly say 1970 or 1980: not when they were made. */
const plausible = Temporal.Instant.from('2000-01-01T00:00:00Z');

/**
 * Oldest first. The same status twice has no facts, and what was found running and adopted is no deployment.
 * @param before as it was read, @param after as it was written
 */
export function deploymentFacts(before: RolloutStatus | undefined, after: RolloutStatus | undefined): DeploymentFact[] {
  const old = before?.history ?? [];
  const history = after?.history ?? [];
  const earlier = new Map(old.map((entry) => [identity(entry), entry]));
  const facts: DeploymentFact[] = cutOff(old, history);
  for (const [index, entry] of [...history.entries()].reverse()) {
    const trigger = triggerOf(entry);
    if (trigger === undefined) continue;
    const known = earlier.get(identity(entry));
    const older = history.slice(index + 1);
    if (known === undefined) facts.push(beginning(entry, trigger, older));
    const result = resultOf(entry);
    if (result !== undefined && (known === undefined || resultOf(known) === undefined)) {
      facts.push(ending(entry, trigger, result, older));
    }
  }
  return facts;
}

/** Entries of old versions have no id. */
function identity({ id, timestamp }: HistoryEntry): string {
  return id === undefined ? timestamp : `${id}`;
}

/** Old entries do not say what made them. */
function triggerOf({ trigger, triggeredBy }: HistoryEntry): Trigger | undefined {
  if (trigger === 'Adoption') return undefined;
  return trigger ?? (triggeredBy?.kind === 'User' ? 'Manual' : 'Automatic');
}

/** Undefined while it goes on, as a bake does that is about to be started over. */
function resultOf({ bakeStatus }: HistoryEntry): Result | undefined {
  return results.find((result) => result === bakeStatus);
}

/** The history is short and the write that ended a deployment has dropped it: only its successor tells how. */
function cutOff(old: History, history: History): DeploymentFact[] {
  const [newest] = history;
  const [last] = old;
  if (newest === undefined || last === undefined || resultOf(last) !== undefined) return [];
  const trigger = triggerOf(last);
  if (trigger === undefined || history.some((entry) => identity(entry) === identity(last))) return [];
  return [{ kind: 'ended', trigger, result: newest.trigger === 'Rollback' ? 'Failed' : 'Cancelled' }];
}

function beginning(entry: HistoryEntry, trigger: Trigger, older: History): DeploymentFact {
  const isRollback = entry.rollbackOf !== undefined;
  const lead = isChange(entry, older) ? seconds(createdAt(entry), instantOf(entry.timestamp)) : undefined;
  return { kind: 'began', trigger, isRollback, ...(lead !== undefined && { leadSeconds: lead }) };
}

function ending(entry: HistoryEntry, trigger: Trigger, result: Result, older: History): DeploymentFact {
  const end = endOf(entry);
  const bake = seconds(instantOf(entry.bakeStartTime), instantOf(entry.bakeEndTime));
  const isGood = result === 'Succeeded';
  const lead = isGood && isChange(entry, older) ? seconds(createdAt(entry), end) : undefined;
  const restore = isGood ? seconds(failureBefore(older), end) : undefined;
  return {
    kind: 'ended',
    trigger,
    result,
    ...(bake !== undefined && { bakeSeconds: bake }),
    ...(lead !== undefined && { leadSeconds: lead }),
    ...(restore !== undefined && { restoreSeconds: restore }),
  };
}

/** A version that ran here before is no change: what returns to it would be a lead time of weeks. */
function isChange({ version, rollbackOf, resumeAfter }: HistoryEntry, older: History): boolean {
  if (rollbackOf !== undefined || resumeAfter !== undefined) return false;
  return !older.some((entry) => entry.version.tag === version.tag && entry.version.digest === version.digest);
}

/** What was cancelled says nothing about health, so the failure before it still stands. */
function failureBefore(older: History): Temporal.Instant | undefined {
  let failure: Temporal.Instant | undefined;
  for (const entry of older) {
    if (entry.bakeStatus === 'Failed') failure = endOf(entry);
    else if (entry.bakeStatus !== 'Cancelled') break;
  }
  return failure;
}

/** A deployment that nobody judges has ended when it began. */
function endOf({ bakeEndTime, timestamp }: HistoryEntry): Temporal.Instant | undefined {
  return instantOf(bakeEndTime) ?? instantOf(timestamp);
}

function createdAt({ version }: HistoryEntry): Temporal.Instant | undefined {
  const created = instantOf(version.created);
  return created !== undefined && isBefore(created, plausible) ? undefined : created;
}

/** Clocks of other machines differ: never less than nothing. */
function seconds(from: Temporal.Instant | undefined, to: Temporal.Instant | undefined): number | undefined {
  return from && to && Math.max(0, (to.epochMilliseconds - from.epochMilliseconds) / 1000);
}
