/** Lists in a strategic merge patch that are merged: by a key, or as a set of scalars. */
import { goText, isArray, isObject, type Json } from '../json.ts';
import { PatchError, unknownDirective } from './errors.ts';

export type MergeItems = (before: Json, item: Json) => Json;

type List = readonly unknown[];

/** The list after the patch. @param key '' for scalars */
export function mergeLists(before: List, patch: List, key: string, items: MergeItems): List {
  if (before.length === 0 && patch.length === 0) return before;
  if (!areMaps([before, patch])) {
    return inOrder([...new Set([...before, ...patch])], { by: patch, live: before, key: '' });
  }
  if (key === '') throw withoutKey();
  const { live, rest } = withoutSpecial(before, patch, key);
  return inOrder(mergeItems(live, rest, key, items), { by: rest, live, key });
}

/** The list without some scalars. */
export function deletedFrom(before: List, gone: List, key: string, items: MergeItems): List {
  if (before.length === 0 && gone.length === 0) return before;
  return areMaps([before, gone]) ? mergeLists(before, gone, key, items) : before.filter((item) => !gone.includes(item));
}

interface OrderedLists {
  readonly live: List | undefined;
  readonly patch: List | undefined;
  readonly order: List;
}

interface Manner {
  readonly key: string;
  /** Else the patch's list takes the place of the live one. */
  readonly merges: boolean;
  readonly items: MergeItems;
  readonly fresh: (value: unknown) => unknown;
}

/** The list after a patch that says in which order its items come; nothing when there is none. @throws PatchError */
export function ordered({ live, patch, order }: OrderedLists, { key, merges, items, fresh }: Manner): List | undefined {
  checkOrder(patch ?? [], order, key);
  if (live === undefined && patch === undefined) return undefined;
  const added = live === undefined ? fresh(patch) : undefined;
  const both = (): List => (merges ? mergeLists(live ?? [], patch ?? [], key, items) : (patch ?? []));
  const merged = isArray(added) ? added : patch === undefined ? (live ?? []) : both();
  if (areMaps([live ?? [], patch ?? []]) && key === '') throw withoutKey();
  return inOrder(merged, { by: order, live: live ?? [], key });
}

/** What is kept of the patch's list must be in the order, in that order. @throws PatchError */
function checkOrder(patch: List, order: List, key: string): void {
  if (patch.length === 0 || order.length === 0) return;
  const kept = patch.filter((item) => !(isObject(item) && Object.hasOwn(item, '$patch')));
  let at = 0;
  for (const entry of order) {
    if (at < kept.length && identity(kept[at], key) === identity(entry, key)) at += 1;
  }
  if (at === kept.length) return;
  const why = `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`;
  throw new PatchError('unreckoned', why);
}

function identity(item: unknown, key: string): unknown {
  if (key === '') return item;
  if (!isObject(item)) throw new PatchError('unreckoned', 'expected a map[string]interface {}, but received a string');
  if (!Object.hasOwn(item, key)) throw withoutMergeKey(item, key);
  return item[key];
}

const withoutMergeKey = (item: Json, key: string): PatchError =>
  new PatchError('unreckoned', `map: ${goText(item)} does not contain declared merge key: ${key}`);

const withoutKey = (): PatchError => new PatchError('unreckoned', 'cannot merge lists without merge key for struct');

/** All items of some lists are maps, or none is. @throws PatchError */
function areMaps(lists: readonly List[]): boolean {
  const kinds = new Set(lists.flat().map((item) => (isArray(item) ? 'list' : isObject(item) ? 'map' : typeof item)));
  const [kind] = kinds;
  if (kind === undefined) throw new PatchError('unreckoned', 'no elements in any of the given slices');
  if (kind === 'list') throw new PatchError('test-failed', 'lists of lists are not supported');
  if (kinds.size > 1) throw new PatchError('unreckoned', `list element types are not identical: ${goText(lists)}`);
  return kind === 'map';
}

/** Does what the directives among the items say. */
function withoutSpecial(before: List, patch: List, key: string): { live: List; rest: Json[] } {
  let live = before;
  let replaces = false;
  const rest: Json[] = [];
  for (const item of patch.filter(isObject)) {
    if (!Object.hasOwn(item, '$patch')) rest.push(item);
    else if (item.$patch === 'replace') replaces = true;
    else if (item.$patch === 'delete') {
      const gone = identity(item, key);
      live = live.filter((one) => !isObject(one) || one[key] !== gone);
    } else if (item.$patch === 'merge') {
      throw new PatchError('unreckoned', 'merging lists cannot yet be specified in the patch');
    } else throw unknownDirective(item);
  }
  return replaces ? { live: rest, rest: [] } : { live, rest };
}

function mergeItems(live: List, patch: readonly Json[], key: string, merge: MergeItems): unknown[] {
  const merged = [...live];
  for (const item of patch) {
    const name = identity(item, key);
    const at = merged.findIndex((one) => isObject(one) && one[key] === name);
    const before = merged[at];
    if (isObject(before)) merged[at] = merge(before, item);
    else merged.push(item);
  }
  return merged;
}

interface Order {
  /** Of what the patch names. */
  readonly by: List;
  /** Of the rest, and of both to each other as far as that is possible. */
  readonly live: List;
  readonly key: string;
}

function inOrder(list: List, { by, live, key }: Order): unknown[] {
  const rankIn =
    (order: List) =>
    (item: unknown): number =>
      order.findIndex((one) => name(one, key) === identity(item, key));
  const [inPatch, inLive] = [rankIn(by), rankIn(live)];
  const named = list.filter((item) => inPatch(item) >= 0).toSorted((a, b) => inPatch(a) - inPatch(b));
  const others = list.filter((item) => inPatch(item) < 0).toSorted((a, b) => inLive(a) - inLive(b));
  const result: unknown[] = [];
  for (const item of named) {
    const at = inLive(item);
    while (others.length > 0 && at >= 0 && inLive(others[0]) >= 0 && inLive(others[0]) < at)
      result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

const name = (item: unknown, key: string): unknown => (key === '' || !isObject(item) ? item : item[key]);
