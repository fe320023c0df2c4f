/** One look at one schedule: observe, decide, write its gates, and then its status, which tells how that went. */
import type { ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import { planSchedule } from '../../core/schedule/plan.ts';
import { reportSchedule } from '../../core/schedule/status.ts';
import type { ReconcileResult } from '../../kube/reconciler.ts';
import { writeStatus } from '../../kube/status.ts';
import { applyGates } from './apply.ts';
import { observeSchedule } from './observe.ts';
import type { ScheduleControllerOptions } from './options.ts';

/** @throws KubeError when the API server does not answer, or something changed in the meantime: to be tried again. */
export async function reconcileSchedule<T extends AnySchedule>(
  { client, reader, clock, events }: ScheduleControllerOptions,
  type: ResourceType<T>,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const schedule = await reader.get(type, key);
  if (schedule === undefined || schedule.metadata.deletionTimestamp !== undefined) return {};
  const observed = await observeSchedule(reader, schedule);
  const plan = planSchedule(observed, clock.now());
  const applied = await applyGates(client, plan, signal);
  if (applied.raced !== undefined) throw applied.raced;
  const { status, event, requeueAt } = reportSchedule(schedule, plan, applied, clock.now());
  const written = await writeStatus(client, type, schedule, status, { signal });
  if (event !== undefined) events.record(written, event);
  return requeueAt === undefined ? {} : { requeueAt };
}
