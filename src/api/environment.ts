/** `Environment` (environments.kuberik.com/v1alpha1): where a Rollout deploys to, and which environment goes before it. */
import Type, { type Static } from 'typebox';
import { defineResource, validations } from './define-resource.ts';
import { DurationSchema } from './duration.ts';
import { Conditions, ReferenceTo } from './meta.ts';
import { HistoryEntry } from './rollout.ts';

export const RelationshipType = ['After', 'Parallel'] as const;
export type RelationshipType = (typeof RelationshipType)[number];

export const BackendType = ['github', 'kubernetes', 'oci'] as const;
export type BackendType = (typeof BackendType)[number];

/** The Secret with the backend's token when `spec.backend.secret` is absent. */
export const DEFAULT_BACKEND_SECRET = 'github-token';
/** `spec.requeueInterval` when absent. */
export const DEFAULT_REQUEUE_INTERVAL = '1m';

const EnvironmentName = (description: string) => Type.String({ description, maxLength: 253 });

export const EnvironmentRelationship = Type.Object(
  {
    environment: EnvironmentName('Short name of the other environment of the same application.'),
    type: Type.Enum([...RelationshipType], {
      description:
        '`After`: a version may be deployed here once the other environment has it healthy. ' +
        '`Parallel`: at the same time, unless it failed in the other environment.',
    }),
  },
  { description: 'The environment that goes before, or along with, this one.' },
);
export type EnvironmentRelationship = Static<typeof EnvironmentRelationship>;

export const EnvironmentBackend = Type.Object(
  {
    type: Type.Enum([...BackendType], {
      description:
        'Where environments meet: `github` (the GitHub Deployment API), `kubernetes` (Environments of this cluster or ' +
        'of a hub), `oci` (evidence attached to the release in its registry).',
    }),
    project: Type.Optional(
      Type.String({ description: 'For `github`: the repository, as `owner/repo`.', maxLength: 512 }),
    ),
    secret: Type.Optional(
      Type.String({
        description: `Name of the Secret with the key \`token\`, in this namespace. Default: \`${DEFAULT_BACKEND_SECRET}\`.`,
      }),
    ),
  },
  {
    description: 'Where this environment publishes what it deployed, and reads what the others did.',
    ...validations(
      {
        rule: "self.type != 'github' || has(self.project)",
        message: 'project is required: the repository on GitHub, as owner/repo',
        reason: 'FieldValueRequired',
      },
      {
        rule: "self.type != 'github' || !has(self.project) || self.project.matches('^[^/ ]+/[^/ ]+$')",
        message: 'project must be owner/repo',
        fieldPath: '.project',
      },
    ),
  },
);
export type EnvironmentBackend = Static<typeof EnvironmentBackend>;

export const EnvironmentSpec = Type.Object(
  {
    rolloutRef: ReferenceTo('The Rollout of this namespace that deploys to this environment.'),
    name: Type.String({
      description: 'Name of the application, the same in all its environments.',
      minLength: 1,
      maxLength: 253,
    }),
    environment: Type.Optional(
      EnvironmentName('Short name of this environment, for example `staging`. Others refer to it by this name.'),
    ),
    relationship: Type.Optional(EnvironmentRelationship),
    backend: EnvironmentBackend,
    requeueInterval: Type.Optional(
      DurationSchema(
        `How often the other environments are read at least, for example \`30s\`. Default: \`${DEFAULT_REQUEUE_INTERVAL}\`.`,
      ),
    ),
  },
  {
    description: 'Which Rollout, under which name, and what goes before it.',
    ...validations(
      {
        rule: '!has(self.relationship) || !has(self.environment) || self.relationship.environment != self.environment',
        message: 'an environment cannot wait for itself: name another one',
        fieldPath: '.relationship.environment',
      },
      {
        rule: "!has(self.relationship) || (has(self.environment) && self.environment != '')",
        message: 'an environment with a relationship needs a name of its own in environment',
      },
    ),
  },
);
export type EnvironmentSpec = Static<typeof EnvironmentSpec>;

export const EnvironmentInfo = Type.Object(
  {
    environment: Type.String({ description: 'Short name of the environment.' }),
    environmentUrl: Type.Optional(Type.String({ description: 'Where people see it, usually its dashboard.' })),
    relationship: Type.Optional(EnvironmentRelationship),
    history: Type.Optional(
      Type.Array(HistoryEntry, {
        description: 'Its deployments, newest first, as far as the backend knows them.',
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
  },
  { description: 'One environment of the application, as the backend knows it.' },
);
export type EnvironmentInfo = Static<typeof EnvironmentInfo>;

export const EnvironmentStatus = Type.Object(
  {
    lastStatusChangeTime: Type.Optional(
      Type.String({ description: 'When `currentVersion` or `environmentInfos` last changed.', format: 'date-time' }),
    ),
    currentVersion: Type.Optional(
      Type.String({ description: 'Revision of the newest deployment of this environment.' }),
    ),
    rolloutGateRef: Type.Optional(ReferenceTo('The RolloutGate of this environment.')),
    environmentInfos: Type.Optional(
      Type.Array(EnvironmentInfo, {
        description: 'Every environment of the application.',
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
    conditions: Type.Optional(Conditions('Whether the backend was read and written, and the gate is up to date.')),
  },
  { description: 'What all environments of the application run.' },
);
export type EnvironmentStatus = Static<typeof EnvironmentStatus>;

export const Environment = defineResource({
  group: 'environments.kuberik.com',
  version: 'v1alpha1',
  kind: 'Environment',
  plural: 'environments',
  singular: 'environment',
  scope: 'Namespaced',
  description:
    'Environment publishes what its Rollout deployed, reads what the other environments of the application did, and ' +
    'gates its Rollout accordingly.',
  spec: EnvironmentSpec,
  status: EnvironmentStatus,
  columns: [
    { name: 'Application', type: 'string', jsonPath: '.spec.name' },
    { name: 'Environment', type: 'string', jsonPath: '.spec.environment' },
    { name: 'After', type: 'string', jsonPath: '.spec.relationship.environment' },
    { name: 'Version', type: 'string', jsonPath: '.status.currentVersion' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});
export type Environment = ReturnType<typeof Environment.parse>;
