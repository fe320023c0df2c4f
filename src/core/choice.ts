/** Which version to deploy now, if any; and if none, why. The order of precedence is the order of the functions. */
import { DEPLOY, FORCE_DEPLOY } from '../api/annotations.ts';
import { ConditionReason } from '../api/conditions.ts';
import type { Freeze } from '../api/freeze.ts';
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { Tag } from '../api/tag.ts';
import type { Adoption } from './adoption.ts';
import { isUnfinished } from './bake.ts';
import { failedCheck } from './bake-end.ts';
import type { Choice } from './deployment.ts';
import { freezeReasons } from './freezes.ts';
import type { GateVerdict } from './gates.ts';
import type { HealthVerdict } from './health.ts';
import type { Fault, RolloutObservation } from './observation.ts';
import type { Reason } from './plan.ts';
import { isRejected } from './rejection.ts';
import { inTurn, isInOrder, unknownOrder } from './release-order.ts';
import type { Wanted } from './request.ts';
import type { Requests } from './requests.ts';

/** Everything known when a version is chosen. */
export interface Situation {
  readonly observed: RolloutObservation;
  readonly spec: ResolvedRolloutSpec;
  readonly history: readonly HistoryEntry[];
  readonly releases: readonly VersionInfo[];
  readonly candidates: readonly VersionInfo[];
  readonly requests: Requests;
  readonly rejected: readonly RejectedRelease[];
  readonly gates: GateVerdict;
  readonly health: HealthVerdict;
  /** Those that are on. */
  readonly freezes: readonly Freeze[];
  readonly adoption: Adoption;
  /** Where to return to, when the newest deployment has just failed. */
  readonly rollback: HistoryEntry | undefined;
}

export interface Decision {
  readonly choice?: Choice;
  /** Why nothing is deployed although something could be. Empty when there is a choice. */
  readonly reasons: readonly Reason[];
}

export function choose(situation: Situation): Decision {
  const { spec, requests, rollback, history } = situation;
  if (spec.pin !== undefined) return choosePinned(situation, spec.pin);
  if (requests.force !== undefined) return chooseForced(situation, requests.force);
  if (requests.rollback !== undefined) return chooseRollback(situation, requests.rollback);
  const [failed] = history;
  if (rollback !== undefined && failed !== undefined) {
    const resumeAfter = failed.version.tag;
    const choice: Choice = { version: rollback.version, trigger: 'Rollback', rollbackOf: failed, resumeAfter };
    return { choice, reasons: [] };
  }
  if (requests.deploy !== undefined) return chooseRequested(situation, requests.deploy);
  return chooseAutomatic(situation);
}

/** `spec.wantedVersion`: any tag, unless the registry itself says that there is no such thing. */
function choosePinned(situation: Situation, pin: Tag): Decision {
  const { observed, history, requests } = situation;
  if (history[0]?.version.tag === pin) return { reasons: [] };
  if (observed.releases.unknownTags.has(pin)) {
    return { reasons: [versionNotFound(pin, 'spec.wantedVersion', `the registry has no tag ${pin}`)] };
  }
  const choice: Choice = {
    ...byHand(situation),
    version: describe(situation, pin),
    forced: requests.force?.tag === pin,
  };
  return { choice, reasons: [] };
}

function chooseForced(situation: Situation, { text, tag }: Wanted): Decision {
  if (tag === undefined || !isKnown(situation, tag)) {
    const message = `force deploy version ${text} is not in available releases`;
    return { reasons: [versionNotFound(text, `annotation ${FORCE_DEPLOY}`, message)] };
  }
  const choice: Choice = {
    ...byHand(situation),
    version: describe(situation, tag),
    forced: true,
    resumeAfter: newestUnless(situation, tag),
  };
  return { choice, reasons: [] };
}

/** Back to what was good here: automation resumes with what is released after this moment. */
function chooseRollback(situation: Situation, target: HistoryEntry): Decision {
  const [present] = situation.history;
  const choice: Choice = {
    ...byHand(situation),
    version: target.version,
    ...(present === undefined ? {} : { rollbackOf: present }),
    resumeAfter: newestUnless(situation, target.version.tag),
  };
  return { choice, reasons: [] };
}

