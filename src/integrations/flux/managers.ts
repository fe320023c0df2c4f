/** Who owns which field, read from `metadata.managedFields` before the informer store drops it. */
import { isRecord } from '../../api/json.ts';
import type { ManagedFieldsEntry } from '../../api/meta.ts';

/** What the Go controller applied with; its ownership is taken over field by field. */
export const LEGACY_FIELD_MANAGER = 'rollout-controller';

/** The node of a `fieldsV1` tree at a path of field names. */
function ownedNode(entry: ManagedFieldsEntry, path: readonly string[]): Record<string, unknown> | undefined {
  let node: unknown = entry.fieldsV1;
  for (const segment of path) {
    if (!isRecord(node)) return undefined;
    node = node[`f:${segment}`];
  }
  return isRecord(node) ? node : undefined;
}

/**
 * Managers of each field below `path`, sorted. Entries of subresources do not count.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function managersBelow(
  managedFields: readonly ManagedFieldsEntry[],
  path: readonly string[],
): Record<string, string[]> {
  const owners = new Map<string, Set<string>>();
  for (const entry of managedFields) {
    if ((entry.subresource ?? '') !== '' || entry.manager === undefined) continue;
    for (const key of Object.keys(ownedNode(entry, path) ?? {})) {
      if (!key.startsWith('f:')) continue;
      const field = key.slice(2);
      const managers = owners.get(field) ?? new Set();
      owners.set(field, managers.add(entry.manager));
    }
  }
  return Object.fromEntries([...owners].sort().map(([field, managers]) => [field, [...managers].sort()]));
}

/**
 * The same entries without the ownership of one field by one manager; an entry that then owns nothing is dropped.
 * Undefined when that manager does not own the field.
 */
export function withoutOwnership(
  managedFields: readonly ManagedFieldsEntry[],
  manager: string,
  path: readonly string[],
): ManagedFieldsEntry[] | undefined {
  let changed = false;
  const entries: ManagedFieldsEntry[] = [];
  for (const entry of managedFields) {
    const owns = entry.manager === manager && (entry.subresource ?? '') === '' && ownedNode(entry, path) !== undefined;
    if (!owns) {
      entries.push(entry);
      continue;
    }
    changed = true;
    const fieldsV1 = pruned(entry.fieldsV1 ?? {}, path);
    if (fieldsV1 !== undefined) entries.push({ ...entry, fieldsV1 });
  }
  return changed ? entries : undefined;
}

function pruned(node: Record<string, unknown>, path: readonly string[]): Record<string, unknown> | undefined {
  const [segment, ...rest] = path;
  const copy = { ...node };
  const key = `f:${segment ?? ''}`;
  const child = copy[key];
  const kept = rest.length > 0 && isRecord(child) ? pruned(child, rest) : undefined;
  if (kept === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = kept;
  // "." stands for the field itself: without any child it is an empty container that nobody needs to own.
  return Object.keys(copy).some((name) => name !== '.') ? copy : undefined;
}
