/** Every version that a target ever carried, as a watch of the API server tells it: nothing in between is missed. */
import { isRecord } from '../../src/api/define-resource.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../src/integrations/flux/oci-repository.ts';
import type { KubeClient } from '../../src/kube/client.ts';

interface Target {
  readonly metadata: { readonly namespace: string; readonly name: string };
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
    this.#watches = [Kustomization, OCIRepository].map(async (type) => {
      const { signal } = this.#stop;
      try {
        // From the very first version of every object.
        for await (const { object } of client.watch(type, { resourceVersion: '0', signal })) {
          if (isRecord(object)) this.#see(object as unknown as Target);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
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

  #see({ metadata, spec }: Target): void {
    const values = { ...spec.postBuild?.substitute, ...(spec.ref?.tag !== undefined && { '#tag': spec.ref.tag }) };
    for (const [field, value] of Object.entries(values)) {
      const key = `${metadata.namespace}/${metadata.name} ${field}`;
      const versions = this.#versions.get(key) ?? [];
      if (versions.at(-1) !== value) versions.push(value);
      this.#versions.set(key, versions);
    }
  }
}
