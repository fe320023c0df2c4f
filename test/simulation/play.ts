/** Plays the world of a seed, judges it, and finds the shortest history of what is wrong. */
import type { Violation } from './oracles/violation.ts';
import { type Plan, planOf } from './plan.ts';
import { run } from './run.ts';
import { shrink } from './shrink.ts';
import type { SpanName } from './span.ts';
import { addOutcome, emptyTally, type Failure, type Tally } from './tally.ts';
import { judgePlan, type Verdict } from './verdict.ts';

const mostShrinks = 150;
/** Milliseconds, real ones: a month takes its time. */
const longestShrink = 120_000;

export interface PlayOptions {
  /** Play it again, and compare the logs. */
  readonly twice?: boolean;
  /** Called with the log of each world. */
  readonly onLog?: ((log: string) => void) | undefined;
}

export async function playSeed(seed: number, world: SpanName, options: PlayOptions = {}): Promise<Tally> {
  const { twice = false, onLog } = options;
  const tally = emptyTally();
  const plan = planOf(seed, world);
  const verdict = await judgePlan(plan);
  addOutcome(tally, verdict.outcome, verdict.known);
  onLog?.(verdict.outcome.log());
  if (twice && (await run(plan)).digest !== verdict.outcome.digest) {
    tally.failures.push({ world, seed, messages: ['gives another log the second time'], history: '' });
  }
  if (verdict.failures.length > 0) tally.failures.push(await failureOf(plan, verdict));
  return tally;
}

async function failureOf(plan: Plan, { failures }: Verdict): Promise<Failure> {
  const messages = failures.map(({ at, invariant, message }) => `${instantText(at)} ${invariant}: ${message}`);
  const invariant = failures[0]!.invariant;
  const compare = invariant === 'convergence';
  const deadline = performance.now() + longestShrink;
  const stillFails = async (smaller: Plan): Promise<boolean> => {
    if (performance.now() > deadline) return false;
    const isEnough = (violation: Violation): boolean => violation.invariant === invariant;
    const verdict = await judgePlan(smaller, { compare, isEnough });
    return verdict.failures.some((failure) => failure.invariant === invariant);
  };
  const failing = compare || (await stillFails(plan)) ? plan : { ...plan, faults: [] };
  const least = await shrink(failing, stillFails, mostShrinks);
  const counts = `the shortest history found, with ${least.actions.length} actions and ${least.faults.length} faults:`;
  const history = `${counts}\n${(await run(least)).log()}`;
  return { world: plan.span.name, seed: plan.seed, messages, history };
}

function instantText(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}
