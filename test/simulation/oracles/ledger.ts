/** Every version of every object that the API server has held, and when. */
import type { StoreEvent } from '../../../src/sandbox/apiserver/store.ts';

export type Stored = Readonly<Record<string, unknown>>;

interface Version {
  readonly from: number;
  /** Undefined: deleted. */
  readonly object: Stored | undefined;
}

export class Ledger {
  readonly #versions = new Map<string, Map<string, Version[]>>();

  record({ type, resource, name, object }: StoreEvent, at: number): void {
    const names = this.#versions.get(resource) ?? new Map<string, Version[]>();
    this.#versions.set(resource, names);
    const versions = names.get(name) ?? [];
    names.set(name, versions);
    versions.push({ from: at, object: type === 'DELETED' ? undefined : object });
  }

  now(resource: string, name: string): Stored | undefined {
    return this.#versions.get(resource)?.get(name)?.at(-1)?.object;
  }

  /** For each object of the resource, all that it was in this time; undefined stands for not being there. */
  during(resource: string, from: number, to: number): readonly (readonly (Stored | undefined)[])[] {
    return [...(this.#versions.get(resource)?.values() ?? [])].map((versions) => this.#span(versions, from, to));
  }

  /** The same of one object. */
  of(resource: string, name: string, from: number, to: number): readonly (Stored | undefined)[] {
    return this.#span(this.#versions.get(resource)?.get(name) ?? [], from, to);
  }

  #span(versions: readonly Version[], from: number, to: number): (Stored | undefined)[] {
    const before = versions.findLast((version) => version.from <= from);
    const within = versions.filter((version) => version.from > from && version.from <= to);
    return [before?.object, ...within.map(({ object }) => object)];
  }
}
