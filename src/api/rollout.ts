/** `Rollout` (kuberik.com/v1alpha1): one application in one environment, and every version that ran there. */
import Type, { type Static } from 'typebox';
import { defineResource, validations } from './define-resource.ts';
import { DurationSchema } from './duration.ts';
import { isRecord } from './json.ts';
import { Conditions, LabelSelector } from './meta.ts';
import { rolloutConditions, rolloutEvents } from './rollout-conditions.ts';
import { DigestSchema, TAG_PATTERN, TagSchema } from './tag.ts';

/** One release as its manifest describes it. */
export const VersionInfo = Type.Object(
  {
    tag: TagSchema('The tag in the registry.'),
    digest: Type.Optional(DigestSchema('Digest of the manifest that the tag named when it was seen.')),
    version: Type.Optional(Type.String({ description: 'Annotation or label `org.opencontainers.image.version`.' })),
    revision: Type.Optional(
      Type.String({ description: 'Annotation or label `org.opencontainers.image.revision`: usually a commit.' }),
    ),
    created: Type.Optional(
      Type.String({ description: 'Annotation or label `org.opencontainers.image.created`.', format: 'date-time' }),
    ),
  },
  { description: 'A release: a tag and what the manifest says about it.' },
);
export type VersionInfo = Static<typeof VersionInfo>;

export const BakeStatus = ['Deploying', 'InProgress', 'Succeeded', 'Failed', 'Cancelled'] as const;
export type BakeStatus = (typeof BakeStatus)[number];

export const FailedHealthCheck = Type.Object({
  name: Type.String({ description: 'Name of the HealthCheck.' }),
  namespace: Type.String({ description: 'Namespace of the HealthCheck.' }),
  message: Type.Optional(Type.String({ description: 'What it said when it failed.' })),
});
export type FailedHealthCheck = Static<typeof FailedHealthCheck>;

export const HistoryApproval = Type.Object({
  gate: Type.String({ description: 'Name of the RolloutGate.' }),
  by: Type.String({ description: 'The person who approved.' }),
  reason: Type.Optional(Type.String({ description: 'Why, in their own words.' })),
});
export type HistoryApproval = Static<typeof HistoryApproval>;

export const EndedByKind = ['BakeTime', 'HealthCheck', 'DeployTimeout', 'Target', 'Deployment'] as const;
export type EndedByKind = (typeof EndedByKind)[number];

export const EndedBy = Type.Object(
  {
    kind: Type.Enum([...EndedByKind], {
      description:
        '`BakeTime`: it was healthy all along. `HealthCheck`: a check failed. `DeployTimeout`: it was not healthy in ' +
        'time. `Target`: Flux could not apply it. `Deployment`: another one replaced it.',
    }),
    name: Type.Optional(
      Type.String({
        description: 'The check (`namespace/name`), the Flux object, or who made the other deployment.',
      }),
    ),
    deployment: Type.Optional(
      Type.Integer({ description: 'With `Deployment`: id of the one that replaced it.', format: 'int64' }),
    ),
  },
  { description: 'Who or what ended the bake.' },
);
export type EndedBy = Static<typeof EndedBy>;

