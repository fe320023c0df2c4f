/**
 * `application/strategic-merge-patch+json`: a merge patch that knows the keys of lists, with directives.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
import { fieldSchema, type ListNode, type MapNode, type MergeSchema } from '../fields/merge-node.ts';
import { clone, equal, isArray, isObject, type Json, texts } from '../json.ts';
import { checkedKey, PatchError } from './errors.ts';
import { type MergeItems, mergePatchLists } from './strategic-list.ts';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * The document after the patch; neither argument is changed.
 * @param mergeSchema says which lists are merged and by which key (`patchMergeKey`); all others are replaced.
 * @throws PatchError `invalid` for a patch that is no object, an unknown directive, or an item without its merge key.
 */
export function applyStrategicMerge(document: unknown, patch: unknown, mergeSchema: MergeSchema): unknown {
  if (!isObject(patch)) throw new PatchError('invalid', 'a strategic merge patch must be an object');
  return mergeMaps(isObject(document) ? document : {}, patch, mergeSchema);
}

function mergeMaps(original: Json, patch: Json, schema: MergeSchema): Json {
  switch (patch.$patch) {
    case undefined:
    case 'merge':
      break;
    case 'replace':
      return withoutDirectives(patch);
    case 'delete':
      return {};
    default:
      throw new PatchError(
        'invalid',
        `unknown patch type ${JSON.stringify(patch.$patch)}: use replace, delete or merge`,
      );
  }
  const result = retained(original, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith('$')) mergeField(result, checkedKey(key), value, schema);
  }
  applyListDirectives(result, patch, schema);
  return result;
}

/** A copy of the original, without the keys that `$retainKeys` does not name. */
function retained(original: Json, patch: Json): Json {
  const copy = clone(original);
  const result = isObject(copy) ? copy : {};
  if (patch.$retainKeys === undefined) return result;
  const keys = texts(patch.$retainKeys);
  const stray = Object.keys(patch).find((key) => !key.startsWith('$') && patch[key] !== null && !keys.includes(key));
  if (!isArray(patch.$retainKeys) || stray !== undefined) {
    throw new PatchError(
      'invalid',
      `$retainKeys must be a list that names every field of the patch, ${stray ?? 'it'} is not`,
    );
  }
  return Object.fromEntries(Object.entries(result).filter(([key]) => keys.includes(key)));
}

function mergeField(target: Json, key: string, value: unknown, schema: MergeSchema): void {
  if (value === null) {
    Reflect.deleteProperty(target, key);
    return;
  }
  const node = childSchema(schema, key);
  const before = Object.hasOwn(target, key) ? target[key] : undefined;
  if (isObject(value)) {
    target[key] = isObject(before) ? mergeMaps(before, value, node) : freshMap(value, node);
  } else if (isArray(value) && mergeKeyOf(node) !== undefined) {
    target[key] = mergePatchLists(isArray(before) ? before : [], value, mergeKeyOf(node) ?? '', mergeItemsOf(node));
  } else {
    target[key] = withoutDirectivesIn(value);
  }
}

/** A map that was not there takes what the patch would add. */
function freshMap(patch: Json, schema: MergeSchema): Json {
  return patch.$patch === 'delete' ? {} : mergeMaps({}, patch, schema);
}

function mergeItemsOf(node: MergeSchema): MergeItems {
  const element: MergeSchema = node.type === 'list' ? node.element : node;
  return (before, item) => mergeMaps(before, item, element);
}

function applyListDirectives(target: Json, patch: Json, schema: MergeSchema): void {
  for (const [directive, value] of Object.entries(patch)) {
    if (directive.startsWith(deletePrefix)) {
      const key = checkedKey(directive.slice(deletePrefix.length));
      const gone = isArray(value) ? value : [];
      const list = Object.hasOwn(target, key) ? target[key] : undefined;
      if (isArray(list)) target[key] = list.filter((item) => !gone.some((candidate) => equal(candidate, item)));
    } else if (directive.startsWith(orderPrefix)) {
      orderField(target, directive.slice(orderPrefix.length), value, patch, schema);
    } else if (directive.startsWith('$') && directive !== '$patch' && directive !== '$retainKeys') {
      throw new PatchError('invalid', `unknown directive ${directive} in a strategic merge patch`);
    }
  }
}

/**
 * Items that the order names come in that order; the others keep their place among them as well as that is possible,
 * in front where it is open.
 */
function orderField(target: Json, field: string, order: unknown, patch: Json, schema: MergeSchema): void {
  const key = checkedKey(field);
  const list = Object.hasOwn(target, key) ? target[key] : undefined;
  const mergeKey = mergeKeyOf(childSchema(schema, key));
  if (!isArray(order) || mergeKey === undefined) {
    throw new PatchError('invalid', `${orderPrefix}${field} must be a list, of a field that is merged by a key`);
  }
  if (!isArray(list)) return;
  const identity = (item: unknown): unknown => (mergeKey === '' ? item : identityOf(item, mergeKey));
  const rank = (item: unknown): number => order.findIndex((entry) => equal(identity(entry), identity(item)));
  const patched = isArray(patch[key]) ? patch[key].filter((item) => !(isObject(item) && '$patch' in item)) : [];
  if (patched.some((item) => rank(item) < 0)) {
    throw new PatchError('invalid', `${orderPrefix}${field} must name every item of the patch`);
  }
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = list.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  for (const other of others) {
    while (named.length > 0 && list.indexOf(named[0]) < list.indexOf(other)) result.push(named.shift());
    result.push(other);
  }
  target[key] = [...result, ...named];
}

function identityOf(item: unknown, key: string): unknown {
  return isObject(item) ? item[key] : undefined;
}

function childSchema(schema: MergeSchema, key: string): MergeSchema {
  const scalar: MergeSchema = { type: 'scalar' };
  if (schema.type === 'map') return fieldSchema(schema satisfies MapNode, key);
  return schema.type === 'deduced' ? schema : scalar;
}

function mergeKeyOf(schema: MergeSchema): string | undefined {
  return schema.type === 'list' ? (schema satisfies ListNode).patchMergeKey : undefined;
}

function withoutDirectives(patch: Json): Json {
  const entries = Object.entries(patch).filter(([key, value]) => !key.startsWith('$') && value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [checkedKey(key), withoutDirectivesIn(value)]));
}

function withoutDirectivesIn(value: unknown): unknown {
  if (isArray(value)) return value.map(withoutDirectivesIn);
  return isObject(value) ? withoutDirectives(value) : value;
}
