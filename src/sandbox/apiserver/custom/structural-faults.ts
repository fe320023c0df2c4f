/**
 * Whether a schema is structural: what makes the API server refuse a CustomResourceDefinition.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import { cause, type FieldCause } from '../errors.ts';
import { isObject, type Json, objects, text } from '../json.ts';

const forbidden = [
  'definitions',
  'dependencies',
  'deprecated',
  'discriminator',
  'id',
  'patternProperties',
  'readOnly',
  'writeOnly',
  'xml',
  '$ref',
];
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

export function structuralFaults(schema: Json, path: string): FieldCause[] {
  const found = [...nodeFaults(schema, path)];
  if (schema.type !== 'object' && schema.type !== undefined) {
    found.push(cause.invalid(`${path}.type`, text(schema.type), 'must be object at the root'));
  }
  return found;
}

function nodeFaults(schema: Json, path: string): FieldCause[] {
  const found = forbidden
    .filter((field) => schema[field] !== undefined)
    .map((field) => cause.forbidden(`${path}.${field}`, `${field} is not supported`));
  const free = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.type === undefined && !free) {
    found.push(cause.required(`${path}.type`, describe(path)));
  }
  if (schema.type !== undefined && !types.includes(text(schema.type))) {
    found.push(cause.notSupported(`${path}.type`, text(schema.type), types));
  }
  if (schema.properties !== undefined && isObject(schema.additionalProperties)) {
    found.push(
      cause.forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  }
  if (schema.uniqueItems === true) {
    found.push(
      cause.forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  if (schema.type === 'array' && !isObject(schema.items))
    found.push(cause.required(`${path}.items`, 'must be specified'));
  found.push(...ruleFaults(schema, path));
  if (isObject(schema.properties)) {
    for (const [name, child] of Object.entries(schema.properties)) {
      if (isObject(child)) found.push(...nodeFaults(child, `${path}.properties[${name}]`));
    }
  }
  if (isObject(schema.items)) found.push(...nodeFaults(schema.items, `${path}.items`));
  if (isObject(schema.additionalProperties)) {
    found.push(...nodeFaults(schema.additionalProperties, `${path}.additionalProperties`));
  }
  return found;
}

function describe(path: string): string {
  if (path.endsWith('openAPIV3Schema')) return 'must not be empty at the root';
  return path.endsWith('.items')
    ? 'must not be empty for specified array items'
    : 'must not be empty for specified object fields';
}

function ruleFaults(schema: Json, path: string): FieldCause[] {
  return objects(schema['x-kubernetes-validations']).flatMap((rule, index) =>
    text(rule.rule).trim() === ''
      ? [cause.required(`${path}.x-kubernetes-validations[${index}].rule`, 'rule is not specified')]
      : [],
  );
}
