/** One stored ValidatingAdmissionPolicy, compiled once for each of its states. */
import { type Json, objectOf, objects, optionalText, text } from '../json.ts';
import type { Stored } from '../store.ts';
import { compile, type Program, problemOf } from './environment.ts';

export interface Named {
  readonly name: string;
  readonly expression: Expression;
}

/** What is wrong with an expression is told when it is needed. */
export interface Expression {
  readonly source: string;
  readonly program: Program;
}

export interface Validation extends Expression {
  readonly message: string;
  readonly messageExpression: Expression | undefined;
  /** Of the answer; empty: `Invalid`. */
  readonly reason: string;
}

export interface Policy {
  readonly name: string;
  /** Failures of expressions let a request pass. */
  readonly ignoresFailures: boolean;
  readonly constraints: Json;
  readonly conditions: readonly Named[];
  readonly variables: readonly Named[];
  readonly validations: readonly Validation[];
}

const known = new WeakMap<Stored, Policy>();

export function policyOf(stored: Stored): Policy {
  const before = known.get(stored);
  if (before !== undefined) return before;
  const made = compiled(stored);
  known.set(stored, made);
  return made;
}

function compiled({ metadata, spec }: Stored): Policy {
  const { failurePolicy, matchConstraints, matchConditions, variables, validations } = objectOf(spec);
  return {
    name: text(objectOf(metadata).name),
    ignoresFailures: failurePolicy === 'Ignore',
    constraints: objectOf(matchConstraints),
    conditions: objects(matchConditions).map(named),
    variables: objects(variables).map(named),
    validations: objects(validations).map(validationOf),
  };
}

function named({ name, expression }: Json): Named {
  return { name: text(name), expression: expressionOf(text(expression), 'rule') };
}

function validationOf({ expression, message, messageExpression, reason }: Json): Validation {
  const custom = optionalText(messageExpression);
  return {
    ...expressionOf(text(expression), 'rule'),
    message: text(message),
    messageExpression: custom === undefined ? undefined : expressionOf(custom, 'message'),
    reason: text(reason),
  };
}

function expressionOf(source: string, use: 'rule' | 'message'): Expression {
  try {
    return { source, program: compile(source, use) };
  } catch (error) {
    const problem = `compilation error: ${problemOf(error)}`;
    return {
      source,
      program: () => {
        throw new Error(problem);
      },
    };
  }
}
