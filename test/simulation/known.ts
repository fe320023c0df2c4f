/** Faults of the controllers that simulations have found and that are not fixed yet: counted, told, and no reason to fail. */
import type { Violation } from './oracles/violation.ts';

interface Known {
  readonly what: string;
  readonly invariant: string;
  readonly pattern: RegExp;
}

const known: readonly Known[] = [
  {
    what: 'a Rollout that is made anew deploys before the RolloutSchedule that selects it has made its gate',
    invariant: 'I1',
    pattern: /outside of the window of its RolloutSchedule, \d s after it was made/,
  },
];

export function knownAs({ invariant, message }: Violation): string | undefined {
  return known.find((one) => one.invariant === invariant && one.pattern.test(message))?.what;
}
