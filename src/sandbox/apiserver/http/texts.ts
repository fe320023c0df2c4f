/** Objects as JSON text, made once for each stored state: lists and watches of many clients share it. */
import type { Json } from '../json.ts';
import type { Target } from '../resource.ts';
import type { Stored } from '../store.ts';

const bodies = new WeakMap<Stored, string>();

function bodyText(stored: Stored): string {
  const known = bodies.get(stored);
  if (known !== undefined) return known;
  const made = JSON.stringify(stored);
  bodies.set(stored, made);
  return made;
}

/** A stored object in one version, as JSON. */
export function objectText(target: Target, stored: Stored): string {
  const converted = target.version.conversion?.fromStored(stored);
  const body = converted === undefined ? bodyText(stored) : JSON.stringify(converted);
  return `{"kind":"${target.type.kind}","apiVersion":"${target.apiVersion}",${body.slice(1)}`;
}

/** As an item of a list: built-in kinds leave `kind` and `apiVersion` to the list. */
function itemText(target: Target, stored: Stored): string {
  if (target.type.definition !== undefined) return objectText(target, stored);
  const converted = target.version.conversion?.fromStored(stored);
  return converted === undefined ? bodyText(stored) : JSON.stringify(converted);
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function listText(target: Target, items: readonly Stored[], metadata: ListMeta): string {
  const custom = target.type.definition !== undefined;
  const head = `{"kind":"${target.type.listKind}","apiVersion":"${target.apiVersion}","metadata":${JSON.stringify(custom ? { continue: '', ...metadata } : metadata)}`;
  return `${head},"items":[${items.map((item) => itemText(target, item)).join(',')}]}`;
}

/** `PartialObjectMetadata` of an object. */
export function partial(object: Json): Json {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
