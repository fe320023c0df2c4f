/**
 * Reads inventory objects from watches that are started on demand, one for each kind, of objects that Flux applied
 * alone. A change wakes whoever judges the Kustomization, so nothing has to be polled.
 */
import { FLUX_KUSTOMIZATION_NAME, FLUX_KUSTOMIZATION_NAMESPACE } from '../../../api/annotations.ts';
import type { KubeObject, ObjectKey } from '../../../api/meta.ts';
import { isNotFound } from '../../../kube/errors.ts';
import type { Informer } from '../../../kube/informer.ts';
import type { Informers } from '../../../kube/informers.ts';
import type { InventoryReader } from './inventory.ts';
import { inventoryType } from './inventory-type.ts';
import type { PluralOf } from './kinds.ts';

export interface CachedInventory extends InventoryReader {
  /** Calls back with the Kustomization of every object that changes, until it is disposed. */
  onChange(listener: (kustomization: ObjectKey) => void): Disposable;
}

export interface CachedInventoryOptions {
  readonly informers: Informers;
  readonly pluralOf: PluralOf;
  /** Milliseconds to wait for the first list of a kind. Default: 30,000. */
  readonly bound?: number;
}

export function createCachedInventory({
  informers,
  pluralOf,
  bound = 30_000,
}: CachedInventoryOptions): CachedInventory {
  const listeners = new Set<(kustomization: ObjectKey) => void>();
  const watched = new Map<string, Informer<KubeObject>>();
  /** Kinds that could not be listed when they were asked for. */
  const refused = new Set<string>();

  const informerOf = async (apiVersion: string, kind: string, namespaced: boolean): Promise<Informer<KubeObject>> => {
    const address = `${apiVersion}/${kind}`;
    const plural = watched.has(address) ? '' : await pluralOf(apiVersion, kind);
    const present = watched.get(address);
    if (present !== undefined) return present;
    const type = inventoryType(apiVersion, kind, plural, namespaced);
    // Held for good: the kinds of a cluster's inventories are few and hardly ever change.
    const { informer } = informers.acquire(type, { labelSelector: FLUX_KUSTOMIZATION_NAME });
    watched.set(address, informer);
    informer.subscribe(({ current, previous, isInitial }) => {
      // Whoever asked waits for the first list, unless it was told that the kind cannot be read.
      if (isInitial && !refused.has(address)) return;
      const owners = [ownerOf(current), ownerOf(previous)];
      for (const owner of owners) if (owner !== undefined) for (const listener of listeners) listener(owner);
    });
    return informer;
  };
  return {
    async get(apiVersion, kind, key) {
      const informer = await informerOf(apiVersion, kind, key.namespace !== '');
      try {
        await informer.ready(bound);
      } catch (error) {
        refused.add(`${apiVersion}/${kind}`);
        if (isNotFound(error)) return undefined;
        throw error;
      }
      return informer.get(key);
    },
    onChange(listener) {
      listeners.add(listener);
      return {
        [Symbol.dispose]: () => {
          listeners.delete(listener);
        },
      };
    },
  };
}

function ownerOf(object: KubeObject | undefined): ObjectKey | undefined {
  const name = object?.metadata.labels?.[FLUX_KUSTOMIZATION_NAME];
  const namespace = object?.metadata.labels?.[FLUX_KUSTOMIZATION_NAMESPACE];
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}
