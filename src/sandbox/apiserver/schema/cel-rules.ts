/**
 * `x-kubernetes-validations`.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
import {
  TypeError as CelTypeError,
  type Environment,
  EvaluationError,
  Optional,
  ParseError,
} from '@marcbachmann/cel-js';
import { cause, type FieldCause, omitted } from '../field-cause.ts';
import { equal, isArray, isObject, own } from '../json.ts';
import { ruleEnvironment } from './cel-environment.ts';
import { celConverter } from './cel-values.ts';
import { childPath, type Rule, type SchemaNode } from './node.ts';
import { oldItem } from './validate.ts';

/** The errors of every rule that does not hold. Both objects are pruned and defaulted. */
export type RuleChecker = (object: unknown, old: unknown) => FieldCause[];

type Program = (context: { readonly self: unknown; readonly oldSelf?: unknown }) => unknown;

interface CompiledRule {
  readonly rule: Rule;
  readonly usesOldSelf: boolean;
  /** A text instead of a program: why it does not compile. */
  readonly program: Program | string;
  readonly message: Program | undefined;
}

/** A schema node with rules in or under it. */
interface RuleNode {
  readonly schema: SchemaNode;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly additional: RuleNode | undefined;
  readonly items: RuleNode | undefined;
}

const environments = { transition: ruleEnvironment('dyn'), optional: ruleEnvironment('optional') };
const toCel = celConverter(environments.transition);

/** Compiles every rule of a schema, once; undefined when it has none. */
export function compileRules(schema: SchemaNode): RuleChecker | undefined {
  const root = compileNode(schema);
  if (root === undefined) return undefined;
  return (object, old) => check(root, { value: object, old, unchanged: false, path: '', resource: true });
}

/** Why a rule is no expression; undefined when it is one. */
export function ruleSyntaxError(rule: string): string | undefined {
  const program = compile(rule, environments.transition);
  return typeof program === 'string' ? program : undefined;
}

function compileNode(schema: SchemaNode): RuleNode | undefined {
  const properties = Object.entries(schema.properties).flatMap(([name, child]): [string, RuleNode][] => {
    const node = compileNode(child);
    return node === undefined ? [] : [[name, node]];
  });
  const { additional, items } = schema;
  const node: RuleNode = {
    schema,
    rules: schema.rules.map((rule) => compileRule(rule)),
    properties: new Map(properties),
    additional: additional === undefined || additional === true ? undefined : compileNode(additional),
    items: items === undefined ? undefined : compileNode(items),
  };
  const isEmpty = node.rules.length === 0 && properties.length === 0 && !node.additional && !node.items;
  return isEmpty ? undefined : node;
}

function compileRule(rule: Rule): CompiledRule {
  const environment = rule.optionalOldSelf ? environments.optional : environments.transition;
  const message = rule.messageExpression === '' ? undefined : compile(rule.messageExpression, environment);
  return {
    rule,
    // Outside of string literals.
    usesOldSelf: /\boldSelf\b/.test(rule.rule.replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '')),
    program: compile(rule.rule, environment),
    message: typeof message === 'string' ? undefined : message,
  };
}

function compile(expression: string, environment: Environment): Program | string {
  try {
    return environment.parse(expression);
  } catch (error) {
    return problemOf(error);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError)
    return error.summary;
  return error instanceof Error ? error.message : String(error);
}

interface Place {
  readonly value: unknown;
  /** The same value before the update; undefined when there is none or it cannot be told which it was. */
  readonly old: unknown;
  /** Whether something around the value is as it was before. */
  readonly unchanged: boolean;
  readonly path: string;
  readonly resource: boolean;
}

function check(node: RuleNode, place: Place): FieldCause[] {
  const { value, path } = place;
  if (value === null || value === undefined) return [];
  const unchanged = place.unchanged || (place.old !== undefined && equal(place.old, value));
  const inside = { ...place, unchanged };
  const errors = node.rules.length === 0 ? [] : checkRules(node, inside);
  if (isArray(value) && node.items !== undefined) {
    const { items, schema } = node;
    const below = value.map((item, index) => {
      const old = oldItem(schema, item, place.old);
      return { value: item, old, unchanged, path: `${path}[${index}]`, resource: items.schema.embedded };
    });
    return [...errors, ...below.flatMap((child) => check(items, child))];
  }
  return isObject(value) ? [...errors, ...checkFields(node, value, inside)] : errors;
}

