/** One thing that goes wrong, as it is drawn before anything happens. */
import type { InstantFaultKind } from './instants.ts';
import type { RequestFaultKind } from './requests.ts';

export type FaultKind = RequestFaultKind | InstantFaultKind | 'kill-at-event';

export interface FaultAt {
  /** Milliseconds since the start; those of requests hit the next one that fits. */
  readonly at: number;
  readonly kind: FaultKind;
  /** For whatever else has to be chosen; below 1000. */
  readonly salt: number;
}
