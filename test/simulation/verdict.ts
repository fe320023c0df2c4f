/** One plan judged: played with its faults, and compared with what it must come to whatever goes wrong. */
import { keyTextOf } from './application.ts';
import { differences, isCertain } from './final.ts';
import { knownAs } from './known.ts';
import type { Violation } from './oracles/violation.ts';
import type { Plan } from './plan.ts';
import { type Outcome, run } from './run.ts';
import type { Saboteur } from './saboteurs/saboteur.ts';
import { tagOf } from './versions.ts';

export interface Verdict {
  readonly outcome: Outcome;
  readonly failures: readonly Violation[];
  /** By what is known. */
  readonly known: readonly string[];
}

export interface JudgeOptions {
  readonly saboteur?: Saboteur | undefined;
  /** Compare with a run without faults where the end is not certain. Default true; it takes as long again. */
  readonly compare?: boolean;
  readonly isEnough?: ((violation: Violation) => boolean) | undefined;
}

export async function judgePlan(
  plan: Plan,
  { saboteur, isEnough, compare = true }: JudgeOptions = {},
): Promise<Verdict> {
  const outcome = await run(plan, { saboteur, isEnough });
  const all = [...outcome.violations];
  const isClean = all.every((violation) => knownAs(violation) !== undefined);
  if (compare && isClean && !isCertain(outcome.finals, closingReleases(plan))) {
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

/** The release that is pushed last to each application. */
function closingReleases({ applications, actions }: Plan): ReadonlyMap<string, string> {
  const pushes = actions.filter((action) => action.do === 'push');
  return new Map(pushes.map((action) => [keyTextOf(applications[action.app]!), tagOf(action)]));
}
