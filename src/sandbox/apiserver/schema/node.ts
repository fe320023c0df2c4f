/** A node of a structural schema, read once, so that walking an object asks no questions about the schema's form. */
import { isArray, isObject, type Json, text, texts } from '../json.ts';

export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression: string;
  readonly reason: string;
  readonly fieldPath: string;
  readonly optionalOldSelf: boolean;
}

export interface SchemaNode {
  /** Empty for an untyped node: `x-kubernetes-int-or-string`, preserve-unknown-fields, or under a junctor. */
  readonly type: string;
  readonly properties: Readonly<Record<string, SchemaNode>>;
  /** True for `additionalProperties: true`. */
  readonly additional: SchemaNode | true | undefined;
  readonly items: SchemaNode | undefined;
  readonly nullable: boolean;
  readonly preserve: boolean;
  readonly embedded: boolean;
  readonly intOrString: boolean;
  readonly listType: 'atomic' | 'set' | 'map';
  readonly listKeys: readonly string[];
  readonly atomicMap: boolean;
  /** Undefined: none. */
  readonly default: unknown;
  readonly required: readonly string[];
  readonly enum: readonly unknown[] | undefined;
  readonly format: string;
  readonly pattern: { readonly source: string; readonly expression: RegExp } | undefined;
  readonly limits: Limits;
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
  readonly rules: readonly Rule[];
}

interface Limits {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  readonly multipleOf: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly minProperties: number | undefined;
  readonly maxProperties: number | undefined;
  readonly uniqueItems: boolean;
}

/** Reads a schema from outside; anything that is no schema is a node that says nothing. */
export function readNode(schema: unknown): SchemaNode {
  const raw = isObject(schema) ? schema : {};
  return {
    type: text(raw.type),
    properties: readProperties(raw.properties),
    additional: raw.additionalProperties === true ? true : optionalNode(raw.additionalProperties),
    items: optionalNode(raw.items),
    nullable: raw.nullable === true,
    preserve: raw['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: raw['x-kubernetes-embedded-resource'] === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true,
    listType: listTypeOf(raw['x-kubernetes-list-type']),
    listKeys: texts(raw['x-kubernetes-list-map-keys']),
    atomicMap: raw['x-kubernetes-map-type'] === 'atomic',
    default: raw.default ?? undefined,
    required: texts(raw.required),
    enum: isArray(raw.enum) && raw.enum.length > 0 ? raw.enum : undefined,
    format: text(raw.format),
    pattern: patternOf(text(raw.pattern)),
    limits: limitsOf(raw),
    allOf: nodeList(raw.allOf),
    anyOf: nodeList(raw.anyOf),
    oneOf: nodeList(raw.oneOf),
    not: optionalNode(raw.not),
    rules: isArray(raw['x-kubernetes-validations']) ? raw['x-kubernetes-validations'].map(readRule) : [],
  };
}

function readProperties(raw: unknown): Readonly<Record<string, SchemaNode>> {
  if (!isObject(raw)) return {};
  return Object.fromEntries(Object.entries(raw).map(([name, child]) => [name, readNode(child)]));
}

function optionalNode(raw: unknown): SchemaNode | undefined {
  return isObject(raw) ? readNode(raw) : undefined;
}

function nodeList(raw: unknown): SchemaNode[] {
  return isArray(raw) ? raw.map(readNode) : [];
}

function number(raw: unknown): number | undefined {
  return typeof raw === 'number' ? raw : undefined;
}

function listTypeOf(raw: unknown): SchemaNode['listType'] {
  return raw === 'set' || raw === 'map' ? raw : 'atomic';
}

function limitsOf(raw: Json): Limits {
  return {
    minimum: number(raw.minimum),
    maximum: number(raw.maximum),
    exclusiveMinimum: raw.exclusiveMinimum === true,
    exclusiveMaximum: raw.exclusiveMaximum === true,
    multipleOf: number(raw.multipleOf),
    minLength: number(raw.minLength),
    maxLength: number(raw.maxLength),
    minItems: number(raw.minItems),
    maxItems: number(raw.maxItems),
    minProperties: number(raw.minProperties),
    maxProperties: number(raw.maxProperties),
    uniqueItems: raw.uniqueItems === true,
  };
}

function readRule(raw: unknown): Rule {
  const rule = isObject(raw) ? raw : {};
  return {
    rule: text(rule.rule),
    message: text(rule.message),
    messageExpression: text(rule.messageExpression),
    reason: text(rule.reason),
    fieldPath: text(rule.fieldPath),
    optionalOldSelf: rule.optionalOldSelf === true,
  };
}

function patternOf(source: string): SchemaNode['pattern'] {
  const expression = source === '' ? undefined : goRegExp(source);
  return expression === undefined ? undefined : { source, expression };
}

/**
 * A Go (RE2) expression as JavaScript reads it: named groups, anchors and leading flags are spelled differently.
 * Undefined when JavaScript has no such expression.
 */
export function goRegExp(source: string): RegExp | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(source)?.[1] ?? '';
  const body = source
    .replace(/^\(\?[ims]+\)/, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:digit:]]', '[0-9]')
    .replaceAll('[[:alnum:]]', '[0-9A-Za-z]');
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(body, flags + unicode);
    } catch {
      // An escape that only the other mode has.
    }
  }
  return undefined;
}

/** The schema of an object's key: its property, or what `additionalProperties` says. */
export function nodeAt(node: SchemaNode, key: string): SchemaNode | undefined {
  if (Object.hasOwn(node.properties, key)) return node.properties[key];
  return node.additional === true ? undefined : node.additional;
}

/** `spec.name`: the path of a key under an object's path, which is empty for the root. */
export function childPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
