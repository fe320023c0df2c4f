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
    // Most select others: what a gate is called is computed for the rest alone.
    if (!(await selects(reader, schedule, rollout))) continue;
    if (!hasGate(schedule, rollout, gates)) without.push(schedule);
  }
  return without;
}

function hasGate(schedule: AnySchedule, rollout: Rollout, gates: readonly RolloutGate[]): boolean {
  const values = valuesFor(schedule);
  if (gates.some((gate) => [...bySchedule.valuesOf(gate)].some((value) => values.includes(value)))) return true;
  const { gateName } = slotFor(schedule, keyOf(rollout));
  return gates.some(({ metadata }) => metadata.name === gateName);
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
