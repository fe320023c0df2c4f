/**
 * For tests: what an API server with our CRDs says about an object. The schema is checked by a JSON Schema validator of
 * its own and the CEL rules by a CEL interpreter, so that the generated files are judged and not the code that makes them.
 */
import { evaluate } from '@marcbachmann/cel-js';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { type ResourceOptions } from '../define-resource.ts';
import { crdObject } from '../generate/crd.ts';
import type { StructuralSchema } from '../generate/structural-schema.ts';
import { isRecord } from '../json.ts';

export interface Admission {
  /** `path message`, of the schema first and then of the CEL rules. */
  readonly violations: readonly string[];
  /** Paths of fields that the API server would drop. */
  readonly unknownFields: readonly string[];
}

export function admit(options: ResourceOptions, object: unknown): Admission {
  const schema = crdObject(options).spec.versions[0]?.schema.openAPIV3Schema ?? {};
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  validate(object);
  const bySchema = (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  const visit = walk('', schema, object);
  return { violations: [...bySchema, ...visit.violations], unknownFields: visit.unknownFields };
}

interface Visit {
  readonly violations: string[];
  readonly unknownFields: string[];
}

function walk(path: string, schema: StructuralSchema, value: unknown): Visit {
  const result: Visit = { violations: brokenRules(path, schema, value), unknownFields: [] };
  const visit = (inner: string, innerSchema: StructuralSchema, innerValue: unknown): void => {
    const { violations, unknownFields } = walk(inner, innerSchema, innerValue);
    result.violations.push(...violations);
    result.unknownFields.push(...unknownFields);
  };
  const { items, additionalProperties, properties = {} } = schema;
  if (Array.isArray(value) && items !== undefined) {
    for (const [index, element] of value.entries()) visit(`${path}/${index}`, items, element);
  }
  if (!isRecord(value) || path === '/metadata') return result;
  for (const [name, field] of Object.entries(value)) {
    const fieldSchema = properties[name] ?? additionalProperties;
    if (fieldSchema !== undefined) visit(`${path}/${name}`, fieldSchema, field);
    else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) result.unknownFields.push(`${path}/${name}`);
  }
  return result;
}

function brokenRules(path: string, schema: StructuralSchema, self: unknown): string[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  return rules.filter(({ rule }) => evaluate(rule, { self }) !== true).map(({ message }) => `${path} ${message}`);
}