export const HistoryEntry = Type.Object(
  {
    id: Type.Optional(Type.Integer({ description: 'Grows by one with every deployment.', format: 'int64' })),
    version: VersionInfo,
    timestamp: Type.String({ description: 'When it was deployed.', format: 'date-time' }),
    message: Type.Optional(Type.String({ description: 'Why it was deployed.' })),
    triggeredBy: Type.Optional(
      Type.Object(
        {
          kind: Type.Enum(['User', 'System'], { description: 'Whether a person or the controller decided.' }),
          name: Type.String({ description: 'The person, or the controller.' }),
        },
        { description: 'Who decided.' },
      ),
    ),
    bakeStatus: Type.Optional(
      Type.String({
        description: '`Deploying`, `InProgress`, `Succeeded`, `Failed` or `Cancelled`; absent in old entries.',
      }),
    ),
    bakeStatusMessage: Type.Optional(Type.String({ description: 'What the bake is at, or how it ended.' })),
    bakeStartTime: Type.Optional(Type.String({ description: 'When every check was healthy.', format: 'date-time' })),
    bakeEndTime: Type.Optional(Type.String({ description: 'When the bake ended.', format: 'date-time' })),
    failedHealthChecks: Type.Optional(
      Type.Array(FailedHealthCheck, { description: 'The checks that failed the bake.' }),
    ),
    lastRetryTimestamp: Type.Optional(
      Type.String({
        description: 'When the bake was last started over; older failures do not count.',
        format: 'date-time',
      }),
    ),
    resumeAfter: Type.Optional(
      TagSchema(
        'Set on a rollback and on a forced deployment of an older release: automation resumes with releases newer ' +
          'than this tag, so that it never undoes what was decided.',
      ),
    ),
    trigger: Type.Optional(
      Type.Enum(['Automatic', 'Manual', 'Rollback', 'Adoption'], {
        description:
          'What made the deployment: automation, a person, an automatic rollback, or the version was found running.',
      }),
    ),
    rollbackOf: Type.Optional(
      Type.Integer({ description: 'Set on a rollback: id of the deployment that it replaces.', format: 'int64' }),
    ),
    approvals: Type.Optional(
      Type.Array(HistoryApproval, { description: 'The approvals that opened gates of class `manual` for it.' }),
    ),
    freezes: Type.Optional(
      Type.Array(Type.String(), { description: 'The Freezes that were on when a person deployed it all the same.' }),
    ),
    endedBy: Type.Optional(EndedBy),
    rolledBackBy: Type.Optional(
      Type.Integer({
        description: 'Set on what was rolled back: id of the deployment that replaced it.',
        format: 'int64',
      }),
    ),
    retries: Type.Optional(
      Type.Integer({ description: 'How often the bake was started over by `spec.retryPolicy`.', format: 'int32' }),
    ),
    retryAt: Type.Optional(
      Type.String({
        description: 'When the bake, which failed, is started over by `spec.retryPolicy`.',
        format: 'date-time',
      }),
    ),
  },
  { description: 'One deployment.' },
);
export type HistoryEntry = Static<typeof HistoryEntry>;

export const GateSummary = Type.Object({
  name: Type.String({ description: 'Name of the RolloutGate.' }),
  passing: Type.Optional(Type.Boolean({ description: '`spec.passing` of the gate.' })),
  allowedVersions: Type.Optional(Type.Array(Type.String(), { description: '`spec.allowedVersions` of the gate.' })),
  message: Type.Optional(Type.String({ description: 'What the gate waits for.' })),
  bypassGates: Type.Optional(Type.Boolean({ description: 'The gate was bypassed for a version.' })),
});
export type GateSummary = Static<typeof GateSummary>;

export const RejectedRelease = Type.Object({
  tag: TagSchema('The tag in the registry.'),
  digest: Type.Optional(DigestSchema('Digest that was rejected; the tag on another digest is another release.')),
  reason: Type.Enum(['BakeFailed', 'Revoked'], { description: 'Why it was rejected.' }),
  timestamp: Type.String({ description: 'When it was rejected.', format: 'date-time' }),
});
export type RejectedRelease = Static<typeof RejectedRelease>;

export const HealthCheckSelector = Type.Object(
  {
    selector: Type.Optional(LabelSelector),
    namespaceSelector: Type.Optional(LabelSelector),
    matchLabels: LabelSelector.properties.matchLabels,
    matchExpressions: LabelSelector.properties.matchExpressions,
  },
  {
    description:
      'The HealthChecks that judge a deployment. `matchLabels` and `matchExpressions` are a short form of `selector`. ' +
      'Without any of them no HealthCheck is selected.',
    ...validations({
      rule: '!has(self.selector) || (!has(self.matchLabels) && !has(self.matchExpressions))',
      message: 'use either selector or its short form matchLabels/matchExpressions, not both',
    }),
  },
);
export type HealthCheckSelector = Static<typeof HealthCheckSelector>;

export const RetryPolicy = Type.Object(
  {
    limit: Type.Integer({
      description: 'How often the bake of an automatic deployment is started over before it counts as failed.',
      format: 'int32',
      minimum: 1,
      maximum: 10,
    }),
    interval: Type.Optional(DurationSchema('How long after the failure that happens. Default: `1m`.')),
  },
  { description: 'Starts the bake of an automatic deployment over when it fails. Absent: never.' },
);
export type RetryPolicy = Static<typeof RetryPolicy>;

