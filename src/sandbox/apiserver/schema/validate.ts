/**
 * Value validation in the words of the API server.
 * https://github.com/kubernetes/kube-openapi/tree/master/pkg/validation/validate
 */
import { cause, type FieldCause } from '../field-cause.ts';
import { equal, isArray, isObject, type Json, own } from '../json.ts';
import { hasFormat } from './formats.ts';
import { junctorErrors } from './junctors.ts';
import { keysOf } from './list-types.ts';
import { childPath, nodeAt, type SchemaNode } from './node.ts';

/**
 * Every error of the value and what is in it.
 * @param old what the value was before; a value that has not changed is let pass whatever the schema says now.
 * @param path of the value, empty for the object itself.
 */
export function validateValue(schema: SchemaNode, value: unknown, old: unknown, path: string): FieldCause[] {
  if (old !== undefined && equal(value, old)) return [];
  const typed = typeErrors(schema, value, path);
  if (value === null) return [...typed, ...enumErrors(schema, value, path)];
  return [
    ...typed,
    ...junctorErrors(schema, path, (node) => validateValue(node, value, undefined, path)),
    ...valueErrors(schema, value, path),
    ...enumErrors(schema, value, path),
    ...childErrors(schema, value, old, path),
  ];
}

function typeErrors(schema: SchemaNode, value: unknown, path: string): FieldCause[] {
  const expected = schema.intOrString ? ['integer', 'string'] : [schema.type];
  const actual = typeName(value);
  if (value === null && schema.nullable) return [];
  if (expected[0] === '' || expected.includes(actual)) return [];
  if (actual === 'integer' && expected.includes('number')) return [];
  const wanted = expected.join(',');
  const detail = `${path === '' ? '""' : path} in body must be of type ${wanted}: ${quoted(actual)}`;
  return [cause.typeInvalid(path, actual, detail)];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function enumErrors(schema: SchemaNode, value: unknown, path: string): FieldCause[] {
  if (schema.enum === undefined || schema.enum.some((item) => equal(item, value))) return [];
  return [cause.notSupported(path, value, schema.enum)];
}

function valueErrors(schema: SchemaNode, value: unknown, path: string): FieldCause[] {
  if (typeof value === 'string') return stringErrors(schema, value, path);
  if (typeof value === 'number') return numberErrors(schema, value, path);
  if (isArray(value)) return listErrors(schema, value, path);
  return isObject(value) ? objectErrors(schema, value, path) : [];
}

function stringErrors(schema: SchemaNode, value: string, path: string): FieldCause[] {
  const { minLength, maxLength } = schema.limits;
  const length = Array.from(value).length;
  // Of a text that is too long nothing else is said.
  if (maxLength !== undefined && length > maxLength) return [cause.tooLong(path, maxLength)];
  const errors: FieldCause[] = [];
  if (minLength !== undefined && length < minLength) {
    errors.push(cause.invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  }
  if (schema.pattern !== undefined && !schema.pattern.expression.test(value)) {
    errors.push(cause.invalid(path, value, `${path} in body should match '${schema.pattern.source}'`));
  }
  if (schema.format !== '' && !hasFormat(schema.format, value)) {
    const detail = `${path} in body must be of type ${schema.format}: ${quoted(value)}`;
    errors.push(cause.typeInvalid(path, value, detail));
  }
  return errors;
}

function numberErrors(schema: SchemaNode, value: number, path: string): FieldCause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema.limits;
  const errors: FieldCause[] = [];
  const invalid = (detail: string) => errors.push(cause.invalid(path, value, `${path} in body should be ${detail}`));
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) invalid(`a multiple of ${multipleOf}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    invalid(exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    invalid(exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`);
  }
  return errors;
}

function listErrors(schema: SchemaNode, list: readonly unknown[], path: string): FieldCause[] {
  const { minItems, maxItems, uniqueItems } = schema.limits;
  const errors: FieldCause[] = [];
  if (minItems !== undefined && list.length < minItems) {
    errors.push(cause.invalid(path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) errors.push(cause.tooMany(path, list.length, maxItems));
  if (uniqueItems && list.some((item, index) => list.slice(0, index).some((earlier) => equal(earlier, item)))) {
    errors.push(cause.invalid(path, '', `${path} in body shouldn't contain duplicates`));
  }
  return errors;
}

function objectErrors(schema: SchemaNode, object: Json, path: string): FieldCause[] {
  const { minProperties, maxProperties } = schema.limits;
  const count = Object.keys(object).length;
  const errors: FieldCause[] = [];
  if (minProperties !== undefined && count < minProperties) {
    const detail = `${path} in body should have at least ${minProperties} properties`;
    errors.push(cause.invalid(path, minProperties, detail));
  }
  if (maxProperties !== undefined && count > maxProperties) {
    errors.push(cause.tooMany(path, count, maxProperties));
  }
  for (const name of schema.required) {
    if (!Object.hasOwn(object, name)) errors.push(cause.required(childPath(path, name)));
  }
  return errors;
}

function childErrors(schema: SchemaNode, value: unknown, old: unknown, path: string): FieldCause[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, child]) => {
      const node = nodeAt(schema, key);
      const before = schema.atomicMap ? undefined : own(old, key);
      return node === undefined ? [] : validateValue(node, child, before, childPath(path, key));
    });
  }
  const { items } = schema;
  if (!isArray(value) || items === undefined) return [];
  return value.flatMap((item, index) => validateValue(items, item, oldItem(schema, item, old), `${path}[${index}]`));
}

/** Only items of a `map` list are known again after an update. */
export function oldItem(schema: SchemaNode, item: unknown, old: unknown): unknown {
  if (schema.listType !== 'map' || !isArray(old)) return undefined;
  const keys = keysOf(schema, item);
  return old.find((candidate) => equal(keysOf(schema, candidate), keys));
}
