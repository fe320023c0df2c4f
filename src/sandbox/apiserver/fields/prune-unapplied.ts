/** What an applier owned and applies no more goes, unless somebody else owns it. */
import { extractFields, withNamedFields } from './extract.ts';
import { FieldSet } from './field-set.ts';
import type { Managers } from './managers.ts';
import type { MergeSchema } from './merge-node.ts';
import { removeFields } from './remove.ts';

/**
 * @param last what the applier owned before this apply.
 * @param managers everybody, the applier with what it applies now.
 */
export function pruneUnapplied(
  merged: unknown,
  last: FieldSet | undefined,
  managers: Managers,
  schema: MergeSchema,
): unknown {
  if (last === undefined || last.isEmpty) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, schema);
  const lastFields = named(last);
  const mergedFields = named(extractFields(merged, schema));
  const owned = named([...managers.values()].reduce((set, manager) => set.union(manager.fields), FieldSet.empty));

  const pruned = removeFields(merged, lastFields, schema) ?? {};
  const prunedFields = named(extractFields(pruned, schema));
  // Back comes what somebody owns, then what the applier never owned.
  const kept = removeFields(merged, mergedFields.difference(prunedFields.union(owned)), schema) ?? {};
  const keptFields = named(extractFields(kept, schema));
  return removeFields(merged, mergedFields.difference(keptFields).intersection(lastFields), schema) ?? {};
}
