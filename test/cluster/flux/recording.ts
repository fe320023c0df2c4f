/** `flux` tests what Kuberik makes of Flux as it is. This file records every version of objects, in the order of etcd. */
import { vi } from 'vitest';
import type { KubeObject } from '../../../src/api/meta.ts';
import type { ResourceType } from '../../../src/api/resource-type.ts';
import type { KubeClient } from '../../../src/kube/client.ts';

/** The objects called `app` as they stood together, by kind. */
export class Moment {
  readonly #objects: ReadonlyMap<string, KubeObject>;
  /** The kind that changed. */
  readonly kind: string;

  constructor(kind: string, objects: ReadonlyMap<string, KubeObject>) {
    this.kind = kind;
    this.#objects = objects;
  }

  of<T extends KubeObject>({ kind }: ResourceType<T>): T | undefined {
    return this.#objects.get(kind) as T | undefined;
  }
}

interface Version {
  readonly kind: string;
  readonly revision: bigint;
  readonly object: KubeObject | undefined;
}

export class Recording implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #versions: Version[] = [];
  readonly #watches: Promise<void>[];

  constructor(client: KubeClient, namespace: string, types: readonly ResourceType[]) {
    this.#watches = types.map((type) => this.#follow(client, namespace, type));
  }

  async #follow(client: KubeClient, namespace: string, type: ResourceType): Promise<void> {
    const { signal } = this.#stop;
    let resourceVersion = '0';
    while (!isAborted(signal)) {
      try {
        for await (const change of client.watch(type, { namespace, resourceVersion, signal })) {
          const { metadata } = change.object as KubeObject;
          resourceVersion = metadata.resourceVersion ?? resourceVersion;
          if (change.type === 'BOOKMARK' || metadata.name !== 'app') continue;
          const object = change.type === 'DELETED' ? undefined : type.parse(change.object);
          this.#versions.push({ kind: type.kind, revision: BigInt(resourceVersion), object });
        }
      } catch (error) {
        if (!isAborted(signal)) throw error;
      }
    }
  }

  /** One for each change, oldest first. */
  moments(): readonly Moment[] {
    const objects = new Map<string, KubeObject>();
    const inOrder = this.#versions.toSorted((a, b) => (a.revision < b.revision ? -1 : 1));
    return inOrder.map(({ kind, object }) => {
      if (object === undefined) objects.delete(kind);
      else objects.set(kind, object);
      return new Moment(kind, new Map(objects));
    });
  }

  /** Resolves with the first moment that is so, now or later. */
  first(
    what: string,
    holds: (moment: Moment, earlier: readonly Moment[]) => boolean,
    timeout = 120_000,
  ): Promise<Moment> {
    const look = (): Moment => {
      const moments = this.moments();
      const found = moments.find((moment, index) => holds(moment, moments.slice(0, index)));
      if (found === undefined) throw new Error(`not seen: ${what}`);
      return found;
    };
    return vi.waitFor(look, { timeout, interval: 50 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the recording ends'));
    await Promise.all(this.#watches);
  }
}

/** It changes while something is waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
