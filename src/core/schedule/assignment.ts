/** Which gate is whose: one for each Rollout, whoever made it under whatever name. */
import { GATE_ROLLOUT_NAME } from '../../api/annotations.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { GateSlot, ScheduleObservation } from './observation.ts';

export interface Assignment {
  readonly kept: readonly { readonly gate: RolloutGate; readonly slot: GateSlot }[];
  /** Slots without a gate. */
  readonly missing: readonly GateSlot[];
  /** Second gates of a Rollout, and gates of Rollouts that the schedule is not for. */
  readonly surplus: readonly RolloutGate[];
}

/** Of several gates of a Rollout the oldest is kept, then the first by name, so that every look keeps the same one. */
export function assign({ slots, gates }: Pick<ScheduleObservation, 'slots' | 'gates'>): Assignment {
  const places = placesOf(slots);
  const kept = new Map<GateSlot, RolloutGate>();
  const surplus: RolloutGate[] = [];
  for (const gate of gates.toSorted(byAge)) {
    const slot = slotOf(gate, places);
    if (slot === undefined || kept.has(slot)) surplus.push(gate);
    else kept.set(slot, gate);
  }
  return {
    kept: [...kept].map(([slot, gate]) => ({ gate, slot })),
    missing: slots.filter((slot) => !kept.has(slot)),
    surplus,
  };
}

type Places = Readonly<Record<'name' | 'label' | 'reference', ReadonlyMap<string, GateSlot>>>;

function placesOf(slots: readonly GateSlot[]): Places {
  const by = (text: (slot: GateSlot) => string): ReadonlyMap<string, GateSlot> =>
    new Map(slots.map((slot) => [`${slot.rollout.namespace}/${text(slot)}`, slot]));
  return {
    name: by(({ gateName }) => gateName),
    label: by(({ labels }) => labels[GATE_ROLLOUT_NAME] ?? ''),
    reference: by(({ rollout }) => rollout.name),
  };
}

/** Any of the three may have been edited by hand; the name cannot. */
function slotOf({ metadata, spec }: RolloutGate, { name, label, reference }: Places): GateSlot | undefined {
  const at = (text: string): string => `${metadata.namespace ?? ''}/${text}`;
  return (
    name.get(at(metadata.name)) ??
    label.get(at(metadata.labels?.[GATE_ROLLOUT_NAME] ?? '')) ??
    reference.get(at(spec.rolloutRef.name ?? ''))
  );
}

function byAge(one: RolloutGate, other: RolloutGate): number {
  const [first, second] = [one, other].map(({ metadata }) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
