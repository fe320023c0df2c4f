/** Job: pods until enough have succeeded, too many have failed or the time is up. */
import { keyOf } from '../../api/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, type ReconcileResult, watchSource } from '../../kube/reconciler.ts';
import { timestamp } from '../flux/conditions.ts';
import { podNames } from './names.ts';
import { isOwnedBy, ownerKey, patchStatus } from './patch-status.ts';
import { createPod, podOf, removePod } from './replica-set.ts';
import { Job, Pod, type WorkloadCondition } from './types.ts';

export interface JobOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
}

type Status = NonNullable<Job['status']>;
interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}
interface PodCounts {
  readonly active: readonly Pod[];
  readonly succeeded: number;
  readonly failed: readonly Pod[];
}

const defaultBackoffLimit = 6;
const firstBackoff = 10; // seconds, doubled with each failure
const longestBackoff = 360;

export function jobController({ client, reader, clock }: JobOptions): ControllerDefinition {
  return {
    name: 'sandbox-job',
    watches: [
      watchSource({ type: Job, wakes: (current) => (current === undefined ? [] : [keyOf(current)]) }),
      watchSource({ type: Pod, wakes: (current, previous) => ownerKey(current ?? previous, 'Job') }),
    ],
    reconciler: {
      async reconcile(key, signal) {
        const job = await reader.get(Job, key);
        if (job === undefined || job.metadata.deletionTimestamp !== undefined) return {};
        if (finishedAt(job) !== undefined) return await expire(client, job, clock.now(), signal);
        if (job.spec.suspend === true) return {};
        const all = await reader.list(Pod, { namespace: key.namespace });
        const pods = all.filter((pod) => isOwnedBy(pod, job));
        return await advance(client, job, pods, clock.now(), signal);
      },
    },
  };
}

async function advance(
  client: KubeClient,
  job: Job,
  pods: readonly Pod[],
  now: Temporal.Instant,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const counts = countPods(pods);
  const startTime = job.status?.startTime ?? timestamp(now);
  const deadline = deadlineOf(job, startTime);
  const verdict = judge(job, counts, deadline, now);
  const status: Status = {
    ...job.status,
    startTime,
    active: counts.active.length,
    ready: counts.active.filter(isReady).length,
    succeeded: counts.succeeded,
    failed: counts.failed.length,
  };
  if (verdict !== undefined) {
    await Promise.all(counts.active.map((pod) => removePod(client, pod, signal)));
    await patchStatus(client, Job, job, { ...status, ...ending(job, verdict, counts, now) }, signal);
    const { ttlSecondsAfterFinished: seconds } = job.spec;
    return seconds === undefined ? {} : { requeueAt: now.add({ seconds }) };
  }

  const due = nextStart(counts);
  const isDue = due === undefined || Temporal.Instant.compare(due, now) <= 0;
  const missing = Math.min(job.spec.parallelism ?? 1, completionsOf(job) - counts.succeeded) - counts.active.length;
  if (isDue && missing > 0) {
    const taken = new Set(pods.map(({ metadata }) => metadata.name));
    const names = podNames(job.metadata, pods.length + missing).filter((name) => !taken.has(name));
    const labels = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name };
    const wanted = names.slice(0, missing).map((name) => podOf(job, job.spec.template, name, labels));
    await Promise.all(wanted.map((pod) => createPod(client, pod, signal)));
  }
  await patchStatus(client, Job, job, status, signal);
  const waits = [deadline, isDue ? undefined : due].filter((instant) => instant !== undefined);
  const [requeueAt] = waits.sort((a, b) => Temporal.Instant.compare(a, b));
  return requeueAt === undefined ? {} : { requeueAt };
}

function completionsOf({ spec }: Job): number {
  return spec.completions ?? 1;
}

function countPods(pods: readonly Pod[]): PodCounts {
  const phase = (pod: Pod): string => pod.status?.phase ?? 'Pending';
  return {
    active: pods.filter(
      (pod) => pod.metadata.deletionTimestamp === undefined && !/^(Succeeded|Failed)$/.test(phase(pod)),
    ),
    succeeded: pods.filter((pod) => phase(pod) === 'Succeeded').length,
    failed: pods.filter((pod) => phase(pod) === 'Failed'),
  };
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function deadlineOf({ spec }: Job, startTime: string): Temporal.Instant | undefined {
  const { activeDeadlineSeconds: seconds } = spec;
  return seconds === undefined ? undefined : Temporal.Instant.from(startTime).add({ seconds });
}

function judge(
  job: Job,
  counts: PodCounts,
  deadline: Temporal.Instant | undefined,
  now: Temporal.Instant,
): Verdict | undefined {
  if (counts.succeeded >= completionsOf(job)) {
    return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  }
  if (counts.failed.length > (job.spec.backoffLimit ?? defaultBackoffLimit)) {
    const message = 'Job has reached the specified backoff limit';
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message };
  }
  if (deadline !== undefined && Temporal.Instant.compare(deadline, now) <= 0) {
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  return undefined;
}

function ending(
  job: Job,
  { type, reason, message }: Verdict,
  counts: PodCounts,
  now: Temporal.Instant,
): Partial<Status> {
  const at = timestamp(now);
  const condition: WorkloadCondition = {
    type,
    status: 'True',
    reason,
    message,
    lastProbeTime: at,
    lastTransitionTime: at,
  };
  const criteria: WorkloadCondition = {
    ...condition,
    type: type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget',
  };
  return {
    active: 0,
    ready: 0,
    // A pod that is stopped by the Job's end has failed.
    failed: counts.failed.length + (reason === 'DeadlineExceeded' ? counts.active.length : 0),
    ...(type === 'Complete' ? { completionTime: at } : {}),
    conditions: [...(job.status?.conditions ?? []), criteria, condition],
  };
}

/** After a failure the next pod waits. */
function nextStart({ failed }: PodCounts): Temporal.Instant | undefined {
  const ends = failed.flatMap(({ status }) => status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? []);
  const last = ends.sort().at(-1);
  if (last === undefined) return undefined;
  const seconds = Math.min(firstBackoff * 2 ** (failed.length - 1), longestBackoff);
  return Temporal.Instant.from(last).add({ seconds });
}

function finishedAt(job: Job): string | undefined {
  const over = (type: string): boolean => type === 'Complete' || type === 'Failed';
  return job.status?.conditions?.find(({ type, status }) => over(type) && status === 'True')?.lastTransitionTime;
}

async function expire(
  client: KubeClient,
  job: Job,
  now: Temporal.Instant,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { ttlSecondsAfterFinished: seconds } = job.spec;
  const finished = finishedAt(job);
  if (seconds === undefined || finished === undefined) return {};
  const due = Temporal.Instant.from(finished).add({ seconds });
  if (Temporal.Instant.compare(due, now) > 0) return { requeueAt: due };
  try {
    await client.remove(Job, keyOf(job), { propagationPolicy: 'Background', signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return {};
}
