/** `RolloutGate` (kuberik.com/v1alpha1): decides whether, and which, versions may be deployed by a Rollout. */
import Type, { type Static } from 'typebox';
import { defineResource } from './define-resource.ts';
import { ReferenceTo } from './meta.ts';

export const RolloutGateSpec = Type.Object(
  {
    rolloutRef: ReferenceTo('The Rollout of this namespace that the gate is for.'),
    passing: Type.Optional(
      Type.Boolean({ default: true, description: '`false` closes the gate for every version. Default: true.' }),
    ),
    allowedVersions: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Tags that may be deployed. Absent: every tag. Empty list: none.',
      }),
    ),
  },
  { description: 'What the gate allows.' },
);
export type RolloutGateSpec = Static<typeof RolloutGateSpec>;

export const RolloutGate = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'RolloutGate',
  plural: 'rolloutgates',
  singular: 'rolloutgate',
  scope: 'Namespaced',
  description: 'RolloutGate decides whether, and which, versions a Rollout of the same namespace may deploy.',
  spec: RolloutGateSpec,
  status: Type.Object({}, { description: 'Nothing yet.' }),
  columns: [
    { name: 'Rollout', type: 'string', jsonPath: '.spec.rolloutRef.name' },
    { name: 'Passing', type: 'boolean', jsonPath: '.spec.passing' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});
export type RolloutGate = ReturnType<typeof RolloutGate.parse>;
