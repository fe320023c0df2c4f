/**
 * Whether an applied configuration fits the schema well enough to be merged.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/validate.go
 */
import { isArray, isObject, type Json } from '../json.ts';
import { itemElement, itemFault } from './list-items.ts';
import {
  fieldSchema,
  type ListNode,
  type MapNode,
  type MergeSchema,
  resolveNode,
  type ScalarNode,
} from './merge-node.ts';
import { elementText, fieldElement } from './path-element.ts';

/** An applied configuration with a field that the schema has not, or with list items that cannot be told apart. */
export class TypedObjectError extends Error {
  override readonly name = 'TypedObjectError';
  /** `.spec.foo: field not declared in schema`. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.length === 1 ? faults.join('') : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Keys of every resource that a CRD's schema need not name. */
const identity: ReadonlySet<string> = new Set(['apiVersion', 'kind']);

/** @throws TypedObjectError with every fault. */
export function checkTyped(object: Json, schema: MergeSchema): void {
  const fields = Object.entries(object).filter(([key]) => !identity.has(key));
  const faults = faultsIn(Object.fromEntries(fields), schema, '');
  if (faults.length > 0) throw new TypedObjectError(faults);
}

function faultsIn(value: unknown, schema: MergeSchema, path: string): string[] {
  const misfit = misfitOf(value, schema);
  if (misfit !== undefined) return [`${path}: ${misfit}`];
  const node = resolveNode(schema, value);
  if (node.type === 'map' && isObject(value)) return mapFaults(value, node, path);
  if (node.type === 'list' && isArray(value)) return listFaults(value, node, path);
  return [];
}

/** Why a value is not of its type, in words that show Go's own values. */
function misfitOf(value: unknown, schema: MergeSchema): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (schema.type) {
    case 'map':
      return isObject(value) ? undefined : `expected map, got &{${shown(value)}}`;
    case 'list':
      return isArray(value) ? undefined : `expected list, got &{${shown(value)}}`;
    case 'scalar':
      return scalarMisfit(value, schema.of);
    case 'deduced':
      return undefined;
  }
}

function scalarMisfit(value: unknown, wanted: ScalarNode['of']): string | undefined {
  const type = goType(value);
  switch (wanted) {
    case 'string':
      if (type === 'string') return undefined;
      return `expected string, got &value.valueUnstructured{Value:${shown(value)}}`;
    case 'numeric':
      return type === 'int64' || type === 'float64' ? undefined : `expected numeric (int or float), got ${type}`;
    case 'boolean':
      return type === 'bool' ? undefined : `expected boolean, got &{${shown(value)}}`;
    case undefined:
      return undefined;
  }
}

/** What Go calls the type of a value that was JSON. */
export function goType(value: unknown): string {
  if (isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function shown(value: unknown): string {
  return isArray(value) || isObject(value) ? JSON.stringify(value) : String(value);
}

/** In a map with an undeclared field nothing else is looked at. */
function mapFaults(object: Json, node: MapNode, path: string): string[] {
  const at = (key: string): string => path + elementText(fieldElement(key));
  const keys = Object.keys(object);
  const undeclared = node.closed === true ? keys.find((key) => !Object.hasOwn(node.fields, key)) : undefined;
  if (undeclared !== undefined) return [`${at(undeclared)}: field not declared in schema`];
  return keys.flatMap((key) => faultsIn(object[key], fieldSchema(node, key), at(key)));
}

/** After an item that cannot be told apart no other is looked at. */
function listFaults(list: readonly unknown[], node: ListNode, path: string): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const fault = itemFault(node, item);
    if (fault !== undefined) return [...faults, `${path}: element ${index}: ${fault}`];
    const element = node.relation === 'atomic' ? `i:${index}` : itemElement(node, item);
    if (seen.has(element)) faults.push(`${path}: duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    faults.push(...faultsIn(item, node.element, path + elementText(element)));
  }
  return faults;
}
