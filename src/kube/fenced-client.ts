/**
 * A client that writes only while it may. A process that was frozen for longer than its lease goes on in the middle of a
 * reconcile, before any timer tells it, and would write over what the next leader has done.
 */
import type { KubeObject } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient } from './client.ts';

/** @param check called before each write; throws when it must not be sent */
export function fencedClient(client: KubeClient, check: () => void): KubeClient {
  return {
    get: (type, key, options) => client.get(type, key, options),
    list: (type, options) => client.list(type, options),
    watch: (type, options) => client.watch(type, options),
    async create<T extends KubeObject>(type: ResourceType<T>, ...rest: Rest<'create'>) {
      check();
      return client.create(type, ...rest);
    },
    async replace<T extends KubeObject>(type: ResourceType<T>, ...rest: Rest<'replace'>) {
      check();
      return client.replace(type, ...rest);
    },
    async patch<T extends KubeObject>(type: ResourceType<T>, ...rest: Rest<'patch'>) {
      check();
      return client.patch(type, ...rest);
    },
    async apply<T extends KubeObject>(type: ResourceType<T>, ...rest: Rest<'apply'>) {
      check();
      return client.apply(type, ...rest);
    },
    async remove(type, ...rest) {
      check();
      return client.remove(type, ...rest);
    },
  };
}

type Rest<M extends keyof KubeClient> = Parameters<KubeClient[M]> extends [unknown, ...infer R] ? R : never;
