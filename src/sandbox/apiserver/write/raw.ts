/**
 * A custom resource is stored as it was written, and read with its defaults and without what is empty. What readers alone
 * see is no change to them, but the next write that stores it is one: it gets a revision.
 */
import { type Json, objectOf, objects } from '../json.ts';
import { shown, storedForm } from '../resource.ts';
import type { Core, Operation } from './operation.ts';

const oddities = new WeakMap<Json, string>();

const containers = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/**
 * How an applied object is stored other than it is read: by what was applied to its metadata and is empty.
 * @param applied @param merged what came of it
 */
export function emptyContainers({ target }: Operation, applied: Json, merged: Json): readonly string[] {
  const stored = objects(objectOf(target.type.definition?.spec).versions).find(({ storage }) => storage === true);
  // What is stored in another version is read anew on the way.
  if (stored?.name !== target.version.name) return [];
  const [sent, kept] = [objectOf(applied.metadata), objectOf(merged.metadata)];
  return containers.filter((field) => Object.hasOwn(sent, field) && Object.keys(kept[field] ?? {}).length === 0);
}

/** Fills in a status that readers will see though nobody wrote it. @returns whether there was one to fill in */
export function completeStatus({ target }: Operation, object: Json): boolean {
  if (target.type.definition === undefined || Object.hasOwn(object, 'status')) return false;
  target.version.schema.applyDefaults(object);
  return Object.hasOwn(object, 'status');
}

/** @param empty `emptyContainers`. @param completed of `completeStatus`. */
export function oddityOf(empty: readonly string[], completed: boolean): string {
  return [...empty, ...(completed ? ['status'] : [])].join();
}

/** How the object that a request is about is stored other than it is read. */
export function storedOddity(core: Core, { target, namespace, name }: Operation): string {
  const stored = core.store.get(target.type.key, namespace, name);
  return (stored === undefined ? undefined : oddities.get(stored)) ?? '';
}

/** Stores an object unless the write is a dry run. @returns it as it is shown */
export function putObject(core: Core, operation: Operation, name: string, object: Json, oddity: string): Json {
  const { target, namespace, dryRun } = operation;
  if (dryRun) return object;
  const stored = core.store.put(target.type.key, namespace, name, storedForm(target, object));
  if (oddity !== '') oddities.set(stored, oddity);
  return shown(target, stored);
}
