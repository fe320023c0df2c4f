/** One plan judged: played with its faults and without, and compared. */
import { differences } from './final.ts';
import { knownAs } from './known.ts';
import type { Violation } from './oracles/violation.ts';
import type { Plan } from './plan.ts';
import { type Outcome, run } from './run.ts';
import type { Saboteur } from './saboteurs.ts';

export interface Verdict {
  readonly outcome: Outcome;
  readonly failures: readonly Violation[];
  /** By what is known. */
  readonly known: readonly string[];
}

export interface JudgeOptions {
  readonly saboteur?: Saboteur | undefined;
  /** Compare with a run without faults. Default true; it takes as long again. */
  readonly compare?: boolean;
  readonly isEnough?: ((violation: Violation) => boolean) | undefined;
}

export async function judgePlan(
  plan: Plan,
  { saboteur, isEnough, compare = true }: JudgeOptions = {},
): Promise<Verdict> {
  const outcome = await run(plan, { saboteur, isEnough });
  const all = [...outcome.violations];
  if (compare && all.every((violation) => knownAs(violation) !== undefined)) {
    const calm = await run({ ...plan, faults: [] });
    all.push(...calm.violations.map((one) => ({ ...one, message: `${one.message} (without any fault)` })));
    const at = outcome.endedAt;
    for (const message of differences(outcome.finals, calm.finals)) all.push({ invariant: 'convergence', at, message });
  }
  return {
    outcome,
    failures: all.filter((violation) => knownAs(violation) === undefined),
    known: all.flatMap((violation) => knownAs(violation) ?? []),
  };
}
