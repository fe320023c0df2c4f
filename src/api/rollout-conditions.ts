/** What each condition and each event of a Rollout says: the source of the reference page. */
import { ConditionReason, EventReason, RolloutConditionType } from './conditions.ts';
import type { ConditionDoc, EventDoc } from './define-resource.ts';

type Reason = ConditionDoc['reasons'][number];

const yes = (reason: ConditionReason, description: string): Reason => ({ reason, status: 'True', description });
const no = (reason: ConditionReason, description: string): Reason => ({ reason, status: 'False', description });
const unknown = (reason: ConditionReason, description: string): Reason => ({ reason, status: 'Unknown', description });

export const rolloutConditions: readonly ConditionDoc[] = [
  {
    type: RolloutConditionType.ReleasesUpdated,
    description: 'Whether the list of releases is up to date.',
    reasons: [
      yes(ConditionReason.ReleasesUpdated, 'It is.'),
      no(ConditionReason.ImagePolicyNotFound, 'There is no ImagePolicy of this name.'),
      no(ConditionReason.ImagePolicyNotReady, 'The ImagePolicy is in error, or has selected nothing yet.'),
      no(ConditionReason.ImageRepositoryNotFound, 'The ImagePolicy refers to an ImageRepository that is not there.'),
      no(ConditionReason.RegistryUnavailable, 'The registry does not answer; it is asked again.'),
      no(ConditionReason.RegistryAccessDenied, 'The registry refuses the credentials.'),
      no(ConditionReason.InvalidManifest, 'The manifest of a release cannot be understood.'),
    ],
  },
  {
    type: RolloutConditionType.GatesPassing,
    description: 'Whether the gates let a release pass.',
    reasons: [
      yes(ConditionReason.AllGatesPassing, 'They do.'),
      yes(ConditionReason.GatesBypassed, 'A person lets one release past them.'),
      no(ConditionReason.SomeGatesBlocking, 'A gate is closed.'),
      no(ConditionReason.NoAllowedVersions, 'No candidate is allowed by every gate.'),
    ],
  },
  {
    type: RolloutConditionType.DeploymentBlocked,
    description: 'Whether a freeze or unhealthy checks hold automatic deployments back.',
    reasons: [
      yes(ConditionReason.Frozen, 'A Freeze is on; the message says which, why and until when.'),
      yes(ConditionReason.UnhealthyHealthChecks, 'A selected HealthCheck is unhealthy.'),
      no(ConditionReason.HealthChecksHealthy, 'None is.'),
      no(ConditionReason.ManualDeployment, 'A person decides what is deployed.'),
    ],
  },
  {
    type: RolloutConditionType.BakeFailureDisabled,
    description:
      'Whether failing checks do not fail the present deployment (recovery mode). It ends as soon as every check is healthy ' +
      'for it, and an hour after the deployment, or after `deployTimeout` when that is longer, at the latest.',
    reasons: [
      no(ConditionReason.Normal, 'They do fail it; also once recovery mode has ended.'),
      yes(ConditionReason.PreviousBakeFailed, 'The deployment before it had failed.'),
      yes(ConditionReason.DeployedWithUnhealthyHealthChecks, 'It was deployed by hand during an incident.'),
    ],
  },
  {
    type: RolloutConditionType.Ready,
    description: 'Whether the present deployment is good, as far as it is known.',
    reasons: [
      yes(ConditionReason.RolloutSucceeded, 'It was deployed, and is not judged.'),
      yes(ConditionReason.BakeTimePassed, 'The bake succeeded.'),
      unknown(ConditionReason.Deploying, 'It is not healthy yet.'),
      unknown(ConditionReason.Baking, 'It is healthy and bakes.'),
      unknown(ConditionReason.BakeTimeRetrying, 'The bake was started over, or will be by `spec.retryPolicy`.'),
      no(ConditionReason.BakeTimeFailed, 'The bake failed, or did not begin in time.'),
      no(ConditionReason.RolloutFailed, 'Something went wrong; the message says what.'),
      no(ConditionReason.GateListFailed, 'The controller may not read gates; the message says which right it lacks.'),
      no(ConditionReason.HealthCheckListFailed, 'The controller may not read HealthChecks.'),
      no(ConditionReason.ApprovalListFailed, 'The controller may not read Approvals.'),
      no(ConditionReason.FreezeListFailed, 'The controller may not read Freezes.'),
      no(ConditionReason.InvalidSpec, 'A field of the spec cannot be understood.'),
      no(ConditionReason.NoReleases, 'There is no release yet. With releases: the reason of Progressing.'),
    ],
  },
  {
    type: RolloutConditionType.TargetsUpdated,
    description: 'Whether every Flux object that refers to this Rollout carries its version.',
    reasons: [
      yes(ConditionReason.TargetsUpdated, 'It does.'),
      no(ConditionReason.NoTargets, 'No Flux object refers to this Rollout.'),
      no(ConditionReason.TargetFailed, 'One could not be written; it is tried again.'),
      no(ConditionReason.TargetOutranked, 'Another field of one, such as `semver` or `digest`, outranks the tag.'),
    ],
  },
  {
    type: RolloutConditionType.Progressing,
    description: 'What the Rollout does or waits for; the message says until when.',
    reasons: [
      no(ConditionReason.UpToDate, 'The newest release that may be deployed is deployed.'),
      yes(ConditionReason.Deploying, 'The deployment is not healthy yet.'),
      yes(ConditionReason.Baking, 'The deployment is healthy and bakes.'),
      no(ConditionReason.WaitingForRelease, 'It waits for a release.'),
      no(ConditionReason.WaitingForGates, 'It waits for a gate.'),
      no(ConditionReason.Frozen, 'It waits for the end of a Freeze.'),
      no(ConditionReason.WaitingForHealth, 'It waits for unhealthy checks to recover.'),
      no(ConditionReason.WaitingForTarget, 'It waits for a Flux object to take the version.'),
      no(ConditionReason.Pinned, 'A person pinned the version.'),
      no(ConditionReason.Halted, 'A deployment failed; it waits for a person.'),
      no(ConditionReason.GateListFailed, 'The controller may not read gates.'),
      no(ConditionReason.HealthCheckListFailed, 'The controller may not read HealthChecks.'),
      no(ConditionReason.ApprovalListFailed, 'The controller may not read Approvals.'),
      no(ConditionReason.FreezeListFailed, 'The controller may not read Freezes.'),
      no(ConditionReason.RolloutFailed, 'The controller may not read another kind that it needs.'),
      no(ConditionReason.VersionNotFound, 'The registry does not have the version that a person asked for.'),
      no(ConditionReason.InvalidSpec, 'A field of the spec cannot be understood.'),
    ],
  },
];

