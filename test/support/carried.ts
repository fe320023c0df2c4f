/** Every version that a target ever carried, as a watch of the API server tells it: nothing in between is missed. */
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../src/integrations/flux/oci-repository.ts';
import type { KubeClient } from '../../src/kube/client.ts';

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

  constructor(client: KubeClient) {
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
        }
      } catch (error) {
        if (!isAborted(signal)) throw error;
      }
    }
  }

  /** Of one variable of a Kustomization, oldest first, without repeats. */
  variable(namespace: string, name: string, variable = 'VERSION'): readonly string[] {
    return this.#versions.get(`${namespace}/${name} ${variable}`) ?? [];
  }

  /** Of the tag of an OCIRepository. */
  tag(namespace: string, name: string): readonly string[] {
    return this.#versions.get(`${namespace}/${name} #tag`) ?? [];
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
