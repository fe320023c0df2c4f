/** `HealthCheck` (kuberik.com/v1alpha1): one probe of the health of what was deployed. */
import Type, { type Static } from 'typebox';
import { defineResource } from './define-resource.ts';
import { Conditions } from './meta.ts';

export const HealthCheckSpec = Type.Object(
  {
    class: Type.Optional(
      Type.String({
        description:
          'Who judges: `kustomization` is built in; any other class is judged by a controller of its own, which writes `status`.',
      }),
    ),
  },
  { description: 'How health is judged.' },
);
export type HealthCheckSpec = Static<typeof HealthCheckSpec>;

export const HealthCheckStatus = Type.Object(
  {
    status: Type.Optional(Type.String({ description: '`Healthy`, `Unhealthy` or `Pending`; absent: not judged yet.' })),
    message: Type.Optional(Type.String({ description: 'What was seen.' })),
    lastErrorTime: Type.Optional(Type.String({ description: 'When the last failure happened.', format: 'date-time' })),
    lastChangeTime: Type.Optional(
      Type.String({
        description: 'When `status` last changed, or was confirmed for a new deployment.',
        format: 'date-time',
      }),
    ),
    observedRevision: Type.Optional(Type.String({ description: 'The revision that the verdict is about, if known.' })),
    conditions: Type.Optional(Conditions('`Ready` is False when the check itself cannot run.')),
  },
  { description: 'The verdict.' },
);
export type HealthCheckStatus = Static<typeof HealthCheckStatus>;

export const HealthCheck = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'HealthCheck',
  plural: 'healthchecks',
  singular: 'healthcheck',
  scope: 'Namespaced',
  description: 'HealthCheck judges the health of what a Rollout deployed.',
  spec: HealthCheckSpec,
  status: HealthCheckStatus,
  columns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.class' },
    { name: 'Status', type: 'string', jsonPath: '.status.status' },
    { name: 'Message', type: 'string', jsonPath: '.status.message' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  upgrade(object) {
    // A check of a class of its own has nothing to say in its spec, and may come without one.
    object.spec ??= {};
  },
});
export type HealthCheck = ReturnType<typeof HealthCheck.parse>;
