/**
 * What a CRD's schema must be to be accepted: structural, and without what the API server does not support.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */

import { cause, type FieldCause } from '../field-cause.ts';
import { isArray, isObject, type Json, own, texts } from '../json.ts';
import { ruleSyntaxError } from './cel-rules.ts';
import { goRegExp } from './node.ts';
import { junctorViolations } from './structural-junctors.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Keywords of OpenAPI that a CRD's schema has no use for. */
const unsupported: Readonly<Record<string, string>> = {
  $ref: '$ref is not supported',
  additionalItems: 'additionalItems is not supported',
  definitions: 'definitions is not supported',
  dependencies: 'dependencies is not supported',
  discriminator: 'discriminator is not supported',
  id: 'id is not supported',
  patternProperties: 'patternProperties is not supported',
};

/** Where a node is: it decides which words a missing type gets. */
type Level = 'root' | 'field' | 'item';

const missingType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

/**
 * Every violation; empty for a schema that is accepted.
 * @param path of the schema in the CRD. Default: as the API server prints it for a CRD whose versions share one schema.
 */
export function structuralViolations(schema: unknown, path = 'spec.validation.openAPIV3Schema'): FieldCause[] {
  return isObject(schema) ? visit(schema, 'root', path) : [cause.required(path)];
}

function visit(schema: Json, level: Level, path: string): FieldCause[] {
  return [
    ...typeViolations(schema, level, path),
    ...keywordViolations(schema, path),
    ...extensionViolations(schema, path),
    ...junctorViolations(schema, path),
    ...ruleViolations(schema, path),
    ...childViolations(schema, level, path),
  ];
}

function typeViolations(schema: Json, level: Level, path: string): FieldCause[] {
  const { type } = schema;
  const at = `${path}.type`;
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    return [type === undefined ? cause.required(at, detail) : cause.invalid(at, type, detail)];
  }
  if (type === undefined || type === '') return isFree ? [] : [cause.required(at, missingType[level])];
  if (typeof type !== 'string' || !types.includes(type)) return [cause.notSupported(at, type, types)];
  return level === 'root' && type !== 'object' ? [cause.invalid(at, type, 'must be object at the root')] : [];
}

function keywordViolations(schema: Json, path: string): FieldCause[] {
  const errors = Object.entries(unsupported).flatMap(([keyword, detail]) => {
    return Object.hasOwn(schema, keyword) ? [cause.forbidden(`${path}.${keyword}`, detail)] : [];
  });
  const forbid = (keyword: string, detail: string) => errors.push(cause.forbidden(`${path}.${keyword}`, detail));
  if (schema.uniqueItems === true) {
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  }
  if (schema.additionalProperties === false) {
    forbid('additionalProperties', 'additionalProperties cannot be set to false');
  }
  if (schema.additionalProperties !== undefined && isObject(schema.properties)) {
    forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive');
  }
  if (isArray(schema.items)) forbid('items', 'items must be a schema object and not an array');
  if (typeof schema.pattern === 'string' && goRegExp(schema.pattern) === undefined) {
    const detail = 'must be a valid regular expression';
    errors.push(cause.invalid(`${path}.pattern`, schema.pattern, detail));
  }
  return errors;
}

function extensionViolations(schema: Json, path: string): FieldCause[] {
  const errors: FieldCause[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = texts(schema['x-kubernetes-list-map-keys']);
  const invalid = (keyword: string, value: unknown, detail: string) =>
    errors.push(cause.invalid(`${path}.${keyword}`, value, detail));
  if (schema['x-kubernetes-int-or-string'] === true && schema['x-kubernetes-preserve-unknown-fields'] === true) {
    const detail = 'must be false if x-kubernetes-int-or-string is true';
    invalid('x-kubernetes-preserve-unknown-fields', true, detail);
  }
  if (listType !== undefined && listType !== 'atomic' && listType !== 'set' && listType !== 'map') {
    errors.push(cause.notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set']));
  }
  if (listType !== undefined && schema.type !== 'array') {
    invalid('type', schema.type ?? '', 'must be array if x-kubernetes-list-type is specified');
  }
  if (listType === 'map' && keys.length === 0) {
    const detail = 'must not be empty if x-kubernetes-list-type is map';
    errors.push(cause.required(`${path}.x-kubernetes-list-map-keys`, detail));
  }
  if (listType === 'map') errors.push(...keys.flatMap((key) => listKeyViolations(schema, key, path)));
  return errors;
}

function listKeyViolations(schema: Json, key: string, path: string): FieldCause[] {
  const property = own(own(schema.items, 'properties'), key);
  if (property === undefined) {
    const detail = 'entries must all be names of item properties';
    return [cause.invalid(`${path}.x-kubernetes-list-map-keys`, key, detail)];
  }
  const isGiven = texts(own(schema.items, 'required')).includes(key) || own(property, 'default') !== undefined;
  const detail = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
  return isGiven ? [] : [cause.required(`${path}.items.properties[${key}].default`, detail)];
}

function ruleViolations(schema: Json, path: string): FieldCause[] {
  const rules = schema['x-kubernetes-validations'];
  return (isArray(rules) ? rules : []).flatMap((entry, index) => {
    const at = `${path}.x-kubernetes-validations[${index}].rule`;
    const rule = own(entry, 'rule');
    if (typeof rule !== 'string' || rule.trim() === '') return [cause.required(at, 'rule is not specified')];
    const problem = ruleSyntaxError(rule);
    return problem === undefined ? [] : [cause.invalid(at, rule, `compilation failed: ${problem}`)];
  });
}

function childViolations(schema: Json, level: Level, path: string): FieldCause[] {
  const errors: FieldCause[] = [];
  if (schema.type === 'array' && schema.items === undefined) {
    errors.push(cause.required(`${path}.items`, 'must be specified'));
  }
  if (level === 'root' && schema.additionalProperties !== undefined) {
    errors.push(cause.forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  }
  if (isObject(schema.items)) errors.push(...visit(schema.items, 'item', `${path}.items`));
  if (isObject(schema.additionalProperties)) {
    errors.push(...visit(schema.additionalProperties, 'field', `${path}.additionalProperties`));
  }
  for (const [name, child] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    const at = `${path}.properties[${name}]`;
    if (level === 'root' && name === 'metadata') errors.push(...metadataViolations(child, at));
    else if (isObject(child)) errors.push(...visit(child, 'field', at));
    else errors.push(cause.required(`${at}.type`, missingType.field));
  }
  return errors;
}

function metadataViolations(metadata: unknown, path: string): FieldCause[] {
  const properties = own(metadata, 'properties');
  const names = Object.keys(isObject(properties) ? properties : {});
  const isAllowed =
    isObject(metadata) &&
    metadata.type === 'object' &&
    Object.keys(metadata).every((key) => key === 'type' || key === 'properties' || key === 'description') &&
    names.every((name) => name === 'name' || name === 'generateName');
  const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return isAllowed ? [] : [cause.forbidden(path, detail)];
}
