/**
 * A set of field paths, what `managedFields[].fieldsV1` says. A node is a member itself (`.`) and has children; a leaf
 * without children is a member. https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/set.go
 */
import { isObject, type Json } from '../json.ts';
import { compareElements, elementText, type PathElement, parseElement } from './path-element.ts';

export type FieldPath = readonly PathElement[];

/** Immutable; every operation answers a new set without empty branches. */
export class FieldSet {
  /** Whether the path up to here is in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;

  constructor(member: boolean, children: ReadonlyMap<PathElement, FieldSet>) {
    this.member = member;
    this.children = children;
  }

  static readonly empty = new FieldSet(false, new Map());
  static readonly leaf = new FieldSet(true, new Map());

  static of(...paths: readonly FieldPath[]): FieldSet {
    return paths.reduce((set, path) => set.union(pathSet(path)), FieldSet.empty);
  }

  /**
   * Reads `fieldsV1`. Elements that are no path elements are left out: an entry of a foreign version must not make the
   * object unreadable.
   */
  static parse(fieldsV1: unknown): FieldSet {
    if (!isObject(fieldsV1)) return FieldSet.empty;
    const children = Object.entries(fieldsV1).flatMap(([key, value]): [PathElement, FieldSet][] => {
      const element = key === '.' ? undefined : parseElement(key);
      return element === undefined ? [] : [[element, parseChild(value)]];
    });
    return new FieldSet(Object.hasOwn(fieldsV1, '.'), new Map(children));
  }

  /** The `fieldsV1` form, members in Kubernetes' order. */
  print(): Json {
    const children = [...this.children]
      .sort(([a], [b]) => compareElements(a, b))
      .map(([element, child]): [string, Json] => [element, child.children.size === 0 ? {} : child.print()]);
    return Object.fromEntries(this.member ? [['.', {}], ...children] : children);
  }

  get isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  has(path: FieldPath): boolean {
    return this.at(path).member;
  }

  /** What lies at and under the path; the empty set when nothing does. */
  at(path: FieldPath): FieldSet {
    return path.reduce((set, element) => set.child(element), new FieldSet(this.member, this.children));
  }

  child(element: PathElement): FieldSet {
    return this.children.get(element) ?? FieldSet.empty;
  }

  union(other: FieldSet): FieldSet {
    const children = new Map(this.children);
    for (const [element, child] of other.children) {
      children.set(element, children.get(element)?.union(child) ?? child);
    }
    return new FieldSet(this.member || other.member, children);
  }

  intersection(other: FieldSet): FieldSet {
    return this.combine(this.member && other.member, (element, child) => child.intersection(other.child(element)));
  }

  /** Paths of this set that are not in the other. */
  difference(other: FieldSet): FieldSet {
    return this.combine(this.member && !other.member, (element, child) => child.difference(other.child(element)));
  }

  /** Paths of this set that are neither in the other nor under one of its members. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.member) return FieldSet.empty;
    return this.combine(this.member, (element, child) => child.recursiveDifference(other.child(element)));
  }

  equals(other: FieldSet): boolean {
    if (this.member !== other.member || this.children.size !== other.children.size) return false;
    return [...this.children].every(([element, child]) => {
      const match = other.children.get(element);
      return match !== undefined && child.equals(match);
    });
  }

  /** Every member, in printing order, a container before what is in it. */
  paths(): FieldPath[] {
    const own: FieldPath[] = this.member ? [[]] : [];
    const below = [...this.children]
      .sort(([a], [b]) => compareElements(a, b))
      .flatMap(([element, child]) => child.paths().map((path) => [element, ...path]));
    return [...own, ...below];
  }

  private combine(member: boolean, childOf: (element: PathElement, child: FieldSet) => FieldSet): FieldSet {
    const children = new Map<PathElement, FieldSet>();
    for (const [element, child] of this.children) {
      const result = childOf(element, child);
      if (!result.isEmpty) children.set(element, result);
    }
    return new FieldSet(member, children);
  }
}

function parseChild(value: unknown): FieldSet {
  const set = FieldSet.parse(value);
  return set.isEmpty ? FieldSet.leaf : set;
}

function pathSet(path: FieldPath): FieldSet {
  return path.reduceRight((set, element) => new FieldSet(false, new Map([[element, set]])), FieldSet.leaf);
}

/** `.spec.containers[name="app"].image`. */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('');
}
