/** `Reader` over the shared informers: no request per read, and our own writes are always in it. */
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { isNotFound } from './errors.ts';
import type { Informer } from './informer.ts';
import type { Informers } from './informers.ts';
import type { Lookup, Reader, ReadListOptions } from './reader.ts';

export interface CacheReaderOptions {
  readonly informers: Informers;
  /** Milliseconds to wait for the first list of a kind. Default: 30,000. */
  readonly bound?: number;
}

/**
 * A kind that is read for the first time is watched from then on. A kind that cannot be read rejects with its fault; one
 * that the cluster does not serve has no objects until it does.
 */
export function createCacheReader({ informers, bound = 30_000 }: CacheReaderOptions): Reader {
  const ready = async <T extends KubeObject>(type: ResourceType<T>): Promise<Informer<T>> => {
    const informer = informers.find(type) ?? informers.acquire(type).informer;
    try {
      await informer.ready(bound);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return informer;
  };
  return {
    get: async <T extends KubeObject>(type: ResourceType<T>, key: ObjectKey) => (await ready(type)).get(key),
    async list<T extends KubeObject>(type: ResourceType<T>, { namespace, labels }: ReadListOptions = {}) {
      const objects = (await ready(type)).list(namespace);
      return labels === undefined ? objects : objects.filter((object) => labels(object.metadata.labels));
    },
    async find<T extends KubeObject>(type: ResourceType<T>, { index, value, namespace }: Lookup<T>) {
      const found = (await ready(type)).by(index, value);
      return namespace === undefined ? found : found.filter(({ metadata }) => metadata.namespace === namespace);
    },
  };
}
