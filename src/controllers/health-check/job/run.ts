/** One run of a check's Job: for which deployment it is, how its Job is called, and how that is told from others. Pure. */
import { JOB_HEALTH_CHECK, JOB_HEALTH_CHECK_ROLLOUT, MANAGED_BY } from '../../../api/annotations.ts';
import { HealthCheck } from '../../../api/health-check.ts';
import { instantOf, isBefore, latest } from '../../../api/instant.ts';
import { keyOf, keyText } from '../../../api/meta.ts';
import type { HistoryEntry, Rollout } from '../../../api/rollout.ts';
import type { Job } from '../../../integrations/batch/job.ts';
import { hashedName, LONGEST_LABEL, shortHash } from '../../../kube/names.ts';

export interface Run {
  readonly rollout: Rollout;
  readonly entry: HistoryEntry;
  /** When it was deployed, or retried. */
  readonly since: Temporal.Instant;
  /** The same for the same run, whoever asks, so that it never runs twice. */
  readonly jobName: string;
}

const JOBS_OF_CHECKS = 'health-check-controller';
/** Of all Jobs that checks run. */
export const jobSelector = `${MANAGED_BY}=${JOBS_OF_CHECKS}`;

/** For the newest deployment or retry of those that the check judges; undefined when there is none. */
export function runFor(check: HealthCheck, rollouts: readonly Rollout[]): Run | undefined {
  let newest: Omit<Run, 'jobName'> | undefined;
  for (const rollout of rollouts.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1))) {
    const entry = rollout.status?.history?.[0];
    const since = latest(instantOf(entry?.timestamp), instantOf(entry?.lastRetryTimestamp));
    if (entry === undefined || since === undefined) continue;
    if (newest === undefined || isBefore(newest.since, since)) newest = { rollout, entry, since };
  }
  return newest && { ...newest, jobName: jobNameOf(check, newest) };
}

function jobNameOf({ metadata }: HealthCheck, { rollout, entry, since }: Omit<Run, 'jobName'>): string {
  const { id, version } = entry;
  const hash = hashOf(metadata.uid, textOf(rollout), id, version.tag, since.toString());
  // It becomes a label of its pods.
  return dotless(metadata.name, hash);
}

/** By which people, and `historyLimit`, find the Jobs of a check. */
export function labelsFor(check: HealthCheck, { rollout }: Run): Record<string, string> {
  return {
    [MANAGED_BY]: JOBS_OF_CHECKS,
    [JOB_HEALTH_CHECK]: labelOf(check.metadata.name),
    [JOB_HEALTH_CHECK_ROLLOUT]: labelOf(rollout.metadata.name),
  };
}

export function selectorOfCheck({ metadata }: HealthCheck): string {
  return `${jobSelector},${JOB_HEALTH_CHECK}=${labelOf(metadata.name)}`;
}

/** Made for this very check, not for an earlier one of its name, and not by somebody else. */
export function isOfCheck({ metadata }: Job, check: HealthCheck): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ kind, uid, controller }) => controller === true && kind === HealthCheck.kind && uid === check.metadata.uid,
  );
}

function labelOf(name: string): string {
  return name.length <= LONGEST_LABEL ? name : dotless(name, hashOf(name));
}

/** As a Job's pods may be called. */
function dotless(name: string, hash: string): string {
  return hashedName(name.replaceAll('.', '-'), LONGEST_LABEL, hash);
}

function hashOf(...parts: readonly unknown[]): string {
  return shortHash(JSON.stringify(parts), 10);
}

function textOf(rollout: Rollout): string {
  return keyText(keyOf(rollout));
}
