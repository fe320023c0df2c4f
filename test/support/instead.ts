/** A client that behaves otherwise in places, put between the controllers and their API server. */
import type { KubeClient } from '../../src/kube/client.ts';

/** A client with some of its methods replaced. */
export function instead(client: KubeClient, methods: Partial<KubeClient>): KubeClient {
  return {
    get: client.get.bind(client),
    list: client.list.bind(client),
    watch: client.watch.bind(client),
    create: client.create.bind(client),
    replace: client.replace.bind(client),
    patch: client.patch.bind(client),
    apply: client.apply.bind(client),
    remove: client.remove.bind(client),
    ...methods,
  };
}
