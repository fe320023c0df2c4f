/** Under `allOf`, `anyOf`, `oneOf` and `not` a structural schema may only validate, never define. */
import { cause, type FieldCause } from '../field-cause.ts';
import { equal, isArray, isObject, type Json, own } from '../json.ts';

const empty = 'must be empty to be structural';
const undefined_ = 'must be undefined to be structural';
const false_ = 'must be false to be structural';

const forbidden: Readonly<Record<string, string>> = {
  type: empty,
  title: empty,
  description: empty,
  default: undefined_,
  additionalProperties: undefined_,
  nullable: false_,
  'x-kubernetes-preserve-unknown-fields': false_,
  'x-kubernetes-embedded-resource': false_,
  'x-kubernetes-int-or-string': false_,
  'x-kubernetes-list-map-keys': empty,
  'x-kubernetes-list-type': undefined_,
  'x-kubernetes-map-type': undefined_,
  'x-kubernetes-validations': empty,
};

/** The one place where a type may stand: the documented form of an int-or-string. */
const intOrString = [{ type: 'integer' }, { type: 'string' }];

/** Violations in the junctors of a node, at any depth. */
export function junctorViolations(schema: Json, path: string): FieldCause[] {
  return branches(schema, path).flatMap(({ branch, at }) => [
    ...definitions(branch, at),
    ...incomplete(schema, branch, path, at),
  ]);
}

interface Branch {
  readonly branch: Json;
  readonly at: string;
}

function branches(schema: Json, path: string): Branch[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((junctor) => {
    const list = schema[junctor];
    if (!isArray(list) || (junctor === 'anyOf' && isIntOrString(schema, list))) return [];
    return list.flatMap((branch, index) => (isObject(branch) ? [{ branch, at: `${path}.${junctor}[${index}]` }] : []));
  });
  return isObject(schema.not) ? [...lists, { branch: schema.not, at: `${path}.not` }] : lists;
}

function isIntOrString(schema: Json, anyOf: readonly unknown[]): boolean {
  return equal(anyOf, intOrString) && (schema['x-kubernetes-int-or-string'] === true || schema.type === undefined);
}

function definitions(branch: Json, path: string): FieldCause[] {
  const own = Object.entries(forbidden).flatMap(([keyword, detail]) => {
    return Object.hasOwn(branch, keyword) && branch[keyword] !== false
      ? [cause.forbidden(`${path}.${keyword}`, detail)]
      : [];
  });
  const nested = branches(branch, path).flatMap((inner) => definitions(inner.branch, inner.at));
  const properties = Object.entries(isObject(branch.properties) ? branch.properties : {}).flatMap(([name, child]) => {
    const at = `${path}.properties[${name}]`;
    if (name === 'metadata') return [cause.forbidden(at, 'must not be specified in a nested context')];
    return isObject(child) ? definitions(child, at) : [];
  });
  const items = isObject(branch.items) ? definitions(branch.items, `${path}.items`) : [];
  return [...own, ...nested, ...properties, ...items];
}

/** A field that is validated in a branch must be defined outside of it. */
function incomplete(schema: unknown, branch: Json, path: string, at: string): FieldCause[] {
  const nested = branches(branch, at).flatMap((inner) => incomplete(schema, inner.branch, path, inner.at));
  const properties = Object.entries(isObject(branch.properties) ? branch.properties : {}).flatMap(([name, child]) => {
    const defined = own(own(schema, 'properties'), name) ?? own(schema, 'additionalProperties');
    const [definedAt, childAt] = [`${path}.properties[${name}]`, `${at}.properties[${name}]`];
    if (defined === undefined) return [cause.required(definedAt, `because it is defined in ${childAt}`)];
    return isObject(child) ? incomplete(defined, child, definedAt, childAt) : [];
  });
  const { items } = branch;
  if (!isObject(items)) return [...nested, ...properties];
  const defined = own(schema, 'items');
  const missing = cause.required(`${path}.items`, `because it is defined in ${at}.items`);
  const below = defined === undefined ? [missing] : incomplete(defined, items, `${path}.items`, `${at}.items`);
  return [...nested, ...properties, ...below];
}
