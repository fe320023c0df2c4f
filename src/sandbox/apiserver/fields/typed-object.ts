/** Whether an applied configuration fits the schema well enough to be merged. */
import { isArray, isObject, type JsonObject, own } from '../schema/json.ts';
import { itemElement } from './list-items.ts';
import { fieldSchema, type ListNode, type MapNode, type MergeSchema, resolveNode } from './merge-node.ts';
import { elementText, fieldElement } from './path-element.ts';

/** An applied configuration with a field that the schema has not, or with list items that cannot be told apart. */
export class TypedObjectError extends Error {
  override readonly name = 'TypedObjectError';
  /** `.spec.foo: field not declared in schema`. */
  readonly faults: readonly string[];

  constructor(object: JsonObject, apiVersion: string, faults: readonly string[]) {
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    const { metadata, kind } = object;
    const name = `${text(own(metadata, 'namespace'))}/${text(own(metadata, 'name'))}`;
    const list = faults.length === 1 ? faults.join('') : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
    super(`failed to create typed patch object (${name}; ${apiVersion}, Kind=${text(kind)}): ${list}`);
    this.faults = faults;
  }
}

/** Keys of every resource that a CRD's schema need not name. */
const identity: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** @throws TypedObjectError with every fault. */
export function checkTyped(object: JsonObject, schema: MergeSchema, apiVersion: string): void {
  const fields = Object.entries(object).filter(([key]) => !identity.has(key));
  const faults = faultsIn(Object.fromEntries(fields), schema, '');
  if (faults.length > 0) throw new TypedObjectError(object, apiVersion, faults);
}

function faultsIn(value: unknown, schema: MergeSchema, path: string): string[] {
  const node = resolveNode(schema, value);
  if (node.type === 'map' && isObject(value)) return mapFaults(value, node, path);
  if (node.type === 'list' && isArray(value)) return listFaults(value, node, path);
  return [];
}

function mapFaults(object: JsonObject, node: MapNode, path: string): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const at = path + elementText(fieldElement(key));
    const isUndeclared = node.closed === true && !Object.hasOwn(node.fields, key);
    return isUndeclared ? [`${at}: field not declared in schema`] : faultsIn(value, fieldSchema(node, key), at);
  });
}

function listFaults(list: readonly unknown[], node: ListNode, path: string): string[] {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const missing = node.keys.find((key) => node.keyDefaults[key] === undefined && own(item, key) === undefined);
    if (missing !== undefined) {
      const detail = `associative list with keys has an element that omits key field "${missing}" (and doesn't have default value)`;
      return [`${path}: element ${index}: ${detail}`];
    }
    const element = itemElement(node, item);
    const isRepeated = node.relation !== 'atomic' && seen.has(element);
    seen.add(element);
    if (isRepeated) return [`${path}: duplicate entries for key ${elementText(element)}`];
    return faultsIn(item, node.element, node.relation === 'atomic' ? `${path}[${index}]` : path + elementText(element));
  });
}
