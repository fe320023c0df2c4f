/** Schedules whose gate is not there yet: until it is, nobody knows whether it is open. */
import { ClusterRolloutSchedule } from '../api/cluster-rollout-schedule.ts';
import { keyOf } from '../api/meta.ts';
import type { Rollout } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import { RolloutSchedule } from '../api/rollout-schedule.ts';
import type { AnySchedule } from '../core/schedule/observation.ts';
import { Namespace } from '../integrations/flux/core-objects.ts';
import type { Reader } from '../kube/reader.ts';
import { bySchedule, slotFor, valuesFor } from './schedule/identity.ts';
import { matchersOf, selectedRollouts } from './schedule/selection.ts';

/**
 * A Rollout, a schedule or a gate was made or removed a moment ago, and the schedule's controller has not come to it.
 * @param gates those of the Rollout
 */
export async function schedulesWithoutGate(
  reader: Reader,
  rollout: Rollout,
  gates: readonly RolloutGate[],
): Promise<readonly AnySchedule[]> {
  const { namespace = '' } = rollout.metadata;
  const lists = await Promise.all([reader.list(RolloutSchedule, { namespace }), reader.list(ClusterRolloutSchedule)]);
  const without: AnySchedule[] = [];
  for (const schedule of lists.flat()) {
    if (schedule.metadata.deletionTimestamp !== undefined) continue;
    if (gates.some((gate) => isOf(gate, schedule, rollout))) continue;
    if (await selects(reader, schedule, rollout)) without.push(schedule);
  }
  return without;
}

function isOf(gate: RolloutGate, schedule: AnySchedule, rollout: Rollout): boolean {
  if (gate.metadata.name === slotFor(schedule, keyOf(rollout)).gateName) return true;
  const values = valuesFor(schedule);
  return [...bySchedule.valuesOf(gate)].some((value) => values.includes(value));
}

/** One whose selector cannot be understood makes no gates. */
async function selects(reader: Reader, schedule: AnySchedule, { metadata }: Rollout): Promise<boolean> {
  const matchers = matchersOf(schedule);
  if ('fault' in matchers || !matchers.matches(metadata.labels)) return false;
  const { matchesNamespace } = matchers;
  if (matchesNamespace === undefined) return true;
  const namespace = await reader.get(Namespace, { namespace: '', name: metadata.namespace ?? '' });
  return namespace !== undefined && matchesNamespace(namespace.metadata.labels);
}

/** Rollouts that a schedule selects, to be looked at again when it is gone or selects others. */
export async function rolloutsOfSchedule(reader: Reader, schedule: AnySchedule) {
  const matchers = matchersOf(schedule);
  return 'fault' in matchers ? [] : selectedRollouts(reader, schedule, matchers);
}
