/** What one policy has against a change. */
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Json } from '../json.ts';
import { CelAuthorizer } from './cel-authorizer.ts';
import type { Change } from './change.ts';
import { problemOf, toCel } from './environment.ts';
import type { Expression, Named, Policy, Validation } from './policy.ts';
import { requestOf } from './request.ts';

export interface Objection {
  readonly message: string;
  /** Of the answer; empty: `Invalid`. */
  readonly reason: string;
}

export function evaluate(policy: Policy, change: Change, authorizer: Authorizer): readonly Objection[] {
  const context = contextOf(policy, change, authorizer);
  const failed = (problem: string): readonly Objection[] =>
    policy.ignoresFailures ? [] : [{ message: problem, reason: '' }];
  for (const { expression } of policy.conditions) {
    const found = attempt(expression, context);
    if (found.problem !== undefined) return failed(found.problem);
    if (found.value !== true) return [];
  }
  return policy.validations.flatMap((validation) => {
    const found = attempt(validation, context);
    if (found.problem !== undefined) return failed(found.problem);
    return found.value === true ? [] : [{ message: messageOf(validation, context), reason: validation.reason }];
  });
}

type Found = { readonly value: unknown; readonly problem?: undefined } | { readonly problem: string };

function attempt({ source, program }: Expression, context: Json): Found {
  try {
    return { value: program(context) };
  } catch (error) {
    return { problem: `expression '${source}' resulted in error: ${problemOf(error)}` };
  }
}

/** As kube-apiserver: a message that is blank, broken into lines or too long is not shown. */
function messageOf({ source, message, messageExpression }: Validation, context: Json): string {
  const found = messageExpression === undefined ? undefined : attempt(messageExpression, context);
  const custom =
    found !== undefined && found.problem === undefined && typeof found.value === 'string' ? found.value : '';
  const trimmed = custom.trim();
  if (trimmed !== '' && !trimmed.includes('\n') && trimmed.length <= longestMessage) return trimmed;
  return message === '' ? `failed expression: ${source.trim()}` : message.trim();
}

const longestMessage = 5 * 1024;

function contextOf({ variables }: Policy, change: Change, authorizer: Authorizer): Json {
  const { target, subresource, namespace, name, user } = change;
  const { group, plural: resource } = target.type;
  const about = { group, resource, subresource, namespace, name };
  const named: Json = {};
  const context: Json = {
    object: toCel(change.object ?? null),
    oldObject: toCel(change.oldObject ?? null),
    request: toCel(requestOf(change)),
    namespaceObject: toCel(change.namespaceObject ?? null),
    authorizer: new CelAuthorizer(authorizer, user, about),
    variables: named,
  };
  for (const variable of variables) defineLazily(named, variable, context);
  return context;
}

/** Evaluated when it is first used, and then no more. */
function defineLazily(variables: Json, { name, expression }: Named, context: Json): void {
  const rest = { enumerable: true, configurable: true };
  Object.defineProperty(variables, name, {
    ...rest,
    get: (): unknown => {
      const value = valueOf(name, expression, context);
      Object.defineProperty(variables, name, { ...rest, value });
      return value;
    },
  });
}

/** @throws Error that names the variable */
function valueOf(name: string, { program }: Expression, context: Json): unknown {
  try {
    return program(context);
  } catch (error) {
    throw new Error(`composited variable "${name}" fails to evaluate: ${problemOf(error)}`, { cause: error });
  }
}
