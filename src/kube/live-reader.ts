/** `Reader` straight from the API server: for tools, the CLI and tests. */
import { InvalidObjectError } from '../api/errors.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient } from './client.ts';
import { isNotFound } from './errors.ts';
import { pagesOf } from './pages.ts';
import type { Lookup, Reader, ReadListOptions } from './reader.ts';

export function createLiveReader(client: KubeClient): Reader {
  const list = async <T extends KubeObject>(
    type: ResourceType<T>,
    { namespace = '', labels }: ReadListOptions = {},
  ): Promise<readonly T[]> => {
    const objects: T[] = [];
    for await (const { items } of pagesOf(client, type, { namespace })) {
      for (const item of items) {
        const object = parsed(type, item);
        if (object !== undefined && labels?.(object.metadata.labels) !== false) objects.push(object);
      }
    }
    return objects.sort(
      (a, b) =>
        compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') || compare(a.metadata.name, b.metadata.name),
    );
  };
  return {
    async get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey) {
      try {
        return await client.get(type, key);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    list,
    async find<T extends KubeObject>(type: ResourceType<T>, { index, value, namespace = '' }: Lookup<T>) {
      const all = await list(type, { namespace });
      return all.filter((object) => [...index.valuesOf(object)].includes(value));
    },
  };
}

function parsed<T extends KubeObject>(type: ResourceType<T>, item: unknown): T | undefined {
  try {
    return type.parse(item);
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
