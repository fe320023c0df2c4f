/** One status write, and none when nothing changed. */
import { isRecord } from '../../api/json.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { mergePatchOf } from '../flux/status-patcher.ts';

export async function patchStatus(
  client: KubeClient,
  type: ResourceType,
  object: KubeObject,
  status: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const patch = mergePatchOf(isRecord(object.status) ? object.status : {}, status);
  if (patch === undefined) return;
  try {
    await client.patch(
      type,
      keyOf(object),
      { type: 'merge', body: { status: patch } },
      { subresource: 'status', fieldManager: 'sandbox-workloads', signal },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The controller of an object, when it is of this kind. */
export function ownerKey(object: KubeObject | undefined, kind: string): readonly ObjectKey[] {
  const owner = object?.metadata.ownerReferences?.find((reference) => reference.controller === true);
  return owner?.kind === kind ? [{ namespace: object?.metadata.namespace ?? '', name: owner.name }] : [];
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (
    object.metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner.metadata.uid) ??
    false
  );
}

export function ownerReferenceTo({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}