/** A version of a person's choice, judged as automation is: the person replaces the choice, not the gates. */
function chooseRequested(situation: Situation, { text, tag }: Wanted): Decision {
  if (tag === undefined || !isKnown(situation, tag)) {
    const message = `the version ${text} that was asked for is neither a known release nor in the registry`;
    return { reasons: [versionNotFound(text, `annotation ${DEPLOY}`, message)] };
  }
  const version = describe(situation, tag);
  const reasons = requestHolds(situation, version);
  if (reasons.length > 0) return { reasons };
  const { gates } = situation;
  const choice: Choice = {
    ...byHand(situation),
    freezes: [],
    version,
    bypassed: gates.bypassed === tag,
    approvals: gates.approvals(version),
    resumeAfter: newestUnless(situation, tag),
  };
  return { choice, reasons: [] };
}

function requestHolds(situation: Situation, version: VersionInfo): readonly Reason[] {
  const { history, gates, freezes, health, observed } = situation;
  const [newest] = history;
  if (isUnfinished(newest)) {
    const message = `${version.tag}, which was asked for, waits until the deployment of ${newest?.version.tag} has ended`;
    return [{ code: ConditionReason.WaitingForRelease, message, remedy: `force ${version.tag}` }];
  }
  const faulty = observed.targets.find(({ fault }) => fault !== undefined)?.fault;
  return [
    ...freezeReasons(freezes),
    ...(observed.gatesFault === undefined ? [] : [faultReason(observed.gatesFault)]),
    ...gates.holds(version),
    ...(health.reason === undefined ? [] : [health.reason]),
    ...(faulty === undefined ? [] : [faultReason(faulty)]),
  ];
}

/** What every deployment by a person has. */
function byHand({ requests, freezes }: Situation): Pick<Choice, 'trigger' | 'message' | 'user' | 'freezes'> {
  const names = freezes.map(({ metadata }) => metadata.name);
  return { trigger: 'Manual', message: requests.message, user: requests.user, freezes: names };
}

export function isKnown(
  { releases, history, observed: { releases: seen } }: Pick<Situation, 'releases' | 'history' | 'observed'>,
  tag: Tag,
): boolean {
  return (
    releases.some((release) => release.tag === tag) ||
    history.some(({ version }) => version.tag === tag) ||
    (seen.admitted?.includes(tag) ?? false) ||
    seen.hasTag?.(tag) === true
  );
}

function newestUnless({ releases }: Situation, tag: Tag): Tag | undefined {
  const newest = releases.at(-1)?.tag;
  return newest === tag ? undefined : newest;
}

function chooseAutomatic(situation: Situation): Decision {
  const { history, requests, gates, health, observed, freezes } = situation;
  const [newest] = history;
  const eligible = eligibleCandidates(situation);
  const held = automationHolds(situation);
  if (held.length > 0) return { reasons: held };
  if (eligible.length === 0) return { reasons: [] };
  if (freezes.length > 0) return { reasons: [...freezeReasons(freezes), ...gateReasons(situation, eligible)] };

  const first = newest === undefined && situation.adoption.kind !== 'unknown';
  const [version] = first ? gates.first(eligible) : allowedOf(situation, eligible);
  if (version === undefined) return { reasons: gateReasons(situation, eligible) };
  if (!first && health.reason !== undefined) return { reasons: [health.reason] };
  const faulty = observed.targets.find(({ fault }) => fault !== undefined)?.fault;
  if (faulty !== undefined) return { reasons: [faultReason(faulty)] };
  const bypassed = gates.bypassed === version.tag;
  const choice: Choice = {
    version,
    trigger: 'Automatic',
    bypassed,
    unblocked: requests.unblock,
    approvals: gates.approvals(version),
    ...(bypassed || requests.unblock ? { user: requests.user, message: requests.message } : {}),
  };
  return { choice, reasons: [] };
}

