/** Gathers what `forecast` looks ahead from: what `decide` sees, and the schedules behind the gates. */
import { GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME } from '../../api/annotations.ts';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import type { Rollout } from '../../api/rollout.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import type { ForecastInput, ScheduledGate } from '../../core/forecast/input.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ObserveOptions, observeRollout } from './observe.ts';
import type { TargetFaults } from './target-faults.ts';

export async function observeForecast(
  options: ObserveOptions,
  faults: TargetFaults,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<ForecastInput> {
  const observed = await observeRollout(options, faults, rollout, signal);
  const schedules = await Promise.all(observed.gates.map((gate) => scheduleOf(options.reader, gate)));
  return { observed, schedules: schedules.filter((schedule) => schedule !== undefined) };
}

async function scheduleOf(reader: Reader, { metadata }: RolloutGate): Promise<ScheduledGate | undefined> {
  const { labels = {}, namespace = '', ownerReferences = [], name: gate } = metadata;
  // A long name is cut in the label, and whole in the reference.
  const owner = ownerReferences.find(({ controller }) => controller === true);
  const name = owner?.name ?? labels[GATE_SCHEDULE_NAME];
  const kind = owner?.kind ?? labels[GATE_SCHEDULE_KIND];
  if (name === undefined) return undefined;
  const schedule =
    kind === ClusterRolloutSchedule.kind
      ? await reader.get(ClusterRolloutSchedule, { namespace: '', name })
      : kind === RolloutSchedule.kind
        ? await reader.get(RolloutSchedule, { namespace, name })
        : undefined;
  return schedule && { gate, schedule };
}
