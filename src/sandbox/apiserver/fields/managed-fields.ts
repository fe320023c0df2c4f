/**
 * `fields` is field ownership: server-side apply and the tracking of every other write. This file is its door. Pure:
 * no argument is changed. Semantics of structured-merge-diff:
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/merge/update.go
 */
import type { ManagedFieldsEntry } from '../../../api/meta.ts';
import { equal, isArray, isObject, type Json, own } from '../json.ts';
import { capUpdateManagers } from './cap-managers.ts';
import { compareFields } from './compare.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';
import { extractFields } from './extract.ts';
import { FieldSet } from './field-set.ts';
import {
  type Manager,
  type Managers,
  managedFieldsOf,
  managerKey,
  printManagers,
  readManagers,
  withManagedFields,
} from './managers.ts';
import { mergeFields } from './merge.ts';
import type { MergeSchema } from './merge-node.ts';
import { fieldElement } from './path-element.ts';
import { pruneUnapplied } from './prune-unapplied.ts';

interface Write {
  /** The object as it is stored; undefined when the write creates it. */
  readonly live?: Json | undefined;
  /** `metadata.managedFields[].manager`. */
  readonly manager: string;
  /** What is in an object though nobody put it there. Default: nothing. */
  readonly blank?: Json;
  /** RFC 3339 in UTC, whole seconds. */
  readonly time: string;
  readonly subresource?: string | undefined;
  readonly schema: MergeSchema;
  /** Of the request, for example `apps/v1`. */
  readonly apiVersion: string;
  /** Whether the kind has a status subresource, so that a write to the main resource never owns `status`. Default true. */
  readonly hasStatusSubresource?: boolean;
  /** What of the metadata a write to the status does not reach. */
  readonly keptByStatus?: readonly string[] | undefined;
}

export interface ApplyWrite extends Write {
  readonly applied: Json;
  /** Take over fields that another manager owns with another value. */
  readonly force: boolean;
  /** Whose fields are taken over without force. */
  readonly yields?: Json | undefined;
}

export interface UpdateWrite extends Write {
  readonly next: Json;
  readonly operation: 'Update';
}

export interface ApplyResult {
  /** The merged object with its managed fields; with conflicts what it would be, not to be stored. */
  readonly object: Json;
  readonly conflicts: readonly Conflict[];
}

/** Owned by the server, so by no manager. */
const unowned = FieldSet.of(
  ...['apiVersion', 'kind', 'metadata'].map((name) => [fieldElement(name)]),
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'selfLink',
    'clusterName',
    'managedFields',
  ].map((name) => [fieldElement('metadata'), fieldElement(name)]),
);

/** What the endpoint does not write. */
function ignoredBy(write: Write): FieldSet {
  if (write.subresource === 'status') {
    const kept = (write.keptByStatus ?? []).map((field) => [fieldElement('metadata'), fieldElement(field)]);
    return FieldSet.of([fieldElement('spec')], ...kept);
  }
  return write.hasStatusSubresource === false ? FieldSet.empty : FieldSet.of([fieldElement('status')]);
}

/** Merges an applied configuration, which `checkTyped` let pass, into the live object and keeps the books of who owns what. */
export function applyObject(write: ApplyWrite): ApplyResult {
  const { applied, schema } = write;
  const live = withoutManagedFields(write.live ?? {});
  const ignored = ignoredBy(write);
  const before = write.live === undefined ? new Map<string, Manager>() : managersBeforeApply(write.live, write);
  const named = extractFields(withoutManagedFields(applied), schema).recursiveDifference(ignored);
  const self = newManager(write, 'Apply', named.difference(unowned));
  const key = managerKey(self);
  const last = before.get(key);
  const managers = new Map(before).set(key, self);
  const merged = pruneUnapplied(
    mergeFields(live, withoutManagedFields(applied), schema),
    last?.fields,
    // What nobody owns, as the name, is applied all the same.
    new Map(before).set(key, { ...self, fields: named }),
    schema,
  );
  const result = isObject(merged) ? merged : {};

  const yielded = write.yields === undefined ? FieldSet.empty : extractFields(write.yields, schema);
  const others = settle(live, result, managers, key, schema, ignored, yielded);
  if (others.conflicts.length > 0 && !write.force) return { object: result, conflicts: others.conflicts };
  // Who comes to own what is there already does so at no time.
  const after = !equal(live, result)
    ? others.managers
    : new Map(others.managers).set(key, { ...self, time: last?.time });
  return { object: withManagedFields(result, printManagers(after)), conflicts: [] };
}

