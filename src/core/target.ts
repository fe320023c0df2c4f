/** Fields of Flux objects that carry versions. */
import type { TargetObservation } from './observation.ts';

/**
 * Whether what is written there counts: no other Rollout is named for it, and no other field outranks it. That a write was
 * refused is no answer to that: it is tried again.
 */
export function takesVersions({ contested, fault }: Pick<TargetObservation, 'contested' | 'fault'>): boolean {
  return contested !== true && fault?.reason !== 'TargetOutranked';
}
