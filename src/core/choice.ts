/** Which version to deploy now, if any; and if none, why. The order of precedence is the order of the functions. */
import { FORCE_DEPLOY } from '../api/annotations.ts';
import { ConditionReason } from '../api/conditions.ts';
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { Tag } from '../api/tag.ts';
import type { Adoption } from './adoption.ts';
import { isUnfinished } from './bake.ts';
import type { Choice } from './deployment.ts';
import type { GateVerdict } from './gates.ts';
import type { HealthVerdict } from './health.ts';
import type { Fault, RolloutObservation } from './observation.ts';
import type { Reason } from './plan.ts';
import { isRejected } from './rejection.ts';
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
  const [failed] = history;
  if (rollback !== undefined && failed !== undefined) {
    const resumeAfter = failed.version.tag;
    const choice: Choice = { version: rollback.version, trigger: 'Rollback', rollbackOf: failed, resumeAfter };
    return { choice, reasons: [] };
  }
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
    version: describe(situation, pin),
    trigger: 'Manual',
    forced: requests.force === pin,
    message: requests.message,
    user: requests.user,
  };
  return { choice, reasons: [] };
}

function chooseForced(situation: Situation, force: Tag): Decision {
  const { observed, releases, requests } = situation;
  const { releases: seen } = observed;
  const known =
    releases.some(({ tag }) => tag === force) ||
    (seen.admitted?.includes(force) ?? false) ||
    seen.hasTag?.(force) === true;
  if (!known) {
    const message = `force deploy version ${force} is not in available releases`;
    return { reasons: [versionNotFound(force, `annotation ${FORCE_DEPLOY}`, message)] };
  }
  const newest = releases.at(-1)?.tag;
  const choice: Choice = {
    version: describe(situation, force),
    trigger: 'Manual',
    forced: true,
    message: requests.message,
    user: requests.user,
    resumeAfter: newest === force ? undefined : newest,
  };
  return { choice, reasons: [] };
}

function chooseAutomatic(situation: Situation): Decision {
  const { history, requests, gates, health, observed } = situation;
  const [newest] = history;
  const eligible = eligibleCandidates(situation);
  const held = holds(situation);
  if (held.length > 0) return { reasons: held };
  if (eligible.length === 0) return { reasons: [] };

  const first = newest === undefined && situation.adoption.kind !== 'unknown';
  const [version] = first ? firstChoice(gates, eligible) : allowed(gates, eligible);
  if (version === undefined) return { reasons: gates.reasons };
  if (!first && health.reason !== undefined) return { reasons: [health.reason] };
  const faulty = observed.targets.find(({ fault }) => fault !== undefined)?.fault;
  if (faulty !== undefined) return { reasons: [faultReason(faulty)] };
  const choice: Choice = {
    version,
    trigger: 'Automatic',
    bypassed: gates.bypassed === version.tag,
    unblocked: requests.unblock,
  };
  return { choice, reasons: [] };
}

/** What holds automation altogether, whatever the candidates are. */
function holds({ history, requests, observed }: Situation): Reason[] {
  const [newest] = history;
  if (isUnfinished(newest)) return [];
  if (observed.releases.policyFault !== undefined) return [faultReason(observed.releases.policyFault)];
  if (newest?.bakeStatus === 'Failed' && !requests.unblock) {
    return [
      {
        code: ConditionReason.Halted,
        message: `${newest.version.tag} failed its bake and stays: ${newest.bakeStatusMessage ?? 'no message'}`,
        remedy: 'retry its bake, unblock it for the next release, or force a version',
      },
    ];
  }
  return [];
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

/** A first deployment is held by no gate; `allowedVersions` still picks the version where it leaves one over. */
function firstChoice(gates: GateVerdict, eligible: readonly VersionInfo[]): readonly VersionInfo[] {
  const listed = eligible.filter(({ tag }) => gates.listed.some((release) => release.tag === tag));
  return listed.length > 0 ? listed : eligible;
}

function allowed(gates: GateVerdict, eligible: readonly VersionInfo[]): readonly VersionInfo[] {
  return eligible.filter(({ tag }) => gates.allowed.some((release) => release.tag === tag));
}

function describe({ releases, observed }: Situation, tag: Tag): VersionInfo {
  return releases.find((release) => release.tag === tag) ?? { tag, ...observed.releases.metadata.get(tag) };
}

export function faultReason(fault: Fault): Reason {
  return {
    code: fault.reason,
    message: fault.message,
    ...(fault.retryAt === undefined ? {} : { until: fault.retryAt }),
  };
}

function versionNotFound(tag: Tag, where: string, message: string): Reason {
  return {
    code: ConditionReason.VersionNotFound,
    message,
    remedy: `push ${tag} to the registry, or correct ${where}`,
  };
}
