/** What many worlds came to, summed up. */
import type { FaultKind } from './faults/fault.ts';
import { faultKinds } from './faults.ts';
import type { Outcome } from './run.ts';
import type { SpanName } from './span.ts';

export interface Failure {
  readonly world: SpanName;
  readonly seed: number;
  readonly messages: readonly string[];
  /** The shortest history of it that was found. */
  readonly history: string;
}

export interface Tally {
  /** Worlds by size. */
  worlds: Partial<Record<SpanName, number>>;
  /**
   * Schedules with a crash: lives of the controllers' process, each from its start over what it found, through what
   * happened around it in an order of its own, to the request or instant at which it was killed.
   */
  crashes: number;
  deployments: number;
  /** Hours of virtual time. */
  hours: number;
  faults: Record<string, number>;
  /** Faults of ours that are known, by what they are. */
  known: Record<string, number>;
  failures: Failure[];
}

export function emptyTally(): Tally {
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0]));
  return { worlds: {}, crashes: 0, deployments: 0, hours: 0, faults, known: {}, failures: [] };
}

export function addOutcome(tally: Tally, { plan, injected, deployments }: Outcome, known: readonly string[]): void {
  const { name, end } = plan.span;
  tally.worlds[name] = (tally.worlds[name] ?? 0) + 1;
  tally.deployments += deployments;
  tally.hours += end / 3_600_000;
  for (const [kind, count] of injected) {
    tally.faults[kind] = (tally.faults[kind] ?? 0) + count;
    if (kind.startsWith('kill')) tally.crashes += count;
  }
  for (const what of known) tally.known[what] = (tally.known[what] ?? 0) + 1;
}

export function addTally(sum: Tally, more: Tally): void {
  addCounts(sum.worlds, more.worlds);
  addCounts(sum.faults, more.faults);
  addCounts(sum.known, more.known);
  sum.crashes += more.crashes;
  sum.deployments += more.deployments;
  sum.hours += more.hours;
  sum.failures.push(...more.failures);
}

export const worldsIn = ({ worlds }: Tally): number => Object.values(worlds).reduce((sum, count) => sum + count, 0);

/** Kinds of faults that never happened. */
export const neverInjected = ({ faults }: Tally): FaultKind[] => faultKinds.filter((kind) => faults[kind] === 0);

export function tallyText(tally: Tally, seconds: number): string {
  const worlds = Object.entries(tally.worlds).map(([name, count]) => `${count} ${name}`);
  const rate = (tally.crashes / Math.max(seconds, 0.001)).toFixed(0);
  return [
    `${tally.failures.length} of ${worldsIn(tally)} worlds failed (${worlds.join(', ')})`,
    `${tally.crashes} schedules with a crash, ${tally.deployments} deployments, ${Math.round(tally.hours)} virtual hours, in ${Math.round(seconds)} s (${rate} a second)`,
    `faults: ${Object.entries(tally.faults)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    ...Object.entries(tally.known).map(([what, count]) => `known: ${what} (${count} times)`),
  ].join('\n');
}

function addCounts(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
}
