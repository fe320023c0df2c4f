/**
 * Two objects made one, as server-side apply does: what is applied wins, what it does not mention stays.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/merge.go
 */
import { clone, isArray, isObject, type Json } from '../json.ts';
import { itemsByElement } from './list-items.ts';
import { fieldSchema, type ListNode, type MapNode, type MergeSchema, resolveNode } from './merge-node.ts';
import type { PathElement } from './path-element.ts';

/** A new value; `live` undefined where there is nothing yet. */
export function mergeFields(live: unknown, applied: unknown, schema: MergeSchema): unknown {
  if (applied === null && holdsSomething(live, schema)) return clone(live);
  const node = resolveNode(schema, applied);
  if (node.type === 'map' && node.relation === 'granular' && isObject(live) && isObject(applied)) {
    return mergeMaps(live, applied, node);
  }
  if (node.type === 'list' && node.relation !== 'atomic' && isArray(live) && isArray(applied)) {
    return mergeLists(live, applied, node);
  }
  return clone(applied);
}

/** To what is merged item by item a null adds nothing, and takes nothing away. */
function holdsSomething(live: unknown, schema: MergeSchema): boolean {
  if (schema.type === 'map') return schema.relation === 'granular' && isObject(live) && Object.keys(live).length > 0;
  return schema.type === 'list' && schema.relation !== 'atomic' && isArray(live) && live.length > 0;
}

function mergeMaps(live: Json, applied: Json, node: MapNode): Json {
  const kept = Object.entries(live).map(([key, value]): [string, unknown] => {
    const merged = Object.hasOwn(applied, key)
      ? mergeFields(value, applied[key], fieldSchema(node, key))
      : clone(value);
    return [key, merged];
  });
  const added = Object.entries(applied).filter(([key]) => !Object.hasOwn(live, key));
  return Object.fromEntries([...kept, ...added.map(([key, value]): [string, unknown] => [key, clone(value)])]);
}

/**
 * The applied order holds among the applied items. A live item that is not applied keeps its place before the next
 * one that is in both and whose turn has not come.
 */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], node: ListNode): unknown[] {
  const liveItems = itemsByElement(node, live);
  const appliedItems = itemsByElement(node, applied);
  const [liveOrder, appliedOrder] = [[...liveItems.keys()], [...appliedItems.keys()]];
  const shared = appliedOrder.filter((element) => liveItems.has(element));
  const result: unknown[] = [];
  while (liveOrder.length > 0 || appliedOrder.length > 0) {
    const [here, there] = [liveOrder[0], appliedOrder[0]];
    const isOnlyLive = here !== undefined && !appliedItems.has(here);
    if (isOnlyLive) {
      result.push(clone(liveItems.get(here)));
      liveOrder.shift();
    } else if (there === undefined || isBehind(here, there, shared[0])) {
      liveOrder.shift();
    } else {
      result.push(mergeFields(liveItems.get(there), appliedItems.get(there), node.element));
      appliedOrder.shift();
      if (here === there) liveOrder.shift();
      if (shared[0] === there) shared.shift();
    }
  }
  return result;
}

/** A live item that the applied order puts elsewhere: it comes with the applied ones. */
function isBehind(here: PathElement | undefined, there: PathElement, next: PathElement | undefined): boolean {
  return here !== undefined && here !== there && next !== undefined && here !== next;
}
