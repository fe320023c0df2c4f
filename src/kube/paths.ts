/** Addresses of the Kubernetes API: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
import type { ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Path of a collection; an empty namespace means all of them. */
export function collectionPath(type: ResourceType, namespace = '', query: Query = {}): string {
  const root = type.apiVersion.includes('/') ? `/apis/${type.apiVersion}` : `/api/${type.apiVersion}`;
  const within = type.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${type.plural}${queryText(query)}`;
}

export function objectPath(type: ResourceType, key: ObjectKey, subresource?: string, query: Query = {}): string {
  const tail = subresource === undefined ? '' : `/${subresource}`;
  return `${collectionPath(type, key.namespace)}/${encodeURIComponent(key.name)}${tail}${queryText(query)}`;
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '' && value !== false) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
