/** Makes the Job of a run, and removes those of earlier ones. */
import type { HealthCheck } from '../../../api/health-check.ts';
import type { JobHealth } from '../../../api/health-check-classes.ts';
import { keyOf, keyText } from '../../../api/meta.ts';
import { Job } from '../../../integrations/batch/job.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { ApiStatusError, isNotFound } from '../../../kube/errors.ts';
import { pagesOf } from '../../../kube/pages.ts';
import { jobOf } from './job-of.ts';
import { isOfCheck, type Run, selectorOfCheck } from './run.ts';

/** A Job, or why there is none. */
export type Started = { readonly job: Job } | { readonly refusal: string };

/** Of the answers that blame the request, those that do not say no to this Job: they are tried again. */
const passing: ReadonlySet<number> = new Set([401, 404, 408, 409, 429]);
const defaultHistory = 3;

/** @throws KubeError of an API server that did not answer, to be tried again */
export async function startJob(
  client: KubeClient,
  check: HealthCheck,
  options: JobHealth,
  run: Run,
  signal: AbortSignal,
): Promise<Started> {
  const object = jobOf(check, options, run);
  const key = keyOf(object);
  try {
    return { job: await client.create(Job, object, { signal }) };
  } catch (error) {
    if (!(error instanceof ApiStatusError)) throw error;
    if (isRefusal(error)) return { refusal: `Job ${keyText(key)} is refused: ${error.message}` };
    if (error.reason !== 'AlreadyExists') throw error;
  }
  // Made before a crash; the name says of which run it is.
  const job = await client.get(Job, key, { signal });
  return owned(job, check);
}

/** A Job that is there already. */
export function owned(job: Job, check: HealthCheck): Started {
  if (isOfCheck(job, check)) return { job };
  return { refusal: `Job ${keyText(keyOf(job))} is there already and does not belong to this check: delete it` };
}

function isRefusal({ status }: ApiStatusError): boolean {
  return status < 500 && !passing.has(status);
}

/** Of earlier runs, the newest stay; with each Job go its pods. */
export async function removeEarlier(
  client: KubeClient,
  check: HealthCheck,
  { jobName }: Run,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = '' } = check.metadata;
  const { historyLimit = defaultHistory } = check.spec.job ?? {};
  const labelSelector = selectorOfCheck(check);
  const jobs: Job[] = [];
  for await (const { items } of pagesOf(client, Job, { namespace, labelSelector, signal })) {
    jobs.push(...items.map((item) => Job.parse(item)));
  }
  const earlier = jobs
    .filter((job) => job.metadata.name !== jobName && isOfCheck(job, check))
    .toSorted((one, other) => (createdAt(one) > createdAt(other) ? -1 : 1));
  for (const job of earlier.slice(historyLimit)) {
    if (job.metadata.deletionTimestamp !== undefined) continue;
    try {
      await client.remove(Job, keyOf(job), { propagationPolicy: 'Background', signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function createdAt({ metadata }: Job): string {
  return metadata.creationTimestamp ?? '';
}