export const ReleaseOrder = ['Newest', 'Sequential'] as const;
export type ReleaseOrder = (typeof ReleaseOrder)[number];

export const FailurePolicy = ['Rollback', 'Halt'] as const;
export type FailurePolicy = (typeof FailurePolicy)[number];

/** What fields of a spec mean when they are absent. */
export const ROLLOUT_DEFAULTS = {
  versionHistoryLimit: 10,
  availableReleasesRetentionDays: 7,
  availableReleasesMinCount: 30,
} as const;

/** What `spec.retryPolicy.interval` is when it is absent. */
export const ROLLOUT_RETRY_INTERVAL = { minutes: 1 } as const;

/** A tag, or an empty string, which older clients write for "no pin". */
const PinSchema = (description: string) =>
  Type.String({ description, maxLength: 128, pattern: `^(${TAG_PATTERN.slice(1, -1)})?$` });

export const RolloutSpec = Type.Object(
  {
    releasesImagePolicy: Type.Object(
      {
        name: Type.Optional(
          Type.String({ default: '', description: 'Name of the Flux ImagePolicy in this namespace.' }),
        ),
        wantedVersion: Type.Optional(
          PinSchema('The same as `spec.wantedVersion`, which wins; the two must not contradict each other.'),
        ),
      },
      { description: 'Where releases come from.', 'x-kubernetes-map-type': 'atomic' },
    ),
    wantedVersion: Type.Optional(
      PinSchema(
        'Pins a version: this tag is deployed past gates and health checks, and stays until the field is removed. ' +
          'Empty: no pin.',
      ),
    ),
    versionHistoryLimit: Type.Optional(
      Type.Integer({
        description: 'Deployments kept in `status.history`. Default: 10.',
        format: 'int32',
        minimum: 1,
        default: ROLLOUT_DEFAULTS.versionHistoryLimit,
      }),
    ),
    availableReleasesRetentionDays: Type.Optional(
      Type.Integer({
        description: 'Days for which a release is kept in `status.availableReleases`. Default: 7.',
        format: 'int32',
        minimum: 1,
        default: ROLLOUT_DEFAULTS.availableReleasesRetentionDays,
      }),
    ),
    availableReleasesMinCount: Type.Optional(
      Type.Integer({
        description: 'Releases kept in `status.availableReleases` however old. Default: 30.',
        format: 'int32',
        minimum: 1,
        default: ROLLOUT_DEFAULTS.availableReleasesMinCount,
      }),
    ),
    bakeTime: Type.Optional(
      DurationSchema(
        'How long a deployment must stay healthy before it counts as good, for example `5m`. ' +
          'Default: as soon as it is healthy.',
      ),
    ),
    deployTimeout: Type.Optional(
      DurationSchema(
        'How long a deployment may take to become healthy before it counts as failed. Default: no limit for what is ' +
          'under way, `5m` for what Flux fails to apply.',
      ),
    ),
    healthCheckSelector: Type.Optional(HealthCheckSelector),
    failurePolicy: Type.Optional(
      Type.Enum([...FailurePolicy], {
        description:
          'What happens when an automatic deployment fails its bake: `Rollback` deploys the last good version, ' +
          '`Halt` stays and waits for a person. Default: what the controller was started with, `Rollback` as shipped.',
      }),
    ),
    retryPolicy: Type.Optional(RetryPolicy),
    releaseOrder: Type.Optional(
      Type.Enum([...ReleaseOrder], {
        description:
          '`Newest` deploys the newest release that may be deployed; `Sequential` deploys every release in order, ' +
          'each after the one before has finished its bake. Default: `Newest`.',
        default: 'Newest',
      }),
    ),
    releaseUpdateInterval: Type.Optional(
      DurationSchema(
        "How often the registry's tag list is read at least. Default: once for each scan of the ImageRepository that found something new.",
      ),
    ),
  },
  {
    description: 'What to deploy, and when it counts as good.',
    ...validations({
      rule:
        "!has(self.wantedVersion) || self.wantedVersion == '' || !has(self.releasesImagePolicy.wantedVersion) || " +
        "self.releasesImagePolicy.wantedVersion == '' || self.wantedVersion == self.releasesImagePolicy.wantedVersion",
      message: 'wantedVersion and releasesImagePolicy.wantedVersion contradict each other: remove one of the two',
      fieldPath: '.wantedVersion',
    }),
  },
);
export type RolloutSpec = Static<typeof RolloutSpec>;

