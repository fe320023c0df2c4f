/**
 * Why targets could not be written, until they can: remembered between two looks, so that the fault stands in the
 * status as long as it lasts and no longer.
 */
import type { KubeObject } from '../../api/meta.ts';
import type { Fault, TargetObservation } from '../../core/observation.ts';

export class TargetFaults {
  readonly #faults = new Map<string, Map<string, Fault>>();

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
