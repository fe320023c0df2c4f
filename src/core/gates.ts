/** Gates decide which candidates may be deployed now. All of them must agree. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import { earliest } from '../api/instant.ts';
import type { GateSummary, HistoryApproval, VersionInfo } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import type { Tag } from '../api/tag.ts';
import type { ConditionUpdate } from './condition.ts';
import { type GateJudge, judgeGate } from './gate.ts';
import type { GateContext } from './gate-class.ts';
import type { Reason } from './plan.ts';

export interface GateVerdict {
  readonly summaries: GateSummary[];
  /** Candidates that every gate allows, newest first. */
  readonly allowed: VersionInfo[];
  /**
   * What a first deployment chooses from: no closed gate holds it, and a list of versions only as far as it leaves one
   * over, as upstream. A gate with a class holds it like any other.
   */
  readonly first: (eligible: readonly VersionInfo[]) => readonly VersionInfo[];
  /** The version for which the gates are bypassed. */
  readonly bypassed: Tag | undefined;
  readonly condition: ConditionUpdate;
  /** What each gate says about the newest of these that it holds; empty when nothing is held. */
  readonly reasons: (among: readonly VersionInfo[]) => readonly Reason[];
  /** Why one version is held; empty when it may go. */
  readonly holds: (version: VersionInfo) => readonly Reason[];
  /** What history keeps of a version's approvals. */
  readonly approvals: (version: VersionInfo) => readonly HistoryApproval[];
  /** When a verdict about a candidate changes without anybody doing anything. */
  readonly changesAt: Temporal.Instant | undefined;
}

/** @param judged candidates, newest first; before them what a person asked for */
export function evaluateGates(
  gates: readonly RolloutGate[],
  context: GateContext,
  judged: readonly VersionInfo[],
  bypass: Tag | undefined,
): GateVerdict {
  const judges = gates.map((gate) => judgeGate(gate, context));
  const bypassed = judged.find(({ tag }) => tag === bypass);
  const holds = (version: VersionInfo): readonly Reason[] =>
    version.tag === bypassed?.tag ? [] : judges.flatMap((judge) => judge.hold(version) ?? []);
  const shared = {
    first: (eligible: readonly VersionInfo[]) =>
      bypassed === undefined ? firstChoices(judges, eligible) : eligible.filter(({ tag }) => tag === bypassed.tag),
    holds,
    approvals: (version: VersionInfo) => judges.flatMap((judge) => judge.byClass(version).approvals ?? []),
  };
  if (bypassed !== undefined) return { ...shared, ...bypassFor(judges, bypassed) };
  const allowed = judged.filter((version) => holds(version).length === 0);
  const blocking = judges.filter((judge) => isBlocking(judge, judged));
  return {
    ...shared,
    summaries: judges.map((judge) => summarize(judge, judged)),
    allowed,
    bypassed: undefined,
    condition: gatesPassing(blocking, judged, allowed),
    reasons: (among) => judges.flatMap((judge) => holdOf(judge, among) ?? []),
    changesAt: earliest(...judges.flatMap((judge) => judged.map((version) => judge.byClass(version).changesAt))),
  };
}

/** Closed for everything, or its class holds every candidate. */
function isBlocking({ closed, byClass }: GateJudge, candidates: readonly VersionInfo[]): boolean {
  if (closed !== undefined) return true;
  return candidates.length > 0 && candidates.every((version) => byClass(version).hold !== undefined);
}

/** What the gate says about the newest candidate that it holds; about none, why it is closed. */
function holdOf({ closed, hold }: GateJudge, candidates: readonly VersionInfo[]): Reason | undefined {
  for (const version of candidates) {
    const reason = hold(version);
    if (reason !== undefined) return reason;
  }
  return closed;
}

function firstChoices(judges: readonly GateJudge[], candidates: readonly VersionInfo[]): VersionInfo[] {
  const free = candidates.filter((version) => judges.every(({ byClass }) => byClass(version).hold === undefined));
  const listed = free.filter(({ tag }) => judges.every(({ closed, lists }) => closed !== undefined || lists(tag)));
  return listed.length > 0 ? listed : free;
}

function bypassFor(
  judges: readonly GateJudge[],
  version: VersionInfo,
): Omit<GateVerdict, 'first' | 'holds' | 'approvals'> {
  const message = `Gate bypassed for version ${version.tag}`;
  return {
    summaries: judges.map(({ gate: { metadata, spec } }) => ({
      name: metadata.name,
      passing: spec.passing ?? true,
      ...(spec.passing === false ? {} : allowedVersions(spec)),
      message,
      bypassGates: true,
    })),
    allowed: [version],
    bypassed: version.tag,
    condition: {
      type: RolloutConditionType.GatesPassing,
      status: 'True',
      reason: ConditionReason.GatesBypassed,
      message: `Gates bypassed for version ${version.tag}`,
    },
    reasons: () => [],
    changesAt: undefined,
  };
}

/** The texts are upstream's, with what is waited for and who can release it behind them. */
function summarize(judge: GateJudge, candidates: readonly VersionInfo[]): GateSummary {
  const { gate, closed } = judge;
  const { name } = gate.metadata;
  if (closed !== undefined) {
    return { name, passing: false, message: `Gate is not passing: ${sentence(closed)}` };
  }
  const shared = { name, ...allowedVersions(gate.spec) };
  if (isBlocking(judge, candidates)) {
    const held = holdOf(judge, candidates);
    return { ...shared, passing: false, message: `Gate is not passing: ${held === undefined ? '' : sentence(held)}` };
  }
  const holdsAll = candidates.length > 0 && candidates.every((version) => judge.hold(version) !== undefined);
  const held = holdsAll ? holdOf(judge, candidates) : undefined;
  if (held === undefined) return { ...shared, passing: true, message: 'Gate is passing' };
  return { ...shared, passing: true, message: `Gate does not allow any release candidate: ${sentence(held)}` };
}

function sentence({ message, remedy }: Reason): string {
  return remedy === undefined ? message : `${message}; ${remedy}`;
}

function allowedVersions(spec: RolloutGate['spec']): Pick<GateSummary, 'allowedVersions'> {
  return spec.allowedVersions === undefined ? {} : { allowedVersions: spec.allowedVersions };
}

function gatesPassing(
  blocking: readonly GateJudge[],
  candidates: readonly VersionInfo[],
  allowed: readonly VersionInfo[],
): ConditionUpdate {
  const type = RolloutConditionType.GatesPassing;
  if (blocking.length > 0) {
    const waits = blocking.flatMap((judge) => holdOf(judge, candidates)?.message ?? []);
    return {
      type,
      status: 'False',
      reason: ConditionReason.SomeGatesBlocking,
      message: `Some gates are blocking deployment: ${waits.join('; ')}`,
    };
  }
  if (candidates.length > 0 && allowed.length === 0) {
    return {
      type,
      status: 'False',
      reason: ConditionReason.NoAllowedVersions,
      message: 'No release candidates are allowed by all gates',
    };
  }
  return { type, status: 'True', reason: ConditionReason.AllGatesPassing, message: 'All gates are passing' };
}
