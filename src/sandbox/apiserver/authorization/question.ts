/**
 * `authorization` is who may do what: role-based access control over the stored roles and bindings, as kube-apiserver
 * has it. Here: what is asked.
 */

export interface User {
  readonly username: string;
  readonly groups: readonly string[];
}

/** May somebody do this to a resource. */
export interface ResourceQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty: cluster-scoped, or in all namespaces. */
  readonly namespace: string;
  /** Empty: not one object. */
  readonly name: string;
}

/** May somebody see a path that is no resource. */
export interface PathQuestion {
  readonly verb: string;
  readonly path: string;
}

export type Question = ResourceQuestion | PathQuestion;

export interface Verdict {
  readonly allowed: boolean;
  /** What allows it, or which role is missing; may be empty. */
  readonly reason: string;
}

/** Whose requests are never asked about. */
export const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';

const anonymous = 'system:anonymous';
const accountPrefix = 'system:serviceaccount:';

/** The user with the groups that everybody of the kind is in. */
export function withKnownGroups({ username, groups }: User): User {
  return { username, groups: [...new Set([...groups, ...knownGroups(username)])] };
}

function knownGroups(username: string): readonly string[] {
  if (username === anonymous) return [UNAUTHENTICATED];
  const [namespace] = username.startsWith(accountPrefix) ? username.slice(accountPrefix.length).split(':') : [];
  if (namespace === undefined) return [AUTHENTICATED];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED];
}
