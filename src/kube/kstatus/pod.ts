/** The rule of Pods. A Pod that ended is Current, however it ended: whoever made it judges that. */
import { instantOf } from '../../api/instant.ts';
import { conditionsOf, fieldAt, textField } from './fields.ts';
import { current, failed, inProgress, type ObjectStatus } from './object-status.ts';

/** The time that the scheduler is given before a Pod counts as unschedulable. */
const scheduleWindow = { seconds: 15 } as const;

export function pod(object: Readonly<Record<string, unknown>>, now: Temporal.Instant): ObjectStatus {
  const phase = textField(object, 'status', 'phase') ?? '';
  switch (phase) {
    case 'Succeeded':
      return current('Pod has completed successfully');
    case 'Failed':
      return current('Pod has completed, but not successfully');
    case 'Running':
      return running(object);
    case 'Pending':
      return pending(object, now);
    case '':
      return inProgress('Pod phase not available');
    default:
      return { status: 'Unknown', message: `unknown phase ${phase}` };
  }
}

function running(object: Readonly<Record<string, unknown>>): ObjectStatus {
  if (conditionsOf(object).some(({ type, status }) => type === 'Ready' && status === 'True')) {
    return current('Pod is Ready');
  }
  const crashing = crashLooping(object);
  if (crashing.length > 0) return failed(`Containers in CrashLoop state: ${crashing.join(',')}`);
  return inProgress('Pod is running but is not Ready');
}

function crashLooping(object: unknown): readonly string[] {
  const statuses = fieldAt(object, 'status', 'containerStatuses');
  if (!Array.isArray(statuses)) return [];
  return statuses
    .filter((status: unknown) => textField(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff')
    .flatMap((status: unknown) => textField(status, 'name') ?? []);
}

function pending(object: Readonly<Record<string, unknown>>, now: Temporal.Instant): ObjectStatus {
  const scheduled = conditionsOf(object).find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (scheduled?.reason !== 'Unschedulable') return inProgress('Pod is in the Pending phase');
  const deadline = instantOf(textField(object, 'metadata', 'creationTimestamp'))?.add(scheduleWindow);
  if (deadline !== undefined && Temporal.Instant.compare(now, deadline) < 0) {
    return { ...inProgress('Pod has not been scheduled'), changesAt: deadline };
  }
  return failed('Pod could not be scheduled');
}
