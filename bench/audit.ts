/** What the requests of a scenario come to. */
import { isWrite, type Request } from '../test/cluster/support/audit.ts';

/** `patch rollouts/status` to how often; a refused one carries its code. */
export function countByKind(requests: readonly Request[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { verb, resource, code } of requests) {
    const kind = [verb, resource, ...(code >= 400 ? [code] : [])].join(' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** When the last write was answered; undefined when nothing was written. */
export function lastWrite(requests: readonly Request[]): number | undefined {
  const writes = requests.filter(isWrite);
  return writes.length === 0 ? undefined : Math.max(...writes.map(({ at }) => at));
}
