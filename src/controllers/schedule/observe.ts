/** Collects what is known about one schedule: the Rollouts that it is for, and the gates that it made. */
import { InvalidObjectError } from '../../api/errors.ts';
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { AnySchedule, GateSlot, ScheduleObservation } from '../../core/schedule/observation.ts';
import type { Reader } from '../../kube/reader.ts';
import { bySchedule, slotFor, valuesFor } from './identity.ts';
import { matchersOf, selectedRollouts, unreadableRollouts } from './selection.ts';

export async function observeSchedule(reader: Reader, schedule: AnySchedule): Promise<ScheduleObservation> {
  const gates = await gatesOf(reader, schedule);
  const matchers = matchersOf(schedule);
  if ('fault' in matchers) return { schedule, fault: matchers.fault, slots: [], gates };
  const selected = await selectedRollouts(reader, schedule, matchers);
  const rollouts = [...selected, ...(await unreadableRollouts(reader, gates, selected))];
  const slots = rollouts.map((rollout) => slotFor(schedule, rollout));
  return { schedule, slots, gates: [...gates, ...(await disownedGates(reader, slots, gates))] };
}

/** Somebody took labels and owner off, so that just the name is left. */
async function disownedGates(
  reader: Reader,
  slots: readonly GateSlot[],
  gates: readonly RolloutGate[],
): Promise<readonly RolloutGate[]> {
  const known = new Set(gates.map((gate) => keyText(keyOf(gate))));
  const keys = slots.map(({ rollout, gateName }) => ({ namespace: rollout.namespace, name: gateName }));
  const unknown = keys.filter((key) => !known.has(keyText(key)));
  const found = await Promise.all(unknown.map((key) => readable(reader, key)));
  return found.filter((gate) => gate?.metadata.deletionTimestamp === undefined).filter((gate) => gate !== undefined);
}

/** A gate that does not fit its schema is refused by the API server when it is made anew, which says so. */
async function readable(reader: Reader, key: ObjectKey): Promise<RolloutGate | undefined> {
  try {
    return await reader.get(RolloutGate, key);
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

/** In every namespace where there is one: also in those that the schedule was for once. */
async function gatesOf(reader: Reader, schedule: AnySchedule): Promise<readonly RolloutGate[]> {
  const { namespace } = keyOf(schedule);
  const within = namespace === '' ? {} : { namespace };
  const lists = await Promise.all(
    valuesFor(schedule).map((value) => reader.find(RolloutGate, { index: bySchedule, value, ...within })),
  );
  const gates = lists.flat().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return [...new Map(gates.map((gate) => [keyText(keyOf(gate)), gate])).values()];
}
