/** Lists in a strategic merge patch that are merged: by a key, or as a set of scalars. */
import { clone, equal, isObject, type Json, scalarText } from '../json.ts';
import { PatchError } from './errors.ts';

export type MergeItems = (before: Json, item: Json) => Json;

/**
 * The list after the patch. An item `{"$patch": "delete", <key>: …}` goes; a sole `{"$patch": "replace"}` makes the
 * patch's other items the whole list.
 * @param key the merge key, '' for scalars.
 */
export function mergePatchLists(
  before: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  merge: MergeItems,
): unknown[] {
  if (key === '') return mergeScalars(before, patch);
  const items = patch.map((item) => checkedItem(item));
  const replaces = items.some((item) => item.$patch === 'replace');
  const live = replaces ? [] : before.map(clone);
  const gone = new Set(items.filter(({ $patch }) => $patch === 'delete').map((item) => identityOf(item, key)));
  const patched = new Map<unknown, Json>();
  for (const item of items) {
    if (item.$patch === 'replace' || item.$patch === 'delete') continue;
    const identity = identityOf(item, key);
    const existing = patched.get(identity) ?? live.find((one) => isObject(one) && equal(one[key], identity));
    patched.set(identity, merge(isObject(existing) ? existing : {}, item));
  }
  const named = (one: unknown): unknown => (isObject(one) ? one[key] : undefined);
  const kept = live.filter((one) => !gone.has(named(one)) && !patched.has(named(one)));
  const places = new Map(live.map((one, index) => [named(one), index]));
  return interleaved(kept, [...patched.values()], (one) => places.get(named(one)));
}

/** As kube-apiserver: what is not patched stands before what is only where both were there in that order. */
function interleaved(
  kept: readonly unknown[],
  patched: readonly unknown[],
  place: (item: unknown) => number | undefined,
): unknown[] {
  const result: unknown[] = [];
  const rest = [...kept];
  for (const item of patched) {
    const at = place(item);
    for (let first = rest[0]; rest.length > 0 && at !== undefined && (place(first) ?? at) < at; first = rest[0]) {
      result.push(rest.shift());
    }
    result.push(item);
  }
  return [...result, ...rest];
}

function checkedItem(item: unknown): Json {
  if (!isObject(item)) throw new PatchError('invalid', 'a list that is merged by a key has an item that is no object');
  const directive = item.$patch;
  if (directive !== undefined && directive !== 'delete' && directive !== 'replace' && directive !== 'merge') {
    throw new PatchError('invalid', `unknown patch type ${JSON.stringify(directive)}: use replace, delete or merge`);
  }
  return item;
}

function identityOf(item: Json, key: string): unknown {
  if (!Object.hasOwn(item, key)) {
    throw new PatchError('unidentified', `map: ${goMap(item)} does not contain declared merge key: ${key}`);
  }
  return item[key];
}

/** As Go prints a map of scalars. */
function goMap(item: Json): string {
  const entries = Object.keys(item).sort();
  return `map[${entries.map((entry) => `${entry}:${scalarText(item[entry])}`).join(' ')}]`;
}

function mergeScalars(before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const patched = [...new Set(patch)];
  const kept = before.filter((item) => !patched.includes(item));
  const places = new Map(before.map((item, index) => [item, index]));
  return interleaved(kept, patched, (item) => places.get(item));
}
