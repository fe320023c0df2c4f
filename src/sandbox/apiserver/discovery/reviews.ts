/** Kinds that are asked, not stored: who am I, what may I. Without authorization everybody may everything. */
import { type Json, objectOf } from '../json.ts';

export interface User {
  readonly username: string;
  readonly groups: readonly string[];
}

interface ReviewKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function review(group: string, kind: string, namespaced = false): ReviewKind {
  const singular = kind.toLowerCase();
  return { group, version: 'v1', plural: `${singular}s`, singular, kind, namespaced };
}

export const reviewKinds: readonly ReviewKind[] = [
  review('authorization.k8s.io', 'LocalSubjectAccessReview', true),
  review('authorization.k8s.io', 'SelfSubjectAccessReview'),
  review('authorization.k8s.io', 'SelfSubjectRulesReview'),
  review('authorization.k8s.io', 'SubjectAccessReview'),
  review('authentication.k8s.io', 'SelfSubjectReview'),
];

export function findReview(group: string, version: string, plural: string): ReviewKind | undefined {
  return reviewKinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
}

export function answerReview(kind: ReviewKind, body: Json, user: User): Json {
  const head = { kind: kind.kind, apiVersion: `${kind.group}/${kind.version}`, metadata: objectOf(body.metadata) };
  switch (kind.kind) {
    case 'SelfSubjectReview':
      return { ...head, status: { userInfo: { username: user.username, groups: user.groups } } };
    case 'SelfSubjectRulesReview': {
      const status = {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      };
      return { ...head, spec: body.spec, status };
    }
    default:
      return { ...head, spec: body.spec, status: { allowed: true } };
  }
}
