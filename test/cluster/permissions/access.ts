/** `permissions` is about who may do what: the controller no more than it needs, people what their role says. */
import Type from 'typebox';
import { parserFor } from '../../../src/api/define-resource.ts';
import type { ResourceType } from '../../../src/api/resource-type.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { NAMESPACE, shipped } from '../support/controller.ts';

/** It is asked, never stored, and so has no name. */
const parse = parserFor(
  'SubjectAccessReview',
  Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: Type.Object({ name: Type.String() }),
    status: Type.Object({ allowed: Type.Boolean() }),
  }),
);

const SubjectAccessReview: ResourceType<ReturnType<typeof parse>> = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
  parse: (answer) => parse({ ...(answer as object), metadata: { name: '' } }),
};

export interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
}

export const controllerAccount: Subject = {
  user: `system:serviceaccount:${NAMESPACE}:${shipped().serviceAccount}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'],
};

export function person(user: string): Subject {
  return { user, groups: ['system:authenticated'] };
}

/**
 * What `kubectl auth can-i` asks.
 * @param request `verb resource[.group][/subresource]`
 * @param namespace empty: in all of them
 */
export async function may(client: KubeClient, subject: Subject, request: string, namespace = ''): Promise<boolean> {
  const [verb = '', address = ''] = request.split(' ');
  const [qualified = '', subresource = ''] = address.split('/');
  const [resource, ...group] = qualified.split('.');
  const resourceAttributes = { verb, resource, group: group.join('.'), subresource, namespace };
  const { apiVersion, kind } = SubjectAccessReview;
  const spec = { ...subject, resourceAttributes };
  const { status } = await client.create(SubjectAccessReview, { apiVersion, kind, metadata: { name: '' }, spec });
  return status.allowed;
}