const normal = (reason: string, description: string): EventDoc => ({ reason, type: 'Normal', description });
const warning = (reason: string, description: string): EventDoc => ({ reason, type: 'Warning', description });

export const rolloutEvents: readonly EventDoc[] = [
  normal(EventReason.DeploymentSucceeded, 'A version was deployed.'),
  normal(EventReason.DeploymentAdopted, 'A version was found running and entered into the history.'),
  normal(
    EventReason.BakeTimeDeploying,
    'The bake waits for healthy checks. Of upstream; here it is in the history alone.',
  ),
  normal(EventReason.BakeTimeStarted, 'The bake began. Of upstream; here it is in the history alone.'),
  normal(EventReason.BakeTimePassed, 'The bake succeeded. Of upstream; here it is in the history alone.'),
  normal(EventReason.BakeTimeCancelled, 'The bake ended early because another version was deployed.'),
  normal(EventReason.RetryRequested, 'The bake was started over on request.'),
  normal(ConditionReason.BakeTimeRetrying, '`spec.retryPolicy` started the bake over.'),
  normal(EventReason.ReleaseRevoked, 'A person revoked a release: it is not selected automatically again.'),
  normal(EventReason.RequestIgnored, 'A request had nothing to do; the message says why.'),
  normal(ConditionReason.AllGatesPassing, 'The gates let a release pass.'),
  normal(ConditionReason.GatesBypassed, 'A person lets one release past the gates.'),
  warning(ConditionReason.SomeGatesBlocking, 'A gate was closed.'),
  warning(ConditionReason.NoAllowedVersions, 'No candidate is allowed by every gate.'),
  warning(ConditionReason.Frozen, 'A Freeze holds a deployment, or an automatic rollback, back.'),
  warning(EventReason.BakeTimeFailed, 'The bake failed; the message says whether it is started over.'),
  warning(EventReason.RollbackStarted, 'The last good version is deployed again.'),
  warning(EventReason.HealthCheckBlocking, 'An unhealthy check holds a deployment back.'),
  warning(EventReason.RolloutFailed, 'Something went wrong; the message says what.'),
];
