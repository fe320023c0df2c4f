/** Gates of class `http`: which versions a service is asked about, and what its answers make of the status. Pure. */
import { annotationValue, DEPLOY } from '../api/annotations.ts';
import { RolloutConditionType } from '../api/conditions.ts';
import { earliest, instantOf, isBefore, momentAfter, timestamp } from '../api/instant.ts';
import type { Condition } from '../api/meta.ts';
import type { Rollout, VersionInfo } from '../api/rollout.ts';
import {
  GateConditionReason,
  type GateVerdict,
  type RolloutGate,
  type RolloutGateStatus,
} from '../api/rollout-gate.ts';
import { isTag } from '../api/tag.ts';
import { type ConditionUpdate, findCondition, setConditions } from './condition.ts';
import { isSameVersion } from './same-version.ts';

/** Candidates that are asked about; older ones wait until these are deployed, or gone. */
export const MOST_ASKED = 10;

export interface AskedVersions {
  /** What a person asks for first, then the newest. */
  readonly versions: readonly VersionInfo[];
  /** Candidates that are too many. */
  readonly leftOut: number;
}

export interface GateAnswer {
  readonly version: VersionInfo;
  /** Absent: there is no usable answer. */
  readonly allowed?: boolean;
  readonly message?: string;
  /** Why there is none. Default: `Unreachable`. */
  readonly reason?: GateConditionReason;
  readonly at: Temporal.Instant;
  /** When it is asked again, unless it was allowed. */
  readonly retryAt: Temporal.Instant;
}

/** What cannot be asked at all, until the spec or the flags of the controller change. */
export interface GateFault {
  readonly reason: GateConditionReason;
  readonly message: string;
}

export function askedVersions(rollout: Rollout | undefined): AskedVersions {
  const candidates = rollout?.status?.releaseCandidates ?? [];
  const versions = candidates.slice(0, MOST_ASKED);
  const leftOut = candidates.length - versions.length;
  const requested = annotationValue(rollout?.metadata.annotations?.[DEPLOY] ?? '');
  if (!isTag(requested) || versions.some(({ tag }) => tag === requested)) return { versions, leftOut };
  const known = [...candidates, ...(rollout?.status?.availableReleases ?? [])].find(({ tag }) => tag === requested);
  return { versions: [known ?? { tag: requested }, ...versions], leftOut };
}

/** The versions that must be asked about now. */
export function dueVersions(
  status: RolloutGateStatus,
  versions: readonly VersionInfo[],
  now: Temporal.Instant,
): readonly VersionInfo[] {
  return versions.filter((version) => {
    const verdict = verdictOn(status.verdicts, version);
    if (verdict === undefined) return true;
    const retryAt = retryOf(verdict);
    return retryAt !== undefined && !isBefore(now, retryAt);
  });
}

/** When the next one will be due, of those that are not yet. */
export function nextDue(status: RolloutGateStatus, now: Temporal.Instant): Temporal.Instant | undefined {
  const times = (status.verdicts ?? []).flatMap((verdict) => retryOf(verdict) ?? []);
  return earliest(...times.filter((time) => isBefore(now, time)));
}

/** Whether the status is about the present spec. */
export function isAboutSpec({ metadata, status }: RolloutGate): boolean {
  return status?.observedGeneration !== undefined && status.observedGeneration === metadata.generation;
}

/** The same JSON as the present status when nothing changed. @param where is asked, for people */
export function answeredStatus(
  gate: RolloutGate,
  { versions, leftOut }: AskedVersions,
  answers: readonly GateAnswer[],
  where: string,
  now: Temporal.Instant,
): RolloutGateStatus {
  const before = isAboutSpec(gate) ? gate.status : undefined;
  const verdicts = versions.flatMap((version) => {
    const answer = answers.find((one) => isSameVersion(one.version, version));
    return (answer === undefined ? verdictOn(before?.verdicts, version) : verdictOf(answer)) ?? [];
  });
  const message = waitingFor(verdicts, where);
  const ready = readiness(gate, verdicts, answers, where, leftOut);
  return statusOf(gate, { verdicts, ...(message === undefined ? {} : { message }) }, ready, now);
}

export function faultyStatus(gate: RolloutGate, fault: GateFault, now: Temporal.Instant): RolloutGateStatus {
  return statusOf(gate, { passing: false, message: fault.message }, { status: 'False', ...fault }, now);
}

type Readiness = Omit<ConditionUpdate<GateConditionReason>, 'type'>;

/** A failure stays until its version is asked about with success, or is no candidate any more. */
function readiness(
  gate: RolloutGate,
  verdicts: readonly GateVerdict[],
  answers: readonly GateAnswer[],
  where: string,
  leftOut: number,
): Readiness {
  const failed = verdicts.filter((verdict) => verdict.failed);
  const [newest] = failed;
  if (newest === undefined) {
    const more = leftOut === 0 ? '' : `; ${leftOut} older candidates wait until these are decided`;
    const message = verdicts.length === 0 ? 'no version is to be asked about' : `${where} answers`;
    return { status: 'True', reason: GateConditionReason.Answered, message: `${message}${more}` };
  }
  const news = answers.find((answer) =>
    failed.some((verdict) => verdict.failed && isSameVersion(answer.version, verdict)),
  );
  const present = findCondition(gate.status?.conditions, RolloutConditionType.Ready);
  const { Unreachable } = GateConditionReason;
  const reason = news === undefined ? reasonOf(present) : (news.reason ?? Unreachable);
  return { status: 'False', reason: reason ?? Unreachable, message: news?.message ?? newest.message ?? where };
}

function reasonOf(condition: Condition | undefined): GateConditionReason | undefined {
  return condition?.status === 'False'
    ? Object.values(GateConditionReason).find((reason) => reason === condition.reason)
    : undefined;
}

function statusOf(
  gate: RolloutGate,
  fields: RolloutGateStatus,
  readiness: Readiness,
  now: Temporal.Instant,
): RolloutGateStatus {
  const { generation } = gate.metadata;
  const update = { type: RolloutConditionType.Ready, ...readiness };
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...fields,
    conditions: setConditions(gate.status?.conditions ?? [], [update], generation, now),
  };
}

function waitingFor([newest]: readonly GateVerdict[], where: string): string | undefined {
  if (newest === undefined || newest.allowed) return undefined;
  const why = newest.message ?? 'no reason given';
  const again = newest.retryAt === undefined ? '' : `; asked again ${newest.retryAt}`;
  return newest.failed ? `${newest.tag}: ${why}${again}` : `${where} refuses ${newest.tag}: ${why}${again}`;
}

function verdictOf({ version, allowed, message, at, retryAt }: GateAnswer): GateVerdict {
  return {
    tag: version.tag,
    ...(version.digest === undefined ? {} : { digest: version.digest }),
    allowed: allowed === true,
    ...(message === undefined ? {} : { message }),
    ...(allowed === undefined ? { failed: true } : {}),
    timestamp: timestamp(at),
    ...(allowed === true ? {} : { retryAt: momentAfter(retryAt) }),
  };
}

function retryOf({ allowed, retryAt }: GateVerdict): Temporal.Instant | undefined {
  return allowed ? undefined : instantOf(retryAt);
}

function verdictOn(verdicts: readonly GateVerdict[] | undefined, version: VersionInfo): GateVerdict | undefined {
  return verdicts?.find((verdict) => isSameVersion(verdict, version));
}
