/** Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
import { createHash } from 'node:crypto';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient } from './client.ts';

const longestManager = 128;

/**
 * One field manager per Rollout, so that two of them on one object own different keys. A name that does not fit in 128
 * characters is cut and told apart by a hash.
 */
export function rolloutFieldManager(rollout: string): string {
  const manager = `kuberik-rollout/${rollout}`;
  if (manager.length <= longestManager) return manager;
  const hash = createHash('sha256').update(rollout).digest('hex').slice(0, 10);
  return `${manager.slice(0, longestManager - hash.length - 1)}-${hash}`;
}

export interface OwnedFields {
  /** Everything that the manager owns of the object; what it owned before and is not here, is removed. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly fieldManager: string;
  /** Take over fields that another manager owns. Default false: answer 409. */
  readonly force?: boolean;
  /** Only this incarnation of the object; without it an absent object is created. */
  readonly uid?: string;
  readonly signal?: AbortSignal;
}

/** Applies just `fields`; resolves with the whole object. */
export function applyFields<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  { namespace, name }: ObjectKey,
  { fields, fieldManager, force, uid, signal }: OwnedFields,
): Promise<T> {
  const metadata = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    // A name that was deleted in the meantime answers 409 instead of being created half.
    ...(uid === undefined ? {} : { uid }),
  };
  const object = { ...fields, apiVersion: type.apiVersion, kind: type.kind, metadata };
  return client.apply(type, object, {
    fieldManager,
    ...(force === undefined ? {} : { force }),
    ...(signal === undefined ? {} : { signal }),
  });
}