export const RolloutStatus = Type.Object(
  {
    conditions: Type.Optional(
      Conditions(
        'ReleasesUpdated, GatesPassing, DeploymentBlocked, BakeFailureDisabled, Ready, TargetsUpdated, Progressing.',
      ),
    ),
    history: Type.Optional(Type.Array(HistoryEntry, { description: 'Deployments, newest first.' })),
    availableReleases: Type.Optional(Type.Array(VersionInfo, { description: 'Known releases, oldest first.' })),
    releaseCandidates: Type.Optional(
      Type.Array(VersionInfo, { description: 'Releases newer than the deployed one, newest first.' }),
    ),
    gatedReleaseCandidates: Type.Optional(
      Type.Array(VersionInfo, { description: 'Candidates that every gate allows, newest first.' }),
    ),
    rejectedReleases: Type.Optional(
      Type.Array(RejectedRelease, {
        description: 'Releases that automation does not select again, since they failed here or were revoked.',
      }),
    ),
    consumedAnnotations: Type.Optional(
      Type.Array(
        Type.Object({
          key: Type.String({ description: 'Key of the annotation.' }),
          value: Type.String({ description: 'The value that was used.' }),
        }),
        { description: 'Annotations that the newest deployment has used and that are still to be removed.' },
      ),
    ),
    gates: Type.Optional(Type.Array(GateSummary, { description: 'The gates of this Rollout, by name.' })),
    artifactType: Type.Optional(Type.String({ description: 'Artifact type of the newest release.' })),
    source: Type.Optional(
      Type.String({ description: 'Annotation `org.opencontainers.image.source` of the newest release.' }),
    ),
    title: Type.Optional(
      Type.String({ description: 'Annotation `org.opencontainers.image.title` of the newest release.' }),
    ),
    description: Type.Optional(
      Type.String({ description: 'Annotation `org.opencontainers.image.description` of the newest release.' }),
    ),
  },
  { description: 'What was seen, deployed and decided.' },
);
export type RolloutStatus = Static<typeof RolloutStatus>;

/** Before v0.4.0 a version was a plain string. */
function upgradeVersions(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => (typeof item === 'string' ? { tag: item } : item));
}

export const Rollout = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'Rollout',
  plural: 'rollouts',
  singular: 'rollout',
  scope: 'Namespaced',
  description:
    'Rollout delivers the releases of one ImagePolicy to the Flux objects of its namespace that refer to it.',
  spec: RolloutSpec,
  status: RolloutStatus,
  columns: [
    { name: 'Version', type: 'string', jsonPath: '.status.history[0].version.tag' },
    { name: 'Message', type: 'string', jsonPath: '.status.history[0].message' },
    { name: 'BakeStatus', type: 'string', jsonPath: '.status.history[0].bakeStatus' },
    { name: 'BakeTime', type: 'string', jsonPath: '.spec.bakeTime' },
    { name: 'Gates', type: 'string', jsonPath: '.status.conditions[?(@.type=="GatesPassing")].status' },
    { name: 'Available', type: 'string', jsonPath: '.status.availableReleases[-1:].tag' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message' },
  ],
  conditions: rolloutConditions,
  events: rolloutEvents,
  upgrade(object) {
    if (!isRecord(object.status)) return;
    const { status } = object;
    for (const list of ['availableReleases', 'releaseCandidates', 'gatedReleaseCandidates']) {
      if (list in status) status[list] = upgradeVersions(status[list]);
    }
    if (!Array.isArray(status.history)) return;
    for (const entry of status.history) {
      if (isRecord(entry) && typeof entry.version === 'string') entry.version = { tag: entry.version };
    }
  },
});
export type Rollout = ReturnType<typeof Rollout.parse>;
