/** Condition types and reasons of a Rollout, and the reasons of its events. They are wire; tests hold them fixed. */

export const RolloutConditionType = {
  ReleasesUpdated: 'ReleasesUpdated',
  GatesPassing: 'GatesPassing',
  DeploymentBlocked: 'DeploymentBlocked',
  BakeFailureDisabled: 'BakeFailureDisabled',
  Ready: 'Ready',
  /** Ours: whether every Flux object that refers to this Rollout can carry its version. */
  TargetsUpdated: 'TargetsUpdated',
  /** Ours: what the Rollout is doing or waiting for, and until when. */
  Progressing: 'Progressing',
} as const;
export type RolloutConditionType = (typeof RolloutConditionType)[keyof typeof RolloutConditionType];

export const ConditionReason = {
  // ReleasesUpdated
  ReleasesUpdated: 'ReleasesUpdated',
  ImagePolicyNotFound: 'ImagePolicyNotFound',
  ImagePolicyNotReady: 'ImagePolicyNotReady',
  ImageRepositoryNotFound: 'ImageRepositoryNotFound',
  RegistryUnavailable: 'RegistryUnavailable',
  RegistryAccessDenied: 'RegistryAccessDenied',
  InvalidManifest: 'InvalidManifest',
  // GatesPassing
  AllGatesPassing: 'AllGatesPassing',
  GatesBypassed: 'GatesBypassed',
  SomeGatesBlocking: 'SomeGatesBlocking',
  NoAllowedVersions: 'NoAllowedVersions',
  // DeploymentBlocked
  ManualDeployment: 'ManualDeployment',
  UnhealthyHealthChecks: 'UnhealthyHealthChecks',
  HealthChecksHealthy: 'HealthChecksHealthy',
  Frozen: 'Frozen',
  // BakeFailureDisabled
  Normal: 'Normal',
  PreviousBakeFailed: 'PreviousBakeFailed',
  DeployedWithUnhealthyHealthChecks: 'DeployedWithUnhealthyHealthChecks',
  // Ready
  RolloutSucceeded: 'RolloutSucceeded',
  RolloutFailed: 'RolloutFailed',
  BakeTimePassed: 'BakeTimePassed',
  BakeTimeFailed: 'BakeTimeFailed',
  BakeTimeRetrying: 'BakeTimeRetrying',
  GateListFailed: 'GateListFailed',
  HealthCheckListFailed: 'HealthCheckListFailed',
  ApprovalListFailed: 'ApprovalListFailed',
  FreezeListFailed: 'FreezeListFailed',
  InvalidSpec: 'InvalidSpec',
  NoReleases: 'NoReleases',
  // TargetsUpdated
  TargetsUpdated: 'TargetsUpdated',
  NoTargets: 'NoTargets',
  TargetFailed: 'TargetFailed',
  TargetOutranked: 'TargetOutranked',
  // Progressing
  UpToDate: 'UpToDate',
  Deploying: 'Deploying',
  Baking: 'Baking',
  WaitingForRelease: 'WaitingForRelease',
  WaitingForGates: 'WaitingForGates',
  WaitingForHealth: 'WaitingForHealth',
  WaitingForTarget: 'WaitingForTarget',
  Pinned: 'Pinned',
  Halted: 'Halted',
  VersionNotFound: 'VersionNotFound',
} as const;
export type ConditionReason = (typeof ConditionReason)[keyof typeof ConditionReason];

/** Reasons of events on a Rollout beside the condition reasons above. */
export const EventReason = {
  DeploymentSucceeded: 'DeploymentSucceeded',
  DeploymentAdopted: 'DeploymentAdopted',
  RollbackStarted: 'RollbackStarted',
  RequestIgnored: 'RequestIgnored',
  ReleaseRevoked: 'ReleaseRevoked',
  HealthCheckBlocking: 'HealthCheckBlocking',
  BakeTimeCancelled: 'BakeTimeCancelled',
  BakeTimeDeploying: 'BakeTimeDeploying',
  BakeTimeStarted: 'BakeTimeStarted',
  BakeTimePassed: 'BakeTimePassed',
  BakeTimeFailed: 'BakeTimeFailed',
  RetryRequested: 'RetryRequested',
  RolloutFailed: 'RolloutFailed',
} as const;
export type EventReason = (typeof EventReason)[keyof typeof EventReason];
