/** The health check of a Kustomization: everything applied (`wait`), or what `healthChecks` names, must be Current. */

import { parseDuration } from '../../api/duration.ts';
import { isRecord } from '../../api/json.ts';
import type { KubeObject } from '../../api/meta.ts';
import { keyText } from '../../api/meta.ts';
import { describeItem, type InventoryEntry, type InventoryItem, itemOf } from './inventory.ts';
import type { Cluster } from './kustomization-apply.ts';
import { findLive } from './requests.ts';
import { Kustomization } from './types.ts';

/** kstatus of an object: `Current`, `InProgress`, `Failed`, `Terminating`, … */
export type StatusOf = (object: KubeObject, now: Temporal.Instant) => { readonly status: string };

const shortestTimeout = Temporal.Duration.from({ seconds: 30 });

/** `spec.timeout`, or the interval less 30 s; below 30 s it counts as 30 s. */
export function timeoutOf({ spec }: Kustomization): Temporal.Duration {
  const wanted =
    spec.timeout === undefined ? parseDuration(spec.interval).subtract({ seconds: 30 }) : parseDuration(spec.timeout);
  return Temporal.Duration.compare(wanted, shortestTimeout) < 0 ? shortestTimeout : wanted;
}

/** What has to be healthy; never the Kustomization itself. */
export function healthTargets(object: Kustomization, applied: readonly InventoryEntry[]): InventoryItem[] {
  const { spec, metadata } = object;
  const named = (spec.healthChecks ?? []).map(
    ({ apiVersion = 'v1', kind, name, namespace = metadata.namespace ?? '' }) => ({
      apiVersion,
      kind,
      key: { namespace, name },
    }),
  );
  const items = spec.wait === true ? applied.flatMap((entry) => itemOf(entry) ?? []) : named;
  const self = `${metadata.namespace ?? ''}/${metadata.name}`;
  return items.filter(({ kind, key }) => kind !== Kustomization.kind || keyText(key) !== self);
}

export type Verdict =
  | { readonly kind: 'healthy' }
  /** One object has failed for good: waiting on would not help. */
  | { readonly kind: 'stalled'; readonly message: string }
  | { readonly kind: 'waiting'; readonly message: string };

export async function checkHealth(
  { client, resourceTypes }: Cluster,
  targets: readonly InventoryItem[],
  judge: { readonly statusOf: StatusOf; readonly now: Temporal.Instant },
  signal: AbortSignal,
): Promise<Verdict> {
  const unhealthy: { readonly text: string; readonly failed: boolean }[] = [];
  for (const target of targets) {
    const type = await resourceTypes(target.apiVersion, target.kind, signal);
    const object = type === undefined ? undefined : await findLive(client, type, target.key, signal);
    const status = object === undefined ? 'NotFound' : verdictOf(object, judge);
    if (status === 'Current') continue;
    unhealthy.push({ text: `${describeItem(target)} status: '${status}'`, failed: status === 'Failed' });
  }
  if (unhealthy.length === 0) return { kind: 'healthy' };
  const failed = unhealthy.filter((one) => one.failed);
  if (failed.length > 0) {
    return { kind: 'stalled', message: `failed early due to stalled resources: [${join(failed)}]` };
  }
  return { kind: 'waiting', message: `timeout waiting for: [${join(unhealthy)}]` };
}

function join(list: readonly { readonly text: string }[]): string {
  return list.map(({ text }) => text).join(', ');
}

/** A running Job is no success for Flux, while kstatus calls it Current. */
function verdictOf(object: KubeObject, { statusOf, now }: { statusOf: StatusOf; now: Temporal.Instant }): string {
  const { status } = statusOf(object, now);
  if (object.kind !== 'Job' || status !== 'Current') return status;
  const conditions = isRecord(object.status) && Array.isArray(object.status.conditions) ? object.status.conditions : [];
  const complete = conditions.some(
    (condition) => isRecord(condition) && condition.type === 'Complete' && condition.status === 'True',
  );
  return complete ? 'Current' : 'InProgress';
}
