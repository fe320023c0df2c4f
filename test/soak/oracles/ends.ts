/** Processes that end by themselves: only for a reason that an outage gives them. */
import type { Report } from './violation.ts';

export type Arrangement = 'alone' | 'replicas';

export interface End {
  readonly arrangement: Arrangement;
  /** Null: by a signal of somebody else. */
  readonly code: number | null;
  /** The last that it wrote. */
  readonly said: string;
}

/** A start while the API server is down, or has not read yet who may do what, or which kinds there are: exit codes of the command. */
const startsInOutage: readonly (number | null)[] = [3, 4, 5];

export function inspectEnds(ends: readonly End[], report: Report): void {
  for (const { arrangement, code, said } of ends) {
    const hasLostLease = arrangement === 'replicas' && code === 1 && said.includes('is lost');
    if (startsInOutage.includes(code) || hasLostLease) continue;
    report('bounds', '', `a controller (${arrangement}) ended by itself with ${code ?? 'a signal'}: ${said.trim()}`);
  }
}