/** The managed fields after a create, update or patch that is no apply. */
export function trackUpdate(write: UpdateWrite): ManagedFieldsEntry[] {
  const { next, schema } = write;
  const start = startOfUpdate(write);
  // Nobody is tracked on an object whose books were emptied, until somebody applies.
  if (start.size === 0 && write.live !== undefined) return [];
  const [before, after] = [withoutManagedFields(write.live ?? write.blank ?? {}), withoutManagedFields(next)];
  const ignored = ignoredBy(write);
  const others = settle(before, after, start, undefined, schema, ignored).managers;
  const change = compareFields(before, after, schema);
  const taken = change.modified.union(change.added).recursiveDifference(ignored).difference(unowned);
  const managers = new Map(others);
  if (!taken.isEmpty) {
    const self = newManager(write, 'Update', taken);
    const previous = managers.get(managerKey(self))?.fields ?? FieldSet.empty;
    managers.set(managerKey(self), { ...self, fields: previous.union(taken) });
  }
  return printManagers(capUpdateManagers(managers));
}

function newManager(write: Write, operation: Manager['operation'], fields: FieldSet): Manager {
  const { manager, subresource = '', apiVersion, time } = write;
  return { name: manager, operation, subresource, apiVersion, time, fields };
}

/**
 * Takes what a write changed away from everybody else. Fields that another manager owns and that now have another
 * value are the conflicts, but for those that are yielded.
 */
function settle(
  before: Json,
  after: Json,
  managers: Managers,
  self: string | undefined,
  schema: MergeSchema,
  ignored: FieldSet,
  yielded = FieldSet.empty,
): { managers: Managers; conflicts: Conflict[] } {
  const change = compareFields(before, after, schema);
  const written = change.modified.union(change.added).recursiveDifference(ignored);
  const removed = change.removed.recursiveDifference(ignored);
  const result = new Map<string, Manager>();
  const conflicts: Conflict[] = [];
  for (const [key, manager] of managers) {
    if (key === self) {
      result.set(key, manager);
      continue;
    }
    const lost = manager.fields.intersection(written);
    conflicts.push(...conflictsOf(manager, lost.difference(yielded)));
    result.set(key, { ...manager, fields: manager.fields.difference(lost).difference(removed).difference(unowned) });
  }
  return { managers: result, conflicts };
}

/** The first apply to an object without books finds everything owned by somebody who was there before. */
function managersBeforeApply(live: Json, write: Write): Managers {
  const managers = readManagers(managedFieldsOf(live)) ?? new Map<string, Manager>();
  if (managers.size > 0) return managers;
  const { added, modified } = compareFields(write.blank ?? {}, withoutManagedFields(live), write.schema);
  const fields = added.union(modified).recursiveDifference(ignoredBy(write)).difference(unowned);
  const before = { ...newManager(write, 'Update', fields), name: 'before-first-apply' };
  return fields.isEmpty ? managers : new Map([[managerKey(before), before]]);
}

/** What the client sent explicitly counts, but not through a subresource. */
function startOfUpdate(write: UpdateWrite): Managers {
  const empty = new Map<string, Manager>();
  const live = readManagers(managedFieldsOf(write.live)) ?? empty;
  if ((write.subresource ?? '') !== '') return live;
  const sent = managedFieldsOf(write.next);
  if (isReset(sent)) return empty;
  const managers = readManagers(sent);
  return managers === undefined || managers.size === 0 ? live : managers;
}

/** `[]` and `[{}]` empty the books. */
function isReset(sent: unknown): boolean {
  return isArray(sent) && (sent.length === 0 || (sent.length === 1 && equal(sent[0], {})));
}

function withoutManagedFields(object: Json): Json {
  if (own(object.metadata, 'managedFields') === undefined) return object;
  return withManagedFields(object, []);
}
