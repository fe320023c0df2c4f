/** What the observer saw: versions of objects, in the order in which etcd took them. */

export type Stored = Readonly<Record<string, unknown>> & {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
  };
};

export interface Change {
  /** Of the whole cluster: what was written later has a higher one. */
  readonly revision: number;
  /** When it was seen, in milliseconds since the epoch: never before it was written. */
  readonly at: number;
  /** `rollouts`. */
  readonly resource: string;
  /** Empty for a kind without. */
  readonly namespace: string;
  readonly name: string;
  /** Undefined: deleted. */
  readonly object: Stored | undefined;
}

export interface Version {
  readonly revision: number;
  readonly at: number;
  readonly object: Stored | undefined;
}

/** Versions of each object: enough for the longest time that an oracle looks back at what decides whether one may deploy. */
const kept = (resource: string): number => (resource === 'rolloutgates' || resource === 'freezes' ? 60 : 3);

export class Ledger {
  readonly #versions = new Map<string, Map<string, Version[]>>();
  versions = 0;

  add({ resource, namespace, name, revision, at, object }: Change): void {
    const objects = this.#versions.get(resource) ?? new Map<string, Version[]>();
    this.#versions.set(resource, objects);
    const key = `${namespace}/${name}`;
    const versions = objects.get(key) ?? [];
    objects.set(key, versions);
    versions.push({ revision, at, object });
    if (versions.length > kept(resource)) versions.shift();
    this.versions += 1;
  }

  now(resource: string, namespace: string, name: string): Stored | undefined {
    return this.of(resource, namespace, name).at(-1)?.object;
  }

  /** The newest versions of an object, oldest first. */
  of(resource: string, namespace: string, name: string): readonly Version[] {
    return this.#versions.get(resource)?.get(`${namespace}/${name}`) ?? [];
  }

  /** For each object, all that it was since then; the first one is what it was at that time, undefined: not there. */
  since(resource: string, from: number): readonly (readonly (Stored | undefined)[])[] {
    return [...(this.#versions.get(resource)?.values() ?? [])].map((versions) => {
      const before = versions.findLast(({ at }) => at <= from);
      return [before?.object, ...versions.filter(({ at }) => at > from).map(({ object }) => object)];
    });
  }

  /** All objects of the resource that are there. */
  all(resource: string): readonly Stored[] {
    const last = [...(this.#versions.get(resource)?.values() ?? [])].map((versions) => versions.at(-1)?.object);
    return last.filter((object) => object !== undefined);
  }
}
