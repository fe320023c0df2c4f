/** `status.inventory` of a Kustomization: `<namespace>_<name>_<group>_<Kind>` and the version it was applied in. */
import { type KubeObject, keyOf, type ObjectKey } from '../../api/meta.ts';
import { groupOf, versionOf } from '../../api/resource-type.ts';

export interface InventoryEntry {
  readonly id: string;
  readonly v: string;
}

export interface InventoryItem {
  readonly apiVersion: string;
  readonly kind: string;
  readonly key: ObjectKey;
}

export function entryOf(object: KubeObject): InventoryEntry {
  const { namespace, name } = keyOf(object);
  return {
    id: `${namespace}_${name.replaceAll(':', '__')}_${groupOf(object)}_${object.kind}`,
    v: versionOf(object),
  };
}

/** Undefined for an id that no Flux wrote. */
export function itemOf({ id, v }: InventoryEntry): InventoryItem | undefined {
  const match = /^(?<namespace>[^_]*)_(?<name>.+)_(?<group>[^_]*)_(?<kind>[^_]+)$/.exec(id);
  const { namespace, name, group, kind } = match?.groups ?? {};
  if (namespace === undefined || name === undefined || group === undefined || kind === undefined) return undefined;
  return {
    apiVersion: group === '' ? v : `${group}/${v}`,
    kind,
    key: { namespace, name: name.replaceAll('__', ':') },
  };
}

/** As Flux names an object in messages: `Deployment/default/app`. */
export function describeItem({ kind, key }: Pick<InventoryItem, 'kind' | 'key'>): string {
  return key.namespace === '' ? `${kind}/${key.name}` : `${kind}/${key.namespace}/${key.name}`;
}
