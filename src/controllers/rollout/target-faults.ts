/**
 * Why targets could not be written, until they can, and what Flux could not apply, until it has: remembered between two
 * looks, so that a fault stands in the status as long as it lasts and no longer.
 */
import type { KubeObject } from '../../api/meta.ts';
import type { Fault, TargetFailure, TargetObservation } from '../../core/observation.ts';

export class TargetFaults {
  readonly #faults = new Map<string, Map<string, Fault>>();
  readonly #failures = new Map<string, { readonly of: string; readonly failure: TargetFailure }>();

  /**
   * While Flux tries again its conditions no longer say that it has failed, and each failure seems to be the first:
   * what it has failed with fails until it is applied.
   */
  lasting(rollout: KubeObject, target: TargetObservation): TargetObservation {
    const id = `${ownerOf(rollout)} ${nameOf(target)}`;
    const { failure, applying } = target;
    const known = this.#failures.get(id);
    if (applying === undefined) {
      this.#failures.delete(id);
      return target;
    }
    const same = known?.of === applying ? known.failure : undefined;
    if (failure === undefined) return same === undefined ? target : { ...target, failure: same };
    const since = same?.since ?? failure.since;
    const lasting = { message: failure.message, ...(since && { since }) };
    this.#failures.set(id, { of: applying, failure: lasting });
    return { ...target, failure: lasting };
  }

  of(rollout: KubeObject, target: TargetObservation): Fault | undefined {
    return this.#faults.get(ownerOf(rollout))?.get(nameOf(target));
  }

  set(rollout: KubeObject, target: TargetObservation, fault: Fault): void {
    const owner = ownerOf(rollout);
    const faults = this.#faults.get(owner) ?? new Map<string, Fault>();
    this.#faults.set(owner, faults.set(nameOf(target), fault));
  }

  /** True when there was one. */
  clear(rollout: KubeObject, target: TargetObservation): boolean {
    const owner = ownerOf(rollout);
    const faults = this.#faults.get(owner);
    const cleared = faults?.delete(nameOf(target)) ?? false;
    if (faults?.size === 0) this.#faults.delete(owner);
    return cleared;
  }
}

function ownerOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}/${metadata.uid ?? ''}`;
}

function nameOf({ kind, name, field }: TargetObservation): string {
  return `${kind}/${name}/${field}`;
}
