/** What somebody outside sees, and when: a watch of all objects of a kind, beside the one that is measured. */
import { type KubeObject, keyOf, keyText } from '../src/api/meta.ts';
import type { ResourceType } from '../src/api/resource-type.ts';
import type { KubeClient } from '../src/kube/client.ts';

/** Lists and watches until the signal is aborted, and calls back with each object that is there or changes. */
export async function follow<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  signal: AbortSignal,
  tell: (object: T) => void,
): Promise<void> {
  try {
    while (!signal.aborted) {
      const { items, resourceVersion } = await client.list(type, { signal });
      for (const item of items) tell(type.parse(item));
      for await (const { type: change, object } of client.watch(type, { resourceVersion, signal })) {
        if (change === 'ADDED' || change === 'MODIFIED') tell(type.parse(object));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** When each object was first seen with a tag, on the clock of `performance.now()`. */
export class Sightings<T extends KubeObject> {
  readonly #tagOf: (object: T) => string | null | undefined;
  /** By tag and object. */
  readonly #times = new Map<string, Map<string, number>>();

  constructor(tagOf: (object: T) => string | null | undefined) {
    this.#tagOf = tagOf;
  }

  readonly note = (object: T): void => {
    const tag = this.#tagOf(object) ?? '';
    const times = this.#times.get(tag) ?? new Map<string, number>();
    this.#times.set(tag, times);
    const key = keyText(keyOf(object));
    if (!times.has(key)) times.set(key, performance.now());
  };

  /** By object. */
  of(tag: string): ReadonlyMap<string, number> {
    return this.#times.get(tag) ?? new Map();
  }
}
