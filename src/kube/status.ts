/** Status writes: the whole status, under the version that was read. */
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

/** Whether two values are the same when sent: a field that is undefined is no field. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element, at) => sameJson(element, b[at]));
  }
  const fieldsOf = (value: object): Map<string, unknown> =>
    new Map(Object.entries(value).filter(([, field]) => field !== undefined));
  const left = fieldsOf(a);
  const right = fieldsOf(b);
  if (left.size !== right.size) return false;
  return [...left].every(([name, field]) => right.has(name) && sameJson(field, right.get(name)));
}
