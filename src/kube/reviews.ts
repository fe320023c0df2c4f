/** Kinds that are asked, not stored: who am I, and what may I. */
import Type from 'typebox';
import { parserFor } from '../api/define-resource.ts';
import { isRecord } from '../api/json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient, RequestOptions } from './client.ts';

const identity = { apiVersion: Type.String(), kind: Type.String(), metadata: Type.Object({ name: Type.String() }) };

/** An answer has no name. */
function named(answer: unknown): unknown {
  return isRecord(answer) ? { ...answer, metadata: { name: '' } } : answer;
}

const parseIdentity = parserFor(
  'SelfSubjectReview',
  Type.Object({ ...identity, status: Type.Object({ userInfo: Type.Object({ username: Type.String() }) }) }),
);
const SelfSubjectReview: ResourceType<ReturnType<typeof parseIdentity>> = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  parse: (answer) => parseIdentity(named(answer)),
};

const parseAccess = parserFor(
  'SelfSubjectAccessReview',
  Type.Object({ ...identity, status: Type.Object({ allowed: Type.Boolean() }) }),
);
const SelfSubjectAccessReview: ResourceType<ReturnType<typeof parseAccess>> = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  parse: (answer) => parseAccess(named(answer)),
};

/** The name by which the API server knows whoever asks. */
export async function whoAmI(client: KubeClient, options: RequestOptions = {}): Promise<string> {
  const { apiVersion, kind } = SelfSubjectReview;
  const review = await client.create(SelfSubjectReview, { apiVersion, kind, metadata: { name: '' } }, options);
  return review.status.userInfo.username;
}

/** What one may do or not. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  /** Absent: every name. */
  readonly name?: string;
}

/** Whether whoever asks may do it, as the API server decides it. */
export async function mayI(client: KubeClient, access: Access, options: RequestOptions = {}): Promise<boolean> {
  const { apiVersion, kind } = SelfSubjectAccessReview;
  const question = { apiVersion, kind, metadata: { name: '' }, spec: { resourceAttributes: { ...access } } };
  const review = await client.create(SelfSubjectAccessReview, question, options);
  return review.status.allowed;
}
