/**
 * One declaration makes the TypeScript type, the CRD and the reference page of a resource: the TypeBox schema is JSON
 * Schema, so `generate/` prints it, and `Static<>` is its type.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { InvalidObjectError, type Violation } from './errors.ts';
import { isRecord } from './json.ts';
import { ObjectMeta } from './meta.ts';
import { shapeOf } from './shape.ts';

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  /** Columns above 0 are shown by `-o wide` only. Default 0. */
  readonly priority?: number;
}

/** A CEL rule that the API server enforces at admission: an element of a schema's `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  /** CEL for a message with values. */
  readonly messageExpression?: string;
  /** Of the field to blame, relative to the schema: `.end`. */
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueDuplicate';
}

/** What a condition says, for the reference page. */
export interface ConditionDoc {
  readonly type: string;
  readonly description: string;
  readonly reasons: readonly { readonly reason: string; readonly status: string; readonly description: string }[];
}

/** An event, for the reference page. */
export interface EventDoc {
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly description: string;
}

/** Extra keywords of a schema: the CEL rules that must hold for it. */
export function validations(...rules: readonly ValidationRule[]) {
  return { 'x-kubernetes-validations': rules };
}

export interface ResourceOptions<Spec extends TSchema = TSchema, Status extends TSchema = TSchema> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** First line of `kubectl explain` and of the reference page. */
  readonly description: string;
  readonly spec: Spec;
  readonly status: Status;
  readonly columns: readonly PrinterColumn[];
  readonly conditions?: readonly ConditionDoc[];
  readonly events?: readonly EventDoc[];
  /**
   * Brings an object that an older version wrote to the present shape, without loss; gets a deep copy.
   * Default: nothing to bring.
   */
  readonly upgrade?: (object: Record<string, unknown>) => void;
}

/** Two segments at most: the identity for an error message, of something that may not be an object at all. */
function identityOf(kind: string, object: unknown): { kind: string; namespace: string; name: string } {
  const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { kind, namespace: text(metadata.namespace), name: text(metadata.name) };
}

/** The object itself when it is nested too deeply to be copied: no version of Kuberik wrote that. */
function copyOf(object: unknown): unknown {
  try {
    return structuredClone(object);
  } catch {
    return object;
  }
}

/**
 * Builds `parse` for a schema: a check, not a conversion, so that unknown fields stay where they are. It checks the
 * shape alone (see shape.ts): what the type says is certain, values are for `resolve` functions to understand.
 */
export function parserFor<S extends TSchema>(
  kind: string,
  schema: S,
  upgrade?: (object: Record<string, unknown>) => void,
): (object: unknown) => Static<S> & { readonly [field: string]: unknown } {
  const validator = Compile(shapeOf(schema));
  const check = (value: unknown): value is Static<S> & { readonly [field: string]: unknown } => validator.Check(value);
  return (object) => {
    if (check(object)) return object;
    const upgraded = upgrade === undefined ? object : copyOf(object);
    if (upgrade !== undefined && isRecord(upgraded) && upgraded !== object) {
      upgrade(upgraded);
      if (check(upgraded)) return upgraded;
    }
    const violations: Violation[] = validator
      .Errors(upgraded)
      .slice(0, 10)
      .map((error) => ({ path: error.instancePath, message: error.message }));
    throw new InvalidObjectError(identityOf(kind, object), violations, object);
  };
}

export function defineResource<Spec extends TSchema, Status extends TSchema>(options: ResourceOptions<Spec, Status>) {
  const schema = Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: ObjectMeta,
    spec: options.spec,
    status: Type.Optional(options.status),
  });
  return {
    apiVersion: `${options.group}/${options.version}`,
    kind: options.kind,
    plural: options.plural,
    namespaced: options.scope === 'Namespaced',
    parse: parserFor(options.kind, schema, options.upgrade),
    options,
  };
}
