/** `Freeze` (kuberik.com/v1alpha1): stops the line. Nothing automatic is deployed while it is there. */
import Type, { type Static } from 'typebox';
import { defineResource } from './define-resource.ts';
import { NamespaceSelector, SelectorOf } from './meta.ts';

export const FreezeSpec = Type.Object(
  {
    reason: Type.String({ description: 'Why, for people.', minLength: 1, maxLength: 1024 }),
    until: Type.Optional(
      Type.String({ description: 'When it ends by itself. Absent: when it is deleted.', format: 'date-time' }),
    ),
    namespaceSelector: Type.Optional(NamespaceSelector),
    rolloutSelector: Type.Optional(
      SelectorOf('The Rollouts that are meant, by their labels. Absent or `{}`: every one.'),
    ),
  },
  { description: 'What is stopped, why, and until when. A selector that cannot be understood selects everything.' },
);
export type FreezeSpec = Static<typeof FreezeSpec>;

export const Freeze = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'Freeze',
  plural: 'freezes',
  singular: 'freeze',
  scope: 'Cluster',
  description:
    'Freeze stops the line: nothing automatic is deployed, rollbacks included. People may still roll back and force-deploy.',
  spec: FreezeSpec,
  status: Type.Object({}, { description: 'Nothing: each Rollout says that it is frozen.' }),
  columns: [
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason' },
    { name: 'Until', type: 'string', jsonPath: '.spec.until' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});
export type Freeze = ReturnType<typeof Freeze.parse>;
