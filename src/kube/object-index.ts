/** Objects by namespace and name, always sorted, and by whatever else is asked for. */
import type { KubeObject, ObjectKey } from '../api/meta.ts';

/** An additional way to find objects: the values under which one of them is found. */
export interface IndexDefinition<T extends KubeObject> {
  readonly name: string;
  readonly valuesOf: (object: T) => Iterable<string>;
}

interface Shelf<T> {
  readonly names: string[];
  readonly objects: T[];
}

interface ValueIndex<T extends KubeObject> {
  readonly definition: IndexDefinition<T>;
  readonly shelves: Map<string, ObjectIndex<T>>;
}

export class ObjectIndex<T extends KubeObject> {
  readonly #namespaces = new Map<string, Shelf<T>>();
  readonly #indexes: ValueIndex<T>[] = [];

  get isEmpty(): boolean {
    return this.#namespaces.size === 0;
  }

  get(key: ObjectKey): T | undefined {
    const shelf = this.#namespaces.get(key.namespace);
    if (shelf === undefined) return undefined;
    const at = position(shelf.names, key.name);
    return shelf.names[at] === key.name ? shelf.objects[at] : undefined;
  }

  /** Sorted by namespace and name; a copy. Without namespace: all of them. */
  list(namespace?: string): T[] {
    if (namespace !== undefined) return this.#namespaces.get(namespace)?.objects.slice() ?? [];
    return [...this.#namespaces.keys()].sort().flatMap((each) => this.#namespaces.get(each)?.objects ?? []);
  }

  set(key: ObjectKey, object: T): void {
    let shelf = this.#namespaces.get(key.namespace);
    if (shelf === undefined) this.#namespaces.set(key.namespace, (shelf = { names: [], objects: [] }));
    const at = position(shelf.names, key.name);
    const there = shelf.names[at] === key.name;
    const previous = there ? shelf.objects[at] : undefined;
    if (!there) shelf.names.splice(at, 0, key.name);
    shelf.objects.splice(at, there ? 1 : 0, object);
    for (const index of this.#indexes) {
      if (previous !== undefined) unfile(index, key, previous);
      file(index, key, object);
    }
  }

  delete(key: ObjectKey): void {
    const shelf = this.#namespaces.get(key.namespace);
    const at = shelf === undefined ? -1 : position(shelf.names, key.name);
    if (shelf === undefined || shelf.names[at] !== key.name) return;
    const [previous] = shelf.objects.splice(at, 1);
    shelf.names.splice(at, 1);
    if (shelf.names.length === 0) this.#namespaces.delete(key.namespace);
    for (const index of this.#indexes) if (previous !== undefined) unfile(index, key, previous);
  }

  /** The same definition twice is one index. */
  by(definition: IndexDefinition<T>, value: string): readonly T[] {
    let index = this.#indexes.find((each) => each.definition === definition);
    if (index === undefined) {
      index = { definition, shelves: new Map() };
      this.#indexes.push(index);
      for (const [namespace, shelf] of this.#namespaces) {
        for (const object of shelf.objects) file(index, { namespace, name: object.metadata.name }, object);
      }
    }
    return index.shelves.get(value)?.list() ?? [];
  }
}

/** Where `name` is, or where it belongs. Order of code units, the same on every machine. */
function position(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = names[middle];
    if (candidate !== undefined && candidate < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function file<T extends KubeObject>({ definition, shelves }: ValueIndex<T>, key: ObjectKey, object: T): void {
  for (const value of definition.valuesOf(object)) {
    let shelf = shelves.get(value);
    if (shelf === undefined) shelves.set(value, (shelf = new ObjectIndex()));
    shelf.set(key, object);
  }
}

function unfile<T extends KubeObject>({ definition, shelves }: ValueIndex<T>, key: ObjectKey, object: T): void {
  for (const value of definition.valuesOf(object)) {
    const shelf = shelves.get(value);
    shelf?.delete(key);
    if (shelf?.isEmpty === true) shelves.delete(value);
  }
}
