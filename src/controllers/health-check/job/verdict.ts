/** What becomes of a check by what became of its Job. */
import { HealthCheckConditionReason, type HealthCheckStatus } from '../../../api/health-check.ts';
import { instantOf, isBefore, latest, timestamp } from '../../../api/instant.ts';
import { keyOf, keyText, type ObjectKey } from '../../../api/meta.ts';
import { endOf, type Job } from '../../../integrations/batch/job.ts';
import { lastWordsOf } from '../../../integrations/batch/last-words.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Verdict } from '../health-class.ts';
import type { Run } from './run.ts';

/** This run has its verdict. */
export function isJudged({ status, lastChangeTime }: HealthCheckStatus, cutoff: Temporal.Instant | undefined): boolean {
  const changedAt = instantOf(lastChangeTime);
  const isPresent = changedAt !== undefined && (cutoff === undefined || !isBefore(changedAt, cutoff));
  return isPresent && (status === 'Healthy' || status === 'Unhealthy');
}

/** What a Job of this run says about what was deployed. */
export async function verdictOn(client: KubeClient, job: Job, run: Run, signal: AbortSignal): Promise<Verdict> {
  const name = `Job ${keyText(keyOf(job))}`;
  const about = { revision: run.entry.version.tag, jobName: run.jobName };
  const end = endOf(job);
  if (end === undefined) return { status: 'Pending', message: `${name} ${running(job)}`, ...about };
  if (end.type === 'Complete') return { status: 'Healthy', message: `${name} succeeded`, ...about };
  const words = await lastWordsOf(client, job, signal);
  const why = [end.reason, end.message, words].filter((part) => part !== undefined && part !== '').join(': ');
  // Clocks differ; a Job of this run failed after what it was run for.
  const failedAt = latest(instantOf(end.lastTransitionTime), run.since) ?? run.since;
  return { status: 'Unhealthy', message: `${name} failed: ${why}`, failedAt, ...about };
}

function running({ metadata, spec, status }: Job): string {
  if (metadata.deletionTimestamp !== undefined) return 'is being deleted';
  if (spec?.suspend === true) return 'is suspended';
  const since = instantOf(status?.startTime);
  return since === undefined ? 'has not started yet' : `has been running since ${timestamp(since)}`;
}

/** One run for each deployment: it is not made again. */
export function deleted(key: ObjectKey): Verdict {
  const what = `Job ${keyText(key)} was deleted before its end was seen`;
  const verdict = cannot(
    HealthCheckConditionReason.JobDeleted,
    `${what}: it runs again with a retry of the deployment`,
  );
  return { ...verdict, jobName: key.name };
}

/** Says nothing about the version. */
export function cannot(reason: HealthCheckConditionReason, message: string): Verdict {
  return { status: 'Pending', message, fault: { reason, message } };
}
