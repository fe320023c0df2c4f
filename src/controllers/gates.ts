/** The gates of a Rollout, and what people decided at them. */
import { Approval } from '../api/approval.ts';
import { keyOf, keyText, type ObjectKey } from '../api/meta.ts';
import type { Rollout } from '../api/rollout.ts';
import { GATE_CLASS_MANUAL, RolloutGate } from '../api/rollout-gate.ts';
import type { IndexDefinition } from '../kube/object-index.ts';
import type { Reader } from '../kube/reader.ts';

const byRollout: IndexDefinition<RolloutGate> = {
  name: 'rollout',
  valuesOf: ({ metadata, spec }) => [
    keyText({ namespace: metadata.namespace ?? '', name: spec.rolloutRef.name ?? '' }),
  ],
};

const byGate: IndexDefinition<Approval> = {
  name: 'gate',
  valuesOf: ({ metadata, spec }) => [keyText({ namespace: metadata.namespace ?? '', name: spec.gateRef.name })],
};

export interface ObservedGates {
  /** By name. */
  readonly gates: readonly RolloutGate[];
  /** At gates of class `manual`, by name. */
  readonly approvals: readonly Approval[];
}

/** Approvals are read only where a gate counts them. */
export async function observeGates(reader: Reader, rollout: Rollout): Promise<ObservedGates> {
  const { namespace = '' } = rollout.metadata;
  const found = await reader.find(RolloutGate, { index: byRollout, value: keyText(keyOf(rollout)), namespace });
  const gates = found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const manual = gates.filter(({ spec }) => spec.class === GATE_CLASS_MANUAL);
  const lists = await Promise.all(
    manual.map((gate) => reader.find(Approval, { index: byGate, value: keyText(keyOf(gate)), namespace })),
  );
  return { gates, approvals: lists.flat().filter(({ metadata }) => metadata.deletionTimestamp === undefined) };
}

/** The Rollout that an Approval may release. */
export async function rolloutOfApproval(reader: Reader, { metadata, spec }: Approval): Promise<readonly ObjectKey[]> {
  const namespace = metadata.namespace ?? '';
  const gate = await reader.get(RolloutGate, { namespace, name: spec.gateRef.name });
  return gate?.spec.rolloutRef.name ? [{ namespace, name: gate.spec.rolloutRef.name }] : [];
}