function checkFields(node: RuleNode, object: Record<string, unknown>, place: Place): FieldCause[] {
  const { path, unchanged } = place;
  return Object.entries(object).flatMap(([key, value]) => {
    const isProperty = Object.hasOwn(node.schema.properties, key);
    const child = isProperty ? node.properties.get(key) : node.additional;
    if (child === undefined) return [];
    const here = isProperty ? childPath(path, key) : `${path}[${key}]`;
    const old = node.schema.atomicMap ? undefined : own(place.old, key);
    return check(child, { value, old, unchanged, path: here, resource: child.schema.embedded });
  });
}

function checkRules(node: RuleNode, place: Place): FieldCause[] {
  const self = toCel(node.schema, place.value, place.resource);
  const oldSelf =
    place.old === undefined || place.old === null ? undefined : toCel(node.schema, place.old, place.resource);
  return node.rules.flatMap((compiled) => {
    const { rule, usesOldSelf } = compiled;
    if (usesOldSelf && oldSelf === undefined && !rule.optionalOldSelf) return [];
    const optional = oldSelf === undefined ? Optional.none() : Optional.of(oldSelf);
    const error = checkRule(compiled, node.schema, place, {
      self,
      oldSelf: rule.optionalOldSelf ? optional : oldSelf,
    });
    // An unchanged value may break a rule that came later; a transition rule speaks about the change itself.
    const isLetPass = place.unchanged && !usesOldSelf;
    return error === undefined || isLetPass ? [] : [error];
  });
}

interface RuleContext {
  readonly self: unknown;
  readonly oldSelf: unknown;
}

function checkRule(
  compiled: CompiledRule,
  schema: SchemaNode,
  place: Place,
  context: RuleContext,
): FieldCause | undefined {
  const { rule, program } = compiled;
  const { path, value } = place;
  const invalid = (detail: string): FieldCause => cause.invalid(path, schema.type, detail);
  if (typeof program === 'string') return invalid(`rule compile error: ${program}`);
  try {
    if (program(context) === true) return undefined;
  } catch (error) {
    return invalid(failureText(error, rule));
  }
  const detail = messageOf(compiled, context);
  const at = path + fieldPathText(rule.fieldPath, path);
  const shown = schema.type === 'object' || schema.type === 'array' ? omitted : value;
  switch (rule.reason) {
    case 'FieldValueRequired':
      return cause.required(at, detail);
    case 'FieldValueForbidden':
      return cause.forbidden(at, detail);
    case 'FieldValueDuplicate':
      return cause.duplicate(at, shown);
    default:
      return cause.invalid(at, shown, detail);
  }
}

function failureText(error: unknown, rule: Rule): string {
  const text = ruleText(rule);
  const code = error instanceof EvaluationError ? error.code : '';
  if (code === 'no_such_overload' || code === 'no_matching_overload') {
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${text}`;
  }
  const problem = problemOf(error).replace(/^No such key: (index out of bounds), index (-?\d+).*/, '$1: $2');
  return `${problem.charAt(0).toLowerCase()}${problem.slice(1)} evaluating rule: ${text}`;
}

function ruleText(rule: Rule): string {
  return (rule.message === '' ? rule.rule : rule.message).trim();
}

function messageOf(compiled: CompiledRule, context: RuleContext): string {
  const { rule, message } = compiled;
  const evaluated = message === undefined ? undefined : evaluateMessage(message, context);
  if (evaluated !== undefined) return evaluated;
  return rule.message === '' ? `failed rule: ${ruleText(rule)}` : rule.message.trim();
}

/** Undefined when it fails, is no text, is blank or has line breaks: then the fixed message stands. */
function evaluateMessage(message: Program, context: RuleContext): string | undefined {
  try {
    const text = message(context);
    const trimmed = typeof text === 'string' ? text.trim() : '';
    return trimmed === '' || trimmed.includes('\n') ? undefined : trimmed;
  } catch {
    return undefined;
  }
}

/** `.a['b.c']` under `spec` is `spec.a[b.c]`. */
function fieldPathText(fieldPath: string, path: string): string {
  const text = fieldPath.replaceAll(/\['((?:\\.|[^'\\])*)'\]/g, '[$1]');
  return path === '' ? text.replace(/^\./, '') : text;
}
