/** RFC 7386, `application/merge-patch+json`: null removes, objects merge, everything else replaces. */
import { clone, isObject, type Json } from '../json.ts';
import { checkedKey } from './errors.ts';

/**
 * The document after the patch; neither argument is changed.
 * @throws PatchError `invalid` for a key that would reach a prototype.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return clone(patch);
  const result: Json = {};
  const base = isObject(document) ? document : {};
  for (const [key, value] of Object.entries(base)) {
    if (!Object.hasOwn(patch, key)) result[checkedKey(key)] = clone(value);
    else if (patch[key] !== null) result[checkedKey(key)] = applyMergePatch(value, patch[key]);
  }
  for (const [key, value] of Object.entries(patch)) {
    checkedKey(key);
    if (value !== null && !Object.hasOwn(base, key)) result[key] = applyMergePatch(undefined, value);
  }
  return result;
}
