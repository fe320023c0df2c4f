/**
 * `application/strategic-merge-patch+json`: a merge patch that knows the keys of lists, with directives. It does what
 * Kubernetes does step by step, as what directives mean in odd places is written nowhere else:
 * https://github.com/kubernetes/apimachinery/blob/v0.35.1/pkg/util/strategicpatch/patch.go
 */
import { fieldSchema, type MergeSchema } from '../fields/merge-node.ts';
import { clone, isArray, isObject, type Json, remove } from '../json.ts';
import { checkedKey, PatchError, unknownDirective } from './errors.ts';
import { deletedFrom, type MergeItems, mergeLists, ordered } from './strategic-list.ts';

const orderPrefix = '$setElementOrder';
const deletePrefix = '$deleteFromPrimitiveList';

/**
 * The document after the patch; neither argument is changed.
 * @param mergeSchema says which lists are merged and by which key (`patchMergeKey`); all others are replaced.
 * @throws PatchError
 */
export function applyStrategicMerge(document: unknown, patch: unknown, mergeSchema: MergeSchema): unknown {
  if (!isObject(patch)) throw new PatchError('invalid', 'a strategic merge patch must be an object');
  const copy = clone(document);
  return mergeMaps(isObject(copy) ? copy : {}, objectCopy(patch), mergeSchema);
}

function objectCopy(object: Json): Json {
  const copy: unknown = clone(object);
  return isObject(copy) ? copy : {};
}

/** Both arguments may be changed. */
function mergeMaps(original: Json, patch: Json, schema: MergeSchema): Json {
  if (Object.hasOwn(patch, '$patch')) return directed(patch);
  retainKeys(original, patch);
  mergeOrdered(original, patch, schema);
  for (const [key, value] of Object.entries(patch)) {
    const deletes = key.startsWith(deletePrefix);
    mergeField(original, checkedKey(deletes ? fieldOf(key, 'primitive list') : key), value, { schema, deletes });
  }
  return original;
}

function directed(patch: Json): Json {
  const { $patch: directive } = patch;
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw unknownDirective(patch);
  remove(patch, '$patch');
  return patch;
}

/** Of a directive: what stands after the first slash. */
function fieldOf(key: string, directive: string): string {
  const slash = key.indexOf('/');
  if (slash === -1) throw new PatchError('invalid', `invalid patch format of ${directive}`);
  return key.slice(slash + 1);
}

function retainKeys(original: Json, patch: Json): void {
  if (!Object.hasOwn(patch, '$retainKeys')) return;
  const { $retainKeys: keys } = patch;
  remove(patch, '$retainKeys');
  const isDirective = (key: string): boolean => key.startsWith(deletePrefix) || key.startsWith(orderPrefix);
  const stray = Object.entries(patch).some(
    ([key, value]) => value !== null && !isDirective(key) && !(isArray(keys) && keys.includes(key)),
  );
  if (!isArray(keys) || stray) throw new PatchError('invalid', 'invalid patch format of retainKeys');
  for (const key of Object.keys(original)) if (!keys.includes(key)) remove(original, key);
}

/** Merges the lists that come with an order, and takes them out of the patch. */
function mergeOrdered(original: Json, patch: Json, schema: MergeSchema): void {
  for (const directive of Object.keys(patch).filter((key) => key.startsWith(orderPrefix))) {
    const order = asList(patch[directive]);
    remove(patch, directive);
    const key = checkedKey(fieldOf(directive, 'setElementOrder list'));
    const [live, wanted] = [original, patch].map((object) =>
      Object.hasOwn(object, key) ? asList(object[key]) : undefined,
    );
    const node = childSchema(schema, key);
    const merged = ordered(
      { live, patch: wanted, order },
      { key: mergeKeyOf(node) ?? '', merges: mergeKeyOf(node) !== undefined, items: itemsOf(node), fresh },
    );
    if (merged === undefined) continue;
    original[key] = merged;
    remove(patch, key);
  }
}

function asList(value: unknown): unknown[] {
  if (isArray(value)) return value;
  throw new PatchError('unreckoned', `expected a []interface {}, but received a ${goType(value)}`);
}

function goType(value: unknown): string {
  if (isObject(value)) return 'map[string]interface {}';
  if (value === null) return '%!s(<nil>)';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'string';
}

interface Merging {
  readonly schema: MergeSchema;
  /** The value lists what goes. */
  readonly deletes: boolean;
}

function mergeField(target: Json, key: string, value: unknown, { schema, deletes }: Merging): void {
  if (value === null) {
    remove(target, key);
    return;
  }
  const before = Object.hasOwn(target, key) ? target[key] : undefined;
  const node = childSchema(schema, key);
  if (isObject(before) && isObject(value)) target[key] = mergeMaps(before, value, node);
  else if (isArray(before) && isArray(value)) {
    const mergeKey = mergeKeyOf(node);
    if (deletes) target[key] = deletedFrom(before, value, mergeKey ?? '', itemsOf(node));
    else target[key] = mergeKey === undefined ? value : mergeLists(before, value, mergeKey, itemsOf(node));
  } else if (!deletes) place(target, key, fresh(value));
}

function place(target: Json, key: string, value: unknown): void {
  if (value === undefined) remove(target, key);
  else target[key] = value;
}

/** What stands where nothing was: without nulls, and without everything that has a directive. */
function fresh(value: unknown): unknown {
  if (isArray(value)) return value.map(fresh).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$patch')) return undefined;
  const entries = Object.entries(value)
    .filter(([, one]) => one !== null)
    .map(([key, one]): [string, unknown] => [checkedKey(key), fresh(one)]);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

function itemsOf(node: MergeSchema): MergeItems {
  const element: MergeSchema = node.type === 'list' ? node.element : node;
  return (before, item) => mergeMaps(before, item, element);
}

function childSchema(schema: MergeSchema, key: string): MergeSchema {
  if (schema.type === 'map') return fieldSchema(schema, key);
  return schema.type === 'deduced' ? schema : { type: 'scalar' };
}

function mergeKeyOf(schema: MergeSchema): string | undefined {
  return schema.type === 'list' ? schema.patchMergeKey : undefined;
}
