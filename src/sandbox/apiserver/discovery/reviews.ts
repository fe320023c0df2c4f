/** Kinds that are asked, not stored: who am I, what may I. */
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Question, User } from '../authorization/question.ts';
import { invalid } from '../errors.ts';
import { cause } from '../field-cause.ts';
import { isObject, type Json, list, objectOf, text, texts } from '../json.ts';

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

/** @throws ApiFailure 422 */
export function answerReview(authorizer: Authorizer, kind: ReviewKind, body: Json, user: User): Json {
  const head = { kind: kind.kind, apiVersion: `${kind.group}/${kind.version}`, metadata: objectOf(body.metadata) };
  const spec = objectOf(body.spec);
  switch (kind.kind) {
    case 'SelfSubjectReview':
      return { ...head, status: { userInfo: { username: user.username, groups: user.groups } } };
    case 'SelfSubjectRulesReview': {
      const rules = authorizer.rulesFor(user, text(spec.namespace));
      const status = {
        resourceRules: rules.filter(({ resources }) => resources !== undefined),
        nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined),
        incomplete: false,
      };
      return { ...head, spec: {}, status };
    }
    default: {
      checkSpec(kind, spec);
      const asked = kind.kind.startsWith('Self') ? user : { username: text(spec.user), groups: texts(spec.groups) };
      const { allowed, reason } = authorizer.authorize(asked, questionIn(spec));
      return { ...head, spec: body.spec, status: { allowed, ...(reason === '' ? {} : { reason }) } };
    }
  }
}

function questionIn({ resourceAttributes, nonResourceAttributes }: Json): Question {
  if (!isObject(resourceAttributes)) {
    const { verb, path } = objectOf(nonResourceAttributes);
    return { verb: text(verb), path: text(path) };
  }
  const { verb, group, resource, subresource, namespace, name } = resourceAttributes;
  return {
    verb: text(verb),
    group: text(group),
    resource: text(resource),
    subresource: text(subresource),
    namespace: text(namespace),
    name: text(name),
  };
}

/** @throws ApiFailure 422 for a question that asks nothing, or two things */
function checkSpec({ group, kind }: ReviewKind, spec: Json): void {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const faults = [];
  if (resource !== undefined && other !== undefined) {
    const { verb, path } = objectOf(other);
    const shown = { Path: path, Verb: verb };
    const why = 'cannot be specified in combination with resourceAttributes';
    faults.push(cause.invalid('spec.nonResourceAttributes', shown, why));
  }
  if (resource === undefined && other === undefined) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    faults.push(cause.invalid('spec.resourceAttributes', null, why));
  }
  if (!kind.startsWith('Self') && text(spec.user) === '' && list(spec.groups).length === 0) {
    faults.push(cause.invalid('spec.user', '', 'at least one of user or group must be specified'));
  }
  if (faults.length > 0) throw invalid({ group, plural: '', kind: '' }, '', faults);
}
