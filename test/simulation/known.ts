/** Faults of the controllers that simulations have found and that are not fixed yet: counted, told, and no reason to fail. */
import type { Violation } from './oracles/violation.ts';

interface Known {
  readonly what: string;
  readonly invariant: string;
  readonly pattern: RegExp;
}

const known: readonly Known[] = [];

export function knownAs({ invariant, message }: Violation): string | undefined {
  return known.find((one) => one.invariant === invariant && one.pattern.test(message))?.what;
}
