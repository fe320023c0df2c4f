/** A client whose successful writes are in the informers' stores before the caller goes on. */
import { type KubeObject, keyOf } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient } from './client.ts';
import type { Informers } from './informers.ts';

/** Writes of one object go one after the other; reads pass through. */
export function trackingClient(client: KubeClient, informers: Informers): KubeClient {
  return {
    get: (type, key, options) => client.get(type, key, options),
    list: (type, options) => client.list(type, options),
    watch: (type, options) => client.watch(type, options),
    create<T extends KubeObject>(
      type: ResourceType<T>,
      object: KubeObject,
      options?: Parameters<KubeClient['create']>[2],
    ) {
      const send = (): Promise<T> => client.create(type, object, options);
      // The name is the API server's choice: nobody can know the object before the answer.
      if (options?.dryRun === true || object.metadata.name === '') return send();
      return informers.write(type, keyOf(object), send);
    },
    replace<T extends KubeObject>(
      type: ResourceType<T>,
      object: KubeObject,
      options?: Parameters<KubeClient['replace']>[2],
    ) {
      const send = (): Promise<T> => client.replace(type, object, options);
      return isUntracked(options) ? send() : informers.write(type, keyOf(object), send);
    },
    patch<T extends KubeObject>(type: ResourceType<T>, ...[key, patch, options]: PatchArguments) {
      const send = (): Promise<T> => client.patch(type, key, patch, options);
      return isUntracked(options) ? send() : informers.write(type, key, send);
    },
    apply<T extends KubeObject>(
      type: ResourceType<T>,
      object: KubeObject,
      options: Parameters<KubeClient['apply']>[2],
    ) {
      const send = (): Promise<T> => client.apply(type, object, options);
      return isUntracked(options) ? send() : informers.write(type, keyOf(object), send);
    },
    remove: (type, key, options) => informers.write(type, key, () => client.remove(type, key, options), options?.uid),
  };
}

type PatchArguments = Parameters<KubeClient['patch']> extends [unknown, ...infer Rest] ? Rest : never;

/** Nothing was stored, or the answer is a Scale and not the object. */
function isUntracked(options: { readonly dryRun?: boolean; readonly subresource?: string } | undefined): boolean {
  return options?.dryRun === true || options?.subresource === 'scale';
}
