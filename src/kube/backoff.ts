/** Exponential back-off with jitter, so that what failed together is not tried again together. */
export interface Backoff {
  /** Milliseconds after the first failure. */
  readonly base: number;
  /** Never more milliseconds than this. */
  readonly max: number;
}

/** Source of randomness in [0, 1). */
export type Random = () => number;

/** Doubles with each failure (`failures` counts from 1); between half of the step and the whole. */
export function backoffDelay({ base, max }: Backoff, failures: number, random: Random): number {
  const step = Math.min(max, base * 2 ** Math.min(failures - 1, 40));
  return step * (0.5 + random() / 2);
}
