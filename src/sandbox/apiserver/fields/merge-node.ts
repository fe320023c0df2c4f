/**
 * The tree that says how each part of a kind merges, and questions to a node of it.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
import { isObject } from '../json.ts';

/** No sub-structure: owned and replaced as a whole. */
export interface ScalarNode {
  readonly type: 'scalar';
  /** Default: any. */
  readonly of?: 'string' | 'numeric' | 'boolean';
}

export interface MapNode {
  readonly type: 'map';
  readonly relation: 'granular' | 'atomic';
  /** Named fields; keys beyond them are `element`. */
  readonly fields: Readonly<Record<string, MergeSchema>>;
  readonly element: MergeSchema;
  /** Whether a key that is not a named field is a fault. Default false. */
  readonly closed?: boolean;
  /** A field of a Go struct without pointer: it is there even when the JSON has it not, so nobody can add it. */
  readonly alwaysPresent?: boolean;
}

export interface ListNode {
  readonly type: 'list';
  /** A list that Go prints as null when it is empty: it is there even when the JSON has it not. */
  readonly alwaysPresent?: boolean;
  readonly relation: 'atomic' | 'set' | 'map';
  /** Of a `map` list. */
  readonly keys: readonly string[];
  /** What a missing key stands for (`protocol: TCP`). */
  readonly keyDefaults: Readonly<Record<string, unknown>>;
  readonly element: MergeSchema;
  /**
   * Strategic merge patch: the one key that identifies an item, '' for a list of scalars that is merged.
   * Absent: the list is replaced.
   */
  readonly patchMergeKey?: string;
}

/** Shape taken from the value: maps granular, lists atomic. */
export interface DeducedNode {
  readonly type: 'deduced';
  /** Keys are fields of a struct (a built-in kind beyond its description) rather than entries of a map. Default false. */
  readonly struct?: boolean;
}

export type MergeSchema = ScalarNode | MapNode | ListNode | DeducedNode;

const scalar: ScalarNode = { type: 'scalar' };

/** The node that a value of this schema really has: null and a value of another type are scalars. */
export function resolveNode(schema: MergeSchema, value: unknown): MergeSchema {
  if (schema.type === 'map') return isObject(value) ? schema : scalar;
  if (schema.type === 'list') return Array.isArray(value) ? schema : scalar;
  if (schema.type === 'scalar') return schema;
  if (isObject(value)) return { type: 'map', relation: 'granular', fields: {}, element: schema };
  if (Array.isArray(value)) return { type: 'list', relation: 'atomic', keys: [], keyDefaults: {}, element: schema };
  return scalar;
}

/** The schema of a map's entry. */
export function fieldSchema(node: MapNode, key: string): MergeSchema {
  return Object.hasOwn(node.fields, key) ? (node.fields[key] ?? node.element) : node.element;
}

/** Whether the entry is a field of a struct rather than a key of a map. */
export function isNamedField(node: MapNode, key: string): boolean {
  return Object.hasOwn(node.fields, key) || (node.element.type === 'deduced' && node.element.struct === true);
}
