/** Class `job`: a Job that runs once for each deployment, and again after a retry, must succeed. */
import { HealthCheck, HealthCheckConditionReason } from '../../../api/health-check.ts';
import { instantOf, isBefore } from '../../../api/instant.ts';
import { sameJson } from '../../../api/json.ts';
import { findCondition } from '../../../core/condition.ts';
import { Job } from '../../../integrations/batch/job.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Clock } from '../../../kube/clock.ts';
import type { Reader } from '../../../kube/reader.ts';
import { watchSource } from '../../../kube/reconciler.ts';
import { deliveryOf } from '../delivery.ts';
import type { ClassFacts, HealthClassJudge, Verdict } from '../health-class.ts';
import { jobSelector, type Run, runFor } from './run.ts';
import { owned, removeEarlier, type Started, startJob } from './start.ts';
import { cannot, deleted, isJudged, verdictOn } from './verdict.ts';

export interface JobClassOptions {
  readonly client: KubeClient;
  /** Rollouts, and what Flux says. */
  readonly reader: Reader;
  /** Jobs: whether one is there must not depend on how far a watch is. */
  readonly live: Reader;
  readonly clock: Clock;
}

/** Between two tries to make a Job that is refused, in seconds: as long as it has been refused already. */
const [soonest, latestTry] = [5, 300];

export function jobClass(options: JobClassOptions): HealthClassJudge {
  return {
    watches: [
      watchSource({
        type: Job,
        labelSelector: jobSelector,
        wakes: (current, previous) => {
          const job = current ?? previous;
          if (job === undefined || sameJson(progress(current), progress(previous))) return [];
          const { namespace = '', ownerReferences = [] } = job.metadata;
          return ownerReferences.flatMap(({ kind, name }) => (kind === HealthCheck.kind ? [{ namespace, name }] : []));
        },
      }),
    ],
    awaitsDelivery: true,
    judge: (facts, signal) => judge(options, facts, signal),
  };
}

function progress(job: Job | undefined): unknown {
  return job && [job.spec?.suspend, job.status?.startTime, job.status?.conditions];
}

async function judge(options: JobClassOptions, facts: ClassFacts, signal: AbortSignal): Promise<Verdict | undefined> {
  const { check, rollouts, cutoff } = facts;
  const run = runFor(check, rollouts);
  if (run === undefined) {
    return { status: 'Pending', message: 'No Rollout that selects this check has deployed anything' };
  }
  const present = check.status?.jobName === run.jobName ? check.status : undefined;
  // Whatever becomes of the Job afterwards, and of the template.
  if (present !== undefined && isJudged(present, cutoff)) return undefined;

  const key = { namespace: check.metadata.namespace ?? '', name: run.jobName };
  const found = await options.live.get(Job, key);
  if (found === undefined && present !== undefined) return deleted(key);
  const started = found === undefined ? await start(options, check, run, signal) : owned(found, check);
  if ('status' in started) return started;
  if ('job' in started) {
    // Also of a run that was begun before a crash.
    if (present === undefined) await removeEarlier(options.client, check, run, signal);
    return verdictOn(options.client, started.job, run, signal);
  }
  const changesAt = nextTry(check, options.clock.now());
  return { ...cannot(HealthCheckConditionReason.JobRefused, started.refusal), changesAt };
}

/** The Job, why there is none, or what is waited for. */
async function start(
  { client, reader, clock }: JobClassOptions,
  check: HealthCheck,
  run: Run,
  signal: AbortSignal,
): Promise<Started | Verdict> {
  const { job: template } = check.spec;
  if (template === undefined) return cannot(HealthCheckConditionReason.InvalidSpec, 'spec.job is missing');
  const { progress: delivered, message } = await deliveryOf(reader, [run.rollout]);
  if (delivered !== 'applied') return { status: 'Pending', message };
  // Deployments are stamped with the second that follows. What fails before it would look like a failure of the next one.
  if (isBefore(clock.now(), run.since)) {
    return { status: 'Pending', message: `Job ${run.jobName} is about to start`, changesAt: run.since };
  }
  return startJob(client, check, template, run, signal);
}

/** Doubles the time since it was first refused, without anything to remember. */
function nextTry({ status }: HealthCheck, now: Temporal.Instant): Temporal.Instant {
  const ready = findCondition(status?.conditions, 'Ready');
  const since =
    ready?.reason === HealthCheckConditionReason.JobRefused ? instantOf(ready.lastTransitionTime) : undefined;
  const passed = since === undefined ? 0 : since.until(now).total('seconds');
  return now.add({ seconds: Math.round(Math.min(Math.max(passed, soonest), latestTry)) });
}
