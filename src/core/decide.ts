/**
 * The whole decision about one Rollout, as a story: what runs, how its bake goes, what else could run, whether it may,
 * and what to write. Every step is a file of its own.
 */

import { ConditionReason, EventReason } from '../api/conditions.ts';
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';
import { type ResolvedRolloutSpec, resolveRolloutSpec } from '../api/rollout-spec.ts';
import type { Tag } from '../api/tag.ts';
import { type Adoption, findRunningVersion } from './adoption.ts';
import { type BakeContext, type BakeStep, bake } from './bake.ts';
import { beginning } from './beginning.ts';
import { choose, type Situation } from './choice.ts';
import { conclude, refuse } from './conclude.ts';
import type { ConditionUpdate } from './condition.ts';
import { type Deployment, deploy } from './deployment.ts';
import { evaluateGuards, isByHand } from './guards.ts';
import type { RolloutObservation } from './observation.ts';
import type { PlannedEvent, RolloutPlan } from './plan.ts';
import { recoveryEnded, recoveryOf } from './recovery.ts';
import { rejectedReleases, revoke } from './rejection.ts';
import { candidatesAfter, mergeReleases } from './releases.ts';
import { asksForVersion, type Requests, readRequests } from './requests.ts';
import { retryBake } from './retry.ts';
import { rollbackTarget } from './rollback.ts';
import { shorten } from './text.ts';

export function decide(observed: RolloutObservation, now: Temporal.Instant): RolloutPlan {
  const { rollout } = observed;
  const spec = resolveRolloutSpec(rollout);
  if (spec.faults.length > 0) return refuse(observed, spec, now);
  const before = rollout.status ?? {};

  // What runs, and what is known.
  const { adoption, adopted } = adopt(observed, spec, now);
  const running = adopted?.history ?? before.history ?? [];
  const releases = mergeReleases(before.availableReleases ?? [], observed.releases, running, spec.releaseOrder);
  const candidates = candidatesAfter(releases, running[0]?.version.tag);
  const requests = readRequests({
    annotations: rollout.metadata.annotations ?? {},
    history: running,
    recorded: before.consumedAnnotations ?? [],
    rejected: before.rejectedReleases ?? [],
    pin: spec.pin,
    releases,
    candidates,
  });

  // How the newest deployment fares.
  const bakeContext: BakeContext = {
    spec,
    checks: observed.healthChecks,
    targets: observed.targets,
    ...recoveryOf(before.conditions, running[0]),
  };
  const { recovering } = bakeContext;
  const baked = bakeNewest(describeNewest(running, releases), requests, bakeContext, now);
  const rejected = reject(before.rejectedReleases ?? [], baked.history, requests.revoke, releases, now);
  const policy = spec.failurePolicy ?? observed.defaultFailurePolicy;
  const manual = isByHand({ spec, requests });
  const mayReturn = baked.step?.failed === true && !recovering;
  const target = mayReturn ? rollbackTarget({ history: baked.history, rejected, policy, manual }) : undefined;

  // What else could run, and whether it may.
  const facts = { observed, spec, history: baked.history, releases, candidates, requests, rejected };
  const guards = evaluateGuards(facts, now);
  // Nothing automatic is deployed during a freeze: what fails then waits for a person.
  const held = target !== undefined && guards.freezes.length > 0;
  const situation: Situation = { ...facts, ...guards, adoption, rollback: held ? undefined : target };
  const decision = choose(situation);
  const deployment =
    decision.choice &&
    deploy(
      decision.choice,
      baked.history,
      spec,
      { unhealthy: situation.health.unhealthy !== undefined, recovering },
      now,
    );
  return conclude({
    situation,
    bakeContext,
    decision,
    deployment,
    recovery: deployment?.recovery ?? adopted?.recovery ?? endOfRecovery(bakeContext, baked.step, now),
    adopted,
    events: [
      ...(adopted?.events ?? []),
      ...requests.events,
      ...requestEvents(requests),
      ...baked.events,
      ...(held ? [rollbackHeld(situation)] : []),
      ...(deployment?.events ?? []),
    ],
    now,
  });
}

