/** Lists in a strategic merge patch that are merged: by a key, or as a set of scalars. */
import { clone, equal, isObject, type Json } from '../json.ts';
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
  let result: unknown[] = replaces ? [] : before.map(clone);
  for (const item of items) {
    if (item.$patch === 'replace') continue;
    const identity = identityOf(item, key);
    const isIt = (candidate: unknown): boolean => isObject(candidate) && equal(candidate[key], identity);
    if (item.$patch === 'delete') {
      result = result.filter((candidate) => !isIt(candidate));
      continue;
    }
    const index = result.findIndex(isIt);
    const existing = result[index];
    if (isObject(existing)) result[index] = merge(existing, item);
    else result.push(merge({}, item));
  }
  return result;
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
    throw new PatchError('invalid', `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  }
  return item[key];
}

function mergeScalars(before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const result: unknown[] = [];
  for (const item of [...before, ...patch]) {
    if (!result.some((candidate) => equal(candidate, item))) result.push(item);
  }
  return result;
}
