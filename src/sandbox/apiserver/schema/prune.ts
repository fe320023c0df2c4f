/**
 * Unknown fields: found, and dropped.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
import { isArray, isObject } from '../json.ts';
import { childPath, nodeAt, type SchemaNode } from './node.ts';

const identity: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);
/** `additionalProperties: true` keeps the value, but nothing in it. */
const nothing: SchemaNode | undefined = undefined;

/**
 * Walks the object and tells every unknown field to `found`, before its neighbours.
 * @param resource whether `value` is a resource, whose identity and metadata the schema does not list.
 */
export function eachUnknownField(
  schema: SchemaNode | undefined,
  value: unknown,
  resource: boolean,
  path: string,
  found: (parent: Record<string, unknown>, key: string, path: string) => void,
): void {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (schema?.items === undefined && schema?.preserve === true) continue;
      eachUnknownField(schema?.items, item, schema?.items?.embedded === true, `${path}[${index}]`, found);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (resource && identity.has(key)) continue;
    const here = childPath(path, key);
    const child = schema === undefined ? nothing : nodeAt(schema, key);
    if (child !== undefined) eachUnknownField(child, value[key], child.embedded, here, found);
    else if (schema?.additional === true) eachUnknownField(nothing, value[key], false, here, found);
    else if (schema?.preserve !== true) found(value, key, here);
  }
}
