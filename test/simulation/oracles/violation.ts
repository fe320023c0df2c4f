/** `oracles` judge from outside, by what the API server holds and was asked for. This file: what they find. */
export interface Violation {
  /**
   * Of the design: `I1` to `I10`, or `health` (section 6), `growth` (nothing grows without an end) or `convergence`
   * (what faults have done is undone once they have ended).
   */
  readonly invariant: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

export type Report = (invariant: string, message: string) => void;
