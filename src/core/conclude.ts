/** Puts what was decided into a plan: the next status, what to consume, what to tell, and when to look again. */
import { BYPASS_GATES, DEPLOY, FORCE_DEPLOY, RETRY, REVOKE, ROLLBACK, UNBLOCK_FAILED } from '../api/annotations.ts';
import { ConditionReason, EventReason, RolloutConditionType } from '../api/conditions.ts';
import { earliest, instantOf, isBefore } from '../api/instant.ts';
import { sameJson } from '../api/json.ts';
import type { Condition } from '../api/meta.ts';
import type { HistoryEntry, RolloutStatus, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import { type BakeContext, bake } from './bake.ts';
import { heldCandidates } from './candidates.ts';
import { choose, type Decision, type Situation } from './choice.ts';
import { type ConditionUpdate, findCondition, setConditions } from './condition.ts';
import type { Choice, Deployment } from './deployment.ts';
import { frozenCondition } from './freezes.ts';
import { evaluateGuards, isByHand } from './guards.ts';
import type { RolloutObservation } from './observation.ts';
import type { ConsumedAnnotation, PlannedEvent, Reason, RolloutPlan } from './plan.ts';
import { progressingCondition, readyCondition, releasesCondition, targetsCondition } from './readiness.ts';
import { explain } from './reasons.ts';
import { forgivenUntil } from './recovery.ts';
import { candidatesAfter } from './releases.ts';
import { asksForVersion, COMPANIONS, type Requests } from './requests.ts';
import { retainReleases } from './retention.ts';

export interface Outcome {
  /** As it was before the choice. */
  readonly situation: Situation;
  readonly bakeContext: BakeContext;
  readonly decision: Decision;
  readonly deployment: Deployment | undefined;
  /** How recovery mode begins or ends in this look. */
  readonly recovery: ConditionUpdate | undefined;
  readonly adopted: Deployment | undefined;
  readonly events: readonly PlannedEvent[];
  readonly now: Temporal.Instant;
}

export function conclude(outcome: Outcome): RolloutPlan {
  const { decision, deployment, recovery, now } = outcome;
  const { observed, spec, requests } = outcome.situation;
  const { rollout } = observed;
  const before = rollout.status ?? {};
  const after = afterwards(outcome);
  // A bypass stays visible in the status that records the deployment it let through.
  const gates = decision.choice?.bypassed ? outcome.situation.gates : after.gates;
  const [newest] = after.history;
  const outlook = newest && bake(newest, bakeContextAfter(outcome), now);
  // What stands in the way of the next version is asked anew once this one is recorded.
  const next = deployment === undefined ? decision : choose(after);
  const reasons = explain(after, outlook, next);
  const used = usedAnnotations(rollout.metadata.annotations ?? {}, decision.choice, requests);
  const updates: ConditionUpdate[] = [
    releasesCondition(observed.releases),
    gates.condition,
    blockedCondition(after),
    ...(recovery === undefined ? [] : [recovery]),
    readyCondition({
      newest,
      releases: after.releases,
      observed: observed.releases,
      targets: observed.targets,
      reasons,
    }),
    targetsCondition(observed.targets),
    progressingCondition(reasons),
  ];
  const status: RolloutStatus = {
    ...before,
    conditions: setConditions(before.conditions ?? [], updates, rollout.metadata.generation, now),
    history: list(after.history),
    availableReleases: list(keep(after.releases, before, after.history, spec, deployment !== undefined, now)),
    releaseCandidates: list(after.candidates),
    gatedReleaseCandidates: list(gates.allowed.filter(({ tag }) => after.candidates.some((one) => one.tag === tag))),
    gates: list(gates.summaries),
    rejectedReleases: list(after.rejected),
    // What was dropped must not come back as a request when a crash leaves it there: another version runs from now on.
    consumedAnnotations: list(
      unique([...(deployment === undefined ? requests.stillRecorded : requests.spent), ...used]),
    ),
    ...observed.releases.artifact,
  };
  // A step that is due at once (a bake that no check holds up) follows the write.
  const goesOn =
    (outlook !== undefined && outlook.entry !== newest) || (deployment !== undefined && next.choice !== undefined);
  const due = goesOn ? now : outlook?.deadline;
  const { fault, policyFault, refreshAt } = observed.releases;
  const wake = earliest(due, fault?.retryAt, policyFault?.retryAt, refreshAt, guardsChangeAt(after));
  return {
    status: sameJson(status, before) ? before : status,
    ...desired(newest),
    consume: unique([...requests.spent, ...used]),
    events: [...outcome.events, ...conditionEvents(before.conditions, updates, decision.reasons)],
    ...(wake === undefined ? {} : { requeueAt: isBefore(wake, now) ? now : wake }),
    reasons,
    get candidates() {
      return heldCandidates(after, next);
    },
  };
}

function bakeContextAfter({ bakeContext, recovery }: Outcome): BakeContext {
  if (recovery === undefined) return bakeContext;
  const { recoveredAt: _, ...context } = bakeContext;
  const { status, since } = recovery;
  return { ...context, recovering: status === 'True', ...(since && { recoveredAt: forgivenUntil(since) }) };
}

/** The situation after the choice, so that the next look finds nothing left to write. */
function afterwards({ situation, decision, deployment, now }: Outcome): Situation {
  if (deployment === undefined) return situation;
  const { history } = deployment;
  const deployed = history[0]?.version;
  const releases = withDeployed(situation.releases, deployed);
  const candidates = candidatesAfter(releases, deployed?.tag);
  const requests = unfulfilled(situation.requests, decision.choice);
  const facts = { ...situation, history, candidates, releases, requests };
  return { ...facts, ...evaluateGuards(facts, now), rollback: undefined };
}

/** What a person asked for and what this deployment was not. */
function unfulfilled(requests: Requests, choice: Choice | undefined): Requests {
  const isFulfilled = requests.deploy?.tag === choice?.version.tag;
  return {
    ...requests,
    force: undefined,
    rollback: undefined,
    bypass: undefined,
    deploy: isFulfilled ? undefined : requests.deploy,
    user: undefined,
  };
}

/** A freeze holds whatever is automatic; health, which a freeze hides, is told once it is over. */
function blockedCondition(situation: Situation): ConditionUpdate {
  const { freezes, health } = situation;
  return freezes.length > 0 && !isByHand(situation) ? frozenCondition(freezes) : health.condition;
}

/** Only what is held waits for the end of a freeze or of an approval: nothing held, nothing asked. */
function guardsChangeAt({ candidates, requests, freezes, gates }: Situation): Temporal.Instant | undefined {
  if (candidates.length === 0 && requests.deploy === undefined) return undefined;
  return earliest(gates.changesAt, ...freezes.map(({ spec }) => instantOf(spec.until)));
}

/** A version that no list names is newer than all that is known now: only what comes later replaces it. */
function withDeployed(releases: readonly VersionInfo[], deployed: VersionInfo | undefined): readonly VersionInfo[] {
  if (deployed === undefined || deployed.tag.length === 0 || releases.some(({ tag }) => tag === deployed.tag))
    return releases;
  return [...releases, deployed];
}

/** Retention is applied when something is written anyway: time alone causes no write. */
function keep(
  releases: readonly VersionInfo[],
  before: RolloutStatus,
  history: readonly HistoryEntry[],
  spec: ResolvedRolloutSpec,
  deployed: boolean,
  now: Temporal.Instant,
): readonly VersionInfo[] {
  if (!deployed && sameJson(releases, before.availableReleases ?? [])) return releases;
  const cutoff = now.subtract({ hours: spec.retentionDays * 24 });
  return retainReleases(releases, history, { cutoff, minimum: spec.retentionMinCount });
}

function usedAnnotations(
  annotations: Readonly<Record<string, string>>,
  choice: Choice | undefined,
  requests: Requests,
): ConsumedAnnotation[] {
  const { retry, revoke, deploy, rollback } = requests;
  const deployed = choice !== undefined && choice.trigger !== 'Rollback';
  const tag = choice?.version.tag;
  // What came with it is told in its event, and would be another's words at the next deployment.
  const isAlone = (retry || revoke !== undefined) && choice === undefined && !asksForVersion(requests);
  const keys = [
    ...(retry ? [RETRY] : []),
    ...(revoke === undefined ? [] : [REVOKE]),
    ...(choice?.forced ? [FORCE_DEPLOY] : []),
    ...(deployed && rollback?.version.tag === tag ? [ROLLBACK] : []),
    ...(deployed && deploy?.tag === tag ? [DEPLOY] : []),
    ...(choice?.bypassed ? [BYPASS_GATES] : []),
    ...(choice?.unblocked ? [UNBLOCK_FAILED] : []),
    ...(deployed || isAlone ? COMPANIONS : []),
  ];
  return keys.flatMap((key) => {
    const value = annotations[key];
    return value === undefined ? [] : [{ key, value }];
  });
}

/** One JSON patch removes them all, and it fails as a whole when one is named twice. */
function unique(annotations: readonly ConsumedAnnotation[]): ConsumedAnnotation[] {
  return [...new Map(annotations.map((annotation) => [annotation.key, annotation])).values()];
}

/** An event for a fact that is new, never for one that stays (I7). */
function conditionEvents(
  before: readonly Condition[] | undefined,
  updates: readonly ConditionUpdate[],
  refused: readonly Reason[],
): PlannedEvent[] {
  const events: PlannedEvent[] = [];
  for (const update of updates) {
    const old = findCondition(before, update.type);
    if (update.type === RolloutConditionType.GatesPassing) {
      const changed = old === undefined ? update.status === 'False' : old.reason !== update.reason;
      if (changed) {
        const { status, reason, message } = update;
        events.push({ type: status === 'False' ? 'Warning' : 'Normal', reason, message });
      }
    }
    const failed = update.type === RolloutConditionType.Ready && update.reason === ConditionReason.RolloutFailed;
    if (failed && old?.message !== update.message) {
      events.push({ type: 'Warning', reason: EventReason.RolloutFailed, message: update.message });
    }
    const blocked = update.type === RolloutConditionType.DeploymentBlocked && update.status === 'True';
    if (!blocked || old?.reason === update.reason) continue;
    // A freeze hides bad health: of several that hold, the condition is about one.
    const isFrozen = update.reason === ConditionReason.Frozen;
    const held = isFrozen ? ConditionReason.Frozen : ConditionReason.WaitingForHealth;
    if (!refused.some(({ code }) => code === held)) continue;
    const reason = isFrozen ? ConditionReason.Frozen : EventReason.HealthCheckBlocking;
    events.push({ type: 'Warning', reason, message: update.message });
  }
  return events;
}

function desired(newest: HistoryEntry | undefined): Pick<RolloutPlan, 'desired'> {
  return newest === undefined || newest.version.tag.length === 0 ? {} : { desired: newest.version.tag };
}

/** Empty lists are left out, as every Kubernetes status does. */
function list<T>(items: readonly T[]): T[] | undefined {
  return items.length === 0 ? undefined : [...items];
}

/** A spec that cannot be understood: nothing new is decided, what runs is kept up, and the fault is named. */
export function refuse(observed: RolloutObservation, spec: ResolvedRolloutSpec, now: Temporal.Instant): RolloutPlan {
  const { rollout } = observed;
  const before = rollout.status ?? {};
  const reason: Reason = {
    code: ConditionReason.InvalidSpec,
    message: spec.faults.join('; '),
    remedy: `correct the spec of Rollout ${rollout.metadata.namespace ?? ''}/${rollout.metadata.name}`,
  };
  const updates: ConditionUpdate[] = [
    { type: RolloutConditionType.Ready, status: 'False', reason: reason.code, message: reason.message },
    progressingCondition([reason]),
  ];
  const status: RolloutStatus = {
    ...before,
    conditions: setConditions(before.conditions ?? [], updates, rollout.metadata.generation, now),
  };
  return {
    status: sameJson(status, before) ? before : status,
    ...desired(before.history?.[0]),
    consume: [],
    events: [],
    reasons: [reason],
    candidates: [],
  };
}
