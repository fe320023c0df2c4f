/** The RolloutGate that a schedule keeps for one Rollout. */
import { GATE_DESCRIPTION, GATE_PRETTY_NAME } from '../../api/annotations.ts';
import { timestamp } from '../../api/instant.ts';
import type { OwnerReference } from '../../api/meta.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { ScheduleEvaluation } from './evaluate.ts';
import type { AnySchedule, GateSlot } from './observation.ts';

export interface GateValue {
  readonly passing: boolean;
  /** Until when that is believed. */
  readonly validUntil?: string;
}

/** Closed for good, as far as anybody knows. */
export const closed: GateValue = { passing: false };

export function valueOf({ spec }: AnySchedule, { active, nextTransition }: ScheduleEvaluation): GateValue {
  const passing = spec.action === 'Allow' ? active : !active;
  return { passing, ...(nextTransition && { validUntil: timestamp(nextTransition) }) };
}

export function newGate(schedule: AnySchedule, { rollout, gateName, labels }: GateSlot, value: GateValue): RolloutGate {
  const { apiVersion, kind } = RolloutGate;
  const annotations = textsOf(schedule);
  const metadata = {
    name: gateName,
    namespace: rollout.namespace,
    labels: { ...labels },
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ownerReferences: [ownerOf(schedule)],
  };
  return { apiVersion, kind, metadata, spec: { rolloutRef: { name: rollout.name }, ...value } };
}

/** What is the schedule's is as it should be; whatever else somebody put into the gate stays. */
export function correctedGate(gate: RolloutGate, schedule: AnySchedule, slot: GateSlot, value: GateValue): RolloutGate {
  const { metadata, spec } = gate;
  const foreign = Object.entries(metadata.annotations ?? {}).filter(([key]) => !copied.includes(key));
  const annotations = { ...Object.fromEntries(foreign), ...textsOf(schedule) };
  const { annotations: before, ...rest } = metadata;
  const corrected = {
    ...rest,
    labels: { ...metadata.labels, ...slot.labels },
    // An empty map stays one: removing it would be a write without a change.
    ...((before !== undefined || Object.keys(annotations).length > 0) && { annotations }),
    ownerReferences: ownersOf(gate, schedule),
  };
  return withValue({ ...gate, metadata: corrected, spec: { ...spec, rolloutRef: { name: slot.rollout.name } } }, value);
}

export function withValue(gate: RolloutGate, value: GateValue): RolloutGate {
  const spec = { ...gate.spec, ...value };
  if (value.validUntil === undefined) delete spec.validUntil;
  return { ...gate, spec };
}

const copied: readonly string[] = [GATE_PRETTY_NAME, GATE_DESCRIPTION];

function textsOf({ metadata }: AnySchedule): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => copied.includes(key)));
}

function ownerOf({ apiVersion, kind, metadata }: AnySchedule): OwnerReference {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** An object has one controller at most; a schedule of the same name that was deleted owns nothing any more. */
function ownersOf({ metadata }: RolloutGate, schedule: AnySchedule): OwnerReference[] {
  const own = ownerOf(schedule);
  const isOwn = ({ uid }: OwnerReference): boolean => uid === own.uid;
  const isFormer = ({ kind, name }: OwnerReference): boolean => kind === own.kind && name === own.name;
  const owners = metadata.ownerReferences ?? [];
  const kept = owners.flatMap((owner) => {
    if (isOwn(owner)) return [own];
    return owner.controller === true || isFormer(owner) ? [] : [owner];
  });
  return kept.some(isOwn) ? kept : [...kept, own];
}
