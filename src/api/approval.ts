/** `Approval` (kuberik.com/v1alpha1): what one person decided about one version at one gate. */
import Type, { type Static } from 'typebox';
import { defineResource, validations } from './define-resource.ts';
import { type Digest, TAG_PATTERN, type Tag } from './tag.ts';

export const ApprovalDecision = ['Approve', 'Reject'] as const;
export type ApprovalDecision = (typeof ApprovalDecision)[number];

export const ApprovalSpec = Type.Object(
  {
    gateRef: Type.Object(
      { name: Type.String({ description: 'Name of the RolloutGate.', minLength: 1, maxLength: 253 }) },
      { description: 'The RolloutGate of this namespace, of class `manual`.' },
    ),
    version: Type.Optional(
      Type.Unsafe<Tag>(
        Type.String({ description: 'The tag that the decision is about.', pattern: TAG_PATTERN, maxLength: 128 }),
      ),
    ),
    digest: Type.Optional(
      Type.Unsafe<Digest>(
        Type.String({
          description: 'The digest that the decision is about; with both, the tag counts on this digest alone.',
          pattern: '^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]{32,}$',
          maxLength: 256,
        }),
      ),
    ),
    decision: Type.Enum([...ApprovalDecision], {
      description: '`Approve`, or `Reject`, which keeps the gate closed for this version whatever others decide.',
    }),
    reason: Type.Optional(Type.String({ description: 'Why, for people.', maxLength: 1024 })),
    by: Type.String({
      description:
        'User name of the person who decides. The API server refuses any other than that of the requesting user.',
      minLength: 1,
      maxLength: 253,
    }),
  },
  {
    description: 'What was decided. It never changes: the newest Approval of a person is what counts.',
    ...validations(
      { rule: 'self == oldSelf', message: 'an Approval never changes: create another one' },
      { rule: 'has(self.version) || has(self.digest)', message: 'say which version: set version, digest or both' },
    ),
  },
);
export type ApprovalSpec = Static<typeof ApprovalSpec>;

export const Approval = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'Approval',
  plural: 'approvals',
  singular: 'approval',
  scope: 'Namespaced',
  description: 'Approval is the decision of one person about one version at a RolloutGate of class `manual`.',
  spec: ApprovalSpec,
  status: Type.Object({}, { description: 'Nothing: the Rollout says what the gate waits for.' }),
  columns: [
    { name: 'Gate', type: 'string', jsonPath: '.spec.gateRef.name' },
    { name: 'Version', type: 'string', jsonPath: '.spec.version' },
    { name: 'Decision', type: 'string', jsonPath: '.spec.decision' },
    { name: 'By', type: 'string', jsonPath: '.spec.by' },
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});
export type Approval = ReturnType<typeof Approval.parse>;
