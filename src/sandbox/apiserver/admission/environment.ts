/**
 * `admission` is what the stored ValidatingAdmissionPolicies make of a request. Here: their expressions.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { isArray, isObject, type Json } from '../json.ts';
import { libraryEnvironment } from '../schema/cel-environment.ts';
import { registerAuthorizer } from './cel-authorizer.ts';

const messages = libraryEnvironment()
  .registerVariable('object', 'dyn')
  .registerVariable('oldObject', 'dyn')
  .registerVariable('request', 'dyn')
  .registerVariable('namespaceObject', 'dyn')
  .registerVariable('variables', 'dyn');
const rules = messages.clone();
registerAuthorizer(rules);

export type Program = (context: Json) => unknown;

/** @param use a message may ask nobody. @throws Error that says why it is no expression */
export function compile(expression: string, use: 'rule' | 'message'): Program {
  try {
    const parsed = (use === 'message' ? messages : rules).parse(expression);
    const { valid, error } = parsed.check();
    if (!valid && error !== undefined) throw error;
    return parsed;
  } catch (error) {
    throw new Error(problemOf(error), { cause: error });
  }
}

/** What is wrong, in the words of the real server as far as they are known. */
export function problemOf(error: unknown): string {
  if (error instanceof ParseError || error instanceof CelTypeError) return error.summary;
  const problem = error instanceof EvaluationError ? error.summary : error instanceof Error ? error.message : 'unknown';
  return problem.charAt(0).toLowerCase() + problem.slice(1);
}

/** JSON as expressions see it: whole numbers are integers, everything else as it is. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (isArray(value)) return value.map(toCel);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toCel(one)]));
}
