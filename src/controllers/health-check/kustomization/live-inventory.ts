/** Reads inventory objects one by one from the API server: for tools, tests and a single look. */
import type { KubeObject, ObjectKey } from '../../../api/meta.ts';
import type { ResourceType } from '../../../api/resource-type.ts';
import type { Reader } from '../../../kube/reader.ts';
import type { InventoryReader } from './inventory.ts';
import { inventoryType } from './inventory-type.ts';
import type { PluralOf } from './kinds.ts';

export function createLiveInventory(live: Reader, pluralOf: PluralOf): InventoryReader {
  return {
    async get(apiVersion, kind, key): Promise<KubeObject | undefined> {
      return live.get(await addressed(pluralOf, apiVersion, kind, key), key);
    },
  };
}

async function addressed(pluralOf: PluralOf, apiVersion: string, kind: string, key: ObjectKey): Promise<ResourceType> {
  return inventoryType(apiVersion, kind, await pluralOf(apiVersion, kind), key.namespace !== '');
}