function adopt(
  { rollout, targets, releases }: RolloutObservation,
  spec: ResolvedRolloutSpec,
  now: Temporal.Instant,
): { adoption: Adoption; adopted: Deployment | undefined } {
  if (rollout.status?.history?.length) return { adoption: { kind: 'none' }, adopted: undefined };
  const adoption = findRunningVersion(targets, releases);
  if (adoption.kind !== 'adopt') return { adoption, adopted: undefined };
  const choice = { version: adoption.version, trigger: 'Adoption' } as const;
  return { adoption, adopted: deploy(choice, [], spec, { unhealthy: false, recovering: false }, now) };
}

/** Metadata that could not be read when the version was deployed is filled in when it can be. */
function describeNewest(history: readonly HistoryEntry[], releases: readonly VersionInfo[]): readonly HistoryEntry[] {
  const [newest, ...older] = history;
  if (newest === undefined) return history;
  const known = releases.find(({ tag }) => tag === newest.version.tag);
  const sameDigest = newest.version.digest === undefined || newest.version.digest === known?.digest;
  if (known === undefined || !sameDigest) return history;
  return [{ ...newest, version: { ...known, ...newest.version } }, ...older];
}

function reject(
  stored: readonly RejectedRelease[],
  history: readonly HistoryEntry[],
  revoked: Tag | undefined,
  releases: readonly VersionInfo[],
  now: Temporal.Instant,
): RejectedRelease[] {
  const rejected = rejectedReleases(stored, history);
  if (revoked === undefined) return rejected;
  const known = [...releases, ...history.map(({ version }) => version)].find(({ tag }) => tag === revoked);
  return revoke(rejected, known ?? { tag: revoked }, now);
}

function requestEvents(requests: Requests): PlannedEvent[] {
  const { revoke: revoked } = requests;
  if (revoked === undefined) return [];
  const message = `Revoked ${revoked}${byWhom(requests)}: it is not selected automatically again`;
  return [{ type: 'Normal', reason: EventReason.ReleaseRevoked, message }];
}

/** The name belongs to whoever asked for a version, when one is asked for as well. */
function byWhom(requests: Requests): string {
  const { user } = requests;
  return user === undefined || asksForVersion(requests) ? '' : ` by ${shorten(user, 256)}`;
}

function rollbackHeld({ history, freezes }: Situation): PlannedEvent {
  const names = freezes.map(({ metadata }) => metadata.name).join(', ');
  const message = `${history[0]?.version.tag} failed its bake and is not rolled back automatically: Freeze ${names} is on`;
  return { type: 'Warning', reason: ConditionReason.Frozen, message };
}

function endOfRecovery(
  { recovering, checks }: BakeContext,
  step: BakeStep | undefined,
  now: Temporal.Instant,
): ConditionUpdate | undefined {
  return recovering && step?.recoversBy === undefined ? recoveryEnded(checks, now) : undefined;
}

interface Baked {
  readonly history: readonly HistoryEntry[];
  readonly step: BakeStep | undefined;
  readonly events: readonly PlannedEvent[];
}

function bakeNewest(
  history: readonly HistoryEntry[],
  requests: Requests,
  context: BakeContext,
  now: Temporal.Instant,
): Baked {
  const [newest, ...older] = history;
  if (newest === undefined) return { history, step: undefined, events: [] };
  const { retry } = requests;
  const entry = retry ? retryBake(newest, now) : newest;
  const step = bake(entry, context, now);
  const message = `Retry requested${byWhom(requests)}; bake status reset at ${beginning(newest, now).toString()}`;
  const retried: PlannedEvent[] = retry ? [{ type: 'Normal', reason: EventReason.RetryRequested, message }] : [];
  return { history: [step.entry, ...older], step, events: [...retried, ...step.events] };
}
