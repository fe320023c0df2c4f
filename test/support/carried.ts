/** Every version that a target ever carried, as a watch of the API server tells it: nothing in between is missed. */
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../src/integrations/flux/oci-repository.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { eventually } from './eventually.ts';

interface Target {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion: string };
  readonly spec: {
    readonly ref?: { readonly tag?: string };
    readonly postBuild?: { readonly substitute?: Readonly<Record<string, string>> };
  };
}

export class Carried implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #watches: Promise<void>[];
  readonly #versions = new Map<string, string[]>();
  readonly #client: KubeClient;
  /** By kind: the newest change that was seen. */
  readonly #seen = new Map<string, bigint>();

  constructor(client: KubeClient) {
    this.#client = client;
    this.#watches = [Kustomization, OCIRepository].map((type) => this.#follow(client, type));
  }

  async #follow(client: KubeClient, type: ResourceType): Promise<void> {
    const { signal } = this.#stop;
    // From the very first version of every object; the server may end a watch at any time.
    let resourceVersion = '0';
    while (!isAborted(signal)) {
      try {
        for await (const { type: change, object } of client.watch(type, { resourceVersion, signal })) {
          const { metadata, spec } = object as Target;
          resourceVersion = metadata.resourceVersion;
          if (change !== 'BOOKMARK') this.#see(metadata, spec);
          this.#seen.set(type.kind, BigInt(resourceVersion));
        }
      } catch (error) {
        if (!isAborted(signal)) throw error;
      }
    }
  }

  /** Of one variable of a Kustomization, oldest first, without repeats, as far as the object was written by now. */
  async variable(namespace: string, name: string, variable = 'VERSION'): Promise<readonly string[]> {
    await this.#catchUp(Kustomization, namespace, name);
    return this.#versions.get(`${namespace}/${name} ${variable}`) ?? [];
  }

  /** Of the tag of an OCIRepository. */
  async tag(namespace: string, name: string): Promise<readonly string[]> {
    await this.#catchUp(OCIRepository, namespace, name);
    return this.#versions.get(`${namespace}/${name} #tag`) ?? [];
  }

  /** A watch may tell later than a read. */
  async #catchUp<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): Promise<void> {
    const { metadata } = await this.#client.get(type, { namespace, name });
    await eventually(() => {
      if ((this.#seen.get(type.kind) ?? 0n) < BigInt(metadata.resourceVersion ?? '0')) {
        throw new Error(`the watch of ${type.kind} is behind ${namespace}/${name}`);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the world is closing'));
    await Promise.all(this.#watches);
  }

  #see(metadata: Target['metadata'], spec: Target['spec']): void {
    const values = { ...spec.postBuild?.substitute, ...(spec.ref?.tag !== undefined && { '#tag': spec.ref.tag }) };
    for (const [field, value] of Object.entries(values)) {
      const key = `${metadata.namespace}/${metadata.name} ${field}`;
      const versions = this.#versions.get(key) ?? [];
      if (versions.at(-1) !== value) versions.push(value);
      this.#versions.set(key, versions);
    }
  }
}

/** It changes while something is waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
