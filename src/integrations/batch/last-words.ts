/**
 * What a failed Job said last, from the status of its pods: with `terminationMessagePolicy: FallbackToLogsOnError` the
 * kubelet puts the end of the log there, so that nobody needs the right to read logs.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
import { InvalidObjectError } from '../../api/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isForbidden } from '../../kube/errors.ts';
import { type Job, Pod } from './job.ts';

const mostPods = 100;
const mostLines = 10;
const longest = 1000;

/** @returns undefined when nothing is known: the pods of a Job that took too long are deleted with its end. */
export async function lastWordsOf(client: KubeClient, job: Job, signal: AbortSignal): Promise<string | undefined> {
  const { namespace = '', name } = job.metadata;
  try {
    const labelSelector = `batch.kubernetes.io/job-name=${name}`;
    const { items } = await client.list(Pod, { namespace, labelSelector, limit: mostPods, signal });
    return lastWords(items.flatMap(readable));
  } catch (error) {
    // Without the right to read pods the Job's own words must do.
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Of the newest pod that failed. */
export function lastWords(pods: readonly Pod[]): string | undefined {
  const failed = pods.flatMap((pod) => {
    const [last] = failuresIn(pod).toSorted((one, other) => compare(other.finishedAt, one.finishedAt));
    return last === undefined ? [] : [last];
  });
  const [newest] = failed.toSorted((one, other) => compare(other.finishedAt, one.finishedAt));
  if (newest === undefined) return undefined;
  const { name, exitCode, message = '' } = newest;
  const words = tail(message);
  return `container ${name} exited with ${exitCode ?? 'an error'}${words === '' ? '' : `: ${words}`}`;
}

function failuresIn({ status }: Pod) {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.flatMap(({ name, state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    return terminated === undefined || terminated.exitCode === 0 ? [] : [{ name, ...terminated }];
  });
}

/** The end of it: what went wrong is said last. */
function tail(text: string): string {
  const lines = text.trim().split('\n').slice(-mostLines).join('\n');
  return (lines.length > longest ? `…${lines.slice(-longest)}` : lines).toWellFormed();
}

function readable(item: unknown): readonly Pod[] {
  try {
    return [Pod.parse(item)];
  } catch (error) {
    if (error instanceof InvalidObjectError) return [];
    throw error;
  }
}

function compare(one = '', other = ''): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
