/** Status writes: the whole status, under the version that was read. */
import { sameJson } from '../api/json.ts';
import type { KubeObject } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient, RequestOptions } from './client.ts';

/**
 * Replaces `status` if nobody changed the object since it was read (else 409), and resolves with the new object. Other
 * fields, known or not, go back as they came. An equal status is not written: resolves with `object` itself.
 */
export async function writeStatus<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  object: T,
  status: unknown,
  options: RequestOptions = {},
): Promise<T> {
  if (sameJson(object.status, status)) return object;
  return client.replace(type, { ...object, status }, { subresource: 'status', ...options });
}