/** What holds automation altogether, whatever the candidates are. */
export function automationHolds(situation: Situation): Reason[] {
  const { history, requests, observed, freezes, candidates } = situation;
  const [newest] = history;
  if (isUnfinished(newest)) return [];
  if (observed.releases.policyFault !== undefined) return [faultReason(observed.releases.policyFault)];
  if (observed.gatesFault !== undefined) return [faultReason(observed.gatesFault)];
  if (newest?.bakeStatus === 'Failed' && !requests.unblock) {
    return [haltedReason(newest, history), ...freezeReasons(freezes)];
  }
  const unknown = unknownOrder(situation);
  return unknown === undefined || candidates.length === 0 ? [] : [unknown];
}

function haltedReason(newest: HistoryEntry, history: readonly HistoryEntry[]): Reason {
  const { version, trigger, rollbackOf, bakeStatusMessage = 'no message', failedHealthChecks = [] } = newest;
  const former = trigger === 'Rollback' ? history.find(({ id }) => id === rollbackOf) : undefined;
  const what =
    former === undefined ? 'failed its bake' : `, the rollback from ${former.version.tag}, failed its bake as well`;
  return {
    code: ConditionReason.Halted,
    message: `${version.tag}${former === undefined ? ' ' : ''}${what} and stays: ${bakeStatusMessage}`,
    ...(failedHealthChecks.length === 0 ? {} : { details: failedHealthChecks.map(failedCheck) }),
    remedy: 'roll back, retry its bake, unblock it for the next release, or force a version',
  };
}

/** Candidates that automation may take now. */
export function eligibleCandidates(situation: Situation): readonly VersionInfo[] {
  return isUnfinished(situation.history[0]) ? [] : selectableCandidates(situation);
}

/**
 * Candidates that automation may ever take: admitted by the policy as it is now, not rejected, and newer than what a
 * person or a rollback has decided.
 */
export function selectableCandidates({
  candidates,
  rejected,
  releases,
  history,
  observed,
}: Pick<Situation, 'candidates' | 'rejected' | 'releases' | 'history' | 'observed'>): readonly VersionInfo[] {
  const hold = history[0]?.resumeAfter;
  const position = hold === undefined ? -1 : releases.findIndex(({ tag }) => tag === hold);
  const resumed = new Set(releases.slice(position + 1).map(({ tag }) => tag));
  const admitted = observed.releases.admitted && new Set(observed.releases.admitted);
  return candidates.filter(
    (release) => resumed.has(release.tag) && (admitted?.has(release.tag) ?? true) && !isRejected(release, rejected),
  );
}

/** A gate that holds the release whose turn it is holds all that come after it. */
function allowedOf(situation: Situation, eligible: readonly VersionInfo[]): readonly VersionInfo[] {
  const { gates } = situation;
  if (isInOrder(situation)) return inTurn(situation, eligible).filter((release) => gates.holds(release).length === 0);
  return eligible.filter(({ tag }) => gates.allowed.some((release) => release.tag === tag));
}

function gateReasons(situation: Situation, eligible: readonly VersionInfo[]): readonly Reason[] {
  const { gates } = situation;
  if (isInOrder(situation)) return inTurn(situation, eligible).flatMap((release) => gates.holds(release));
  // Only of what may be deployed: an approval of anything else would change nothing.
  return gates.reasons(eligible);
}

export function describe({ releases, observed }: Pick<Situation, 'releases' | 'observed'>, tag: Tag): VersionInfo {
  return releases.find((release) => release.tag === tag) ?? { tag, ...observed.releases.metadata.get(tag) };
}

/** Of targets, as far as they are not told already. */
export function untoldFaults({ targets }: RolloutObservation, told: readonly Reason[]): Reason[] {
  const messages = new Set(told.map(({ message }) => message));
  return targets.flatMap(({ fault }) => {
    if (fault === undefined || messages.has(fault.message)) return [];
    messages.add(fault.message);
    return [faultReason(fault)];
  });
}

export function faultReason(fault: Fault): Reason {
  return {
    code: fault.reason,
    message: fault.message,
    ...(fault.retryAt === undefined ? {} : { until: fault.retryAt }),
  };
}

function versionNotFound(tag: string, where: string, message: string): Reason {
  return {
    code: ConditionReason.VersionNotFound,
    message,
    remedy: `push ${tag} to the registry, or correct ${where}`,
  };
}
