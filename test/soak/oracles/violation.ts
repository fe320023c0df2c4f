/** `oracles` judge from outside: by what etcd held, and by what the API server was asked for. This file: what they find. */
export interface Violation {
  /** Of the design: `I1` to `I10`; or `lost`, `convergence`, `bounds`. */
  readonly invariant: string;
  readonly at: number;
  /** `namespace/name` of the Rollout; empty: nobody's in particular. */
  readonly rollout: string;
  readonly message: string;
}

export type Report = (invariant: string, rollout: string, message: string) => void;
