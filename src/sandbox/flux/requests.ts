/** What makes a Flux controller look at its object again: a new generation, or a person who asks for it. */
import { type KubeObject, keyOf, type ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';

/** `flux reconcile` sets it; any new value asks for a reconcile at once. */
export const RECONCILE_REQUEST = 'reconcile.fluxcd.io/requestedAt';

export function requestOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[RECONCILE_REQUEST];
}

/** Wakes for what a person changed, not for the status that the controller itself writes. */
export function wakesOnRequest(
  current: KubeObject | undefined,
  previous: KubeObject | undefined,
): readonly ObjectKey[] {
  if (current === undefined) return previous === undefined ? [] : [keyOf(previous)];
  const same =
    previous?.metadata.generation === current.metadata.generation &&
    previous?.metadata.deletionTimestamp === current.metadata.deletionTimestamp &&
    requestOf(previous ?? current) === requestOf(current);
  return previous !== undefined && same ? [] : [keyOf(current)];
}

/** Live, so that a reconcile never builds upon a status older than the one it wrote itself. */
export async function findLive<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await client.get(type, key, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
