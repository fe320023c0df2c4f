/** Acting as somebody else. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
import type { IncomingMessage } from 'node:http';
import { badRequest } from '../errors.ts';
import type { Authorizer } from './authorizer.ts';
import { type User, withKnownGroups } from './question.ts';
import { refusal } from './refusal.ts';

/** @returns who the request is made as. @throws ApiFailure 403, or 400 for groups without a user */
export function actingUser(authorizer: Authorizer, request: IncomingMessage, user: User): User {
  const name = request.headersDistinct['impersonate-user']?.[0] ?? '';
  const groups = request.headersDistinct['impersonate-group'] ?? [];
  if (name === '' && groups.length === 0) return user;
  if (name === '')
    throw badRequest(
      `requested [${groups.map((group) => `{Group  ${group}    }`).join(' ')}] without impersonating a user`,
    );
  check(authorizer, user, ...identity(name));
  for (const group of groups) check(authorizer, user, 'groups', '', group);
  return withKnownGroups({ username: name, groups });
}

function identity(username: string): readonly [string, string, string] {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  return namespace === undefined || account === undefined
    ? ['users', '', username]
    : ['serviceaccounts', namespace, account];
}

/** @throws ApiFailure 403 */
function check(authorizer: Authorizer, user: User, resource: string, namespace: string, name: string): void {
  const question = { verb: 'impersonate', group: '', resource, subresource: '', namespace, name };
  const verdict = authorizer.authorize(user, question);
  if (!verdict.allowed) throw refusal(user, question, verdict);
}
