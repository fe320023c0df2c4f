/** The objects that a Kustomization applied: their ids, and how they are read. */
import type { KubeObject, ObjectKey } from '../../../api/meta.ts';
import { isForbidden } from '../../../kube/errors.ts';
import { computeStatus, isAlwaysCurrent, type ObjectStatus } from '../../../kube/kstatus/compute-status.ts';
import { failureWitness } from '../../../kube/kstatus/failure-witness.ts';

/** Reads objects of any kind; see `live-inventory.ts` and `cached-inventory.ts`. */
export interface InventoryReader {
  /**
   * Undefined when there is no such object, or no such kind.
   * @throws KubeError when it could not be found out.
   */
  get(apiVersion: string, kind: string, key: ObjectKey): Promise<KubeObject | undefined>;
}

export interface InventoryEntry {
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** The namespace is empty for cluster-scoped objects. */
  readonly key: ObjectKey;
}

/** What is known of one object of the inventory. */
export type ResourceFact =
  | { readonly name: string; readonly status: ObjectStatus; readonly failedAt: Temporal.Instant | undefined }
  /** The id does not parse. */
  | { readonly name: string; readonly error: string }
  /** The controller may not read the kind. */
  | { readonly name: string; readonly forbidden: string };

/**
 * Parses `<namespace>_<name>_<group>_<Kind>`, where `__` in the name stands for a colon:
 * https://github.com/fluxcd/cli-utils/blob/main/pkg/object/objmetadata.go
 * @returns a text that says what is wrong.
 */
export function parseInventoryId(id: string, version: string): InventoryEntry | string {
  const first = id.indexOf('_');
  const last = id.lastIndexOf('_');
  const group = last > first ? id.lastIndexOf('_', last - 1) : -1;
  if (first === -1 || group <= first) return `too few fields within: ${id}`;
  const name = id.slice(first + 1, group).replaceAll('__', ':');
  if (name.includes('_')) return `too many fields within: ${id}`;
  const groupName = id.slice(group + 1, last);
  return {
    id,
    apiVersion: groupName === '' ? version : `${groupName}/${version}`,
    kind: id.slice(last + 1),
    key: { namespace: id.slice(0, first), name },
  };
}

const readsAtOnce = 10;

/**
 * What is known of every object, in inventory order. Objects that are gone are left out: whoever removed one may be right.
 * @throws KubeError of a read that may succeed when it is tried again: it says nothing about health.
 */
export async function readInventory(
  reader: InventoryReader,
  entries: readonly { readonly id: string; readonly v?: string }[],
  now: Temporal.Instant,
): Promise<readonly ResourceFact[]> {
  const facts: ResourceFact[] = [];
  for (let start = 0; start < entries.length; start += readsAtOnce) {
    const batch = entries.slice(start, start + readsAtOnce);
    const read = await Promise.all(
      batch.map(({ id, v }) => readEntry(reader, parseInventoryId(id, v ?? 'v1'), id, now)),
    );
    for (const fact of read) if (fact !== undefined) facts.push(fact);
  }
  return facts;
}

async function readEntry(
  reader: InventoryReader,
  entry: InventoryEntry | string,
  id: string,
  now: Temporal.Instant,
): Promise<ResourceFact | undefined> {
  if (typeof entry === 'string') return { name: id, error: entry };
  const { apiVersion, kind, key } = entry;
  if (isAlwaysCurrent(apiVersion, kind)) return undefined;
  const name = `${key.namespace}/${key.name}`;
  try {
    const object = await reader.get(apiVersion, kind, key);
    if (object === undefined) return undefined;
    return { name, status: computeStatus(object, now), failedAt: failureWitness(object) };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { name, forbidden: `${kind} of ${apiVersion}` };
  }
}
