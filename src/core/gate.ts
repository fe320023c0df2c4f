/** One gate and one version: whether the gate holds it, what is waited for, and who can release it. */
import { GATE_DESCRIPTION, GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME } from '../api/annotations.ts';
import { ConditionReason } from '../api/conditions.ts';
import { instantOf, isBefore, timestamp } from '../api/instant.ts';
import type { VersionInfo } from '../api/rollout.ts';
import { GATE_CLASS_MANUAL, type RolloutGate } from '../api/rollout-gate.ts';
import type { Tag } from '../api/tag.ts';
import { judgeApprovals } from './approvals.ts';
import { type ClassVerdict, type GateContext, gateName } from './gate-class.ts';
import { judgeByStatus } from './gate-status.ts';
import type { Reason } from './plan.ts';

export interface GateJudge {
  readonly gate: RolloutGate;
  /** Closed for every version by `spec.passing`, or by what it was computed from being over. */
  readonly closed: Reason | undefined;
  /** Whether `spec.allowedVersions` names it. */
  readonly lists: (tag: Tag) => boolean;
  readonly byClass: (version: VersionInfo) => ClassVerdict;
  /** Everything together: why the version is held. */
  readonly hold: (version: VersionInfo) => Reason | undefined;
}

export function judgeGate(gate: RolloutGate, context: GateContext): GateJudge {
  const { spec } = gate;
  const closed = closedReason(gate, context.now);
  const list = spec.allowedVersions && new Set(spec.allowedVersions);
  const lists = (tag: Tag): boolean => list === undefined || list.has(tag);
  // One version is asked about several times in a decision, and a gate may have a thousand approvals.
  const verdicts = new Map<VersionInfo, ClassVerdict>();
  const byClass = (version: VersionInfo): ClassVerdict => {
    let verdict = verdicts.get(version);
    if (verdict === undefined) verdicts.set(version, (verdict = judgeClass(gate, version, context)));
    return verdict;
  };
  return {
    gate,
    closed,
    lists,
    byClass,
    hold: (version) => {
      if (closed !== undefined) return closed;
      if (!lists(version.tag)) return notListed(gate, version.tag);
      const { hold } = byClass(version);
      return hold && { code: ConditionReason.WaitingForGates, ...hold };
    },
  };
}

function judgeClass(gate: RolloutGate, version: VersionInfo, context: GateContext): ClassVerdict {
  const { spec } = gate;
  if (spec.class === undefined) return {};
  if (spec.class === GATE_CLASS_MANUAL) return judgeApprovals(gate, version, context);
  return judgeByStatus(gate, spec.class, version, context.now);
}

/** A value that was computed from a clock is believed until the moment that it was computed for, and no longer. */
function closedReason(gate: RolloutGate, now: Temporal.Instant): Reason | undefined {
  const { spec } = gate;
  const until = instantOf(spec.validUntil);
  const isOver = until !== undefined && !isBefore(now, until);
  if (spec.passing !== false && !isOver) return undefined;
  const schedule = scheduleOf(gate);
  const code = ConditionReason.WaitingForGates;
  if (isOver && spec.passing !== false) {
    return {
      code,
      message: `${gateName(gate)} was open until ${timestamp(until)} and has not been evaluated since`,
      since: until,
      remedy: schedule === undefined ? `whoever opened it does so again` : `the controller evaluates ${schedule} again`,
    };
  }
  if (schedule === undefined) {
    const description = gate.metadata.annotations?.[GATE_DESCRIPTION]?.trim();
    const what = description ? `: ${description.slice(0, 300)}` : '';
    return {
      code,
      message: `${gateName(gate)} is closed (spec.passing is false)${what}`,
      remedy: `whoever may edit RolloutGate ${gate.metadata.name} sets spec.passing to true`,
      ...(until === undefined || isOver ? {} : { until }),
    };
  }
  const end = until === undefined || isOver ? '' : ` until ${timestamp(until)}`;
  return {
    code,
    message: `${gateName(gate)} is closed by ${schedule}${end}`,
    remedy: `whoever may edit ${schedule} changes its rules`,
    ...(until === undefined || isOver ? {} : { until }),
  };
}

function scheduleOf({ metadata: { labels } }: RolloutGate): string | undefined {
  const name = labels?.[GATE_SCHEDULE_NAME];
  return name === undefined ? undefined : `${labels?.[GATE_SCHEDULE_KIND] ?? 'RolloutSchedule'} ${name}`;
}

function notListed(gate: RolloutGate, tag: Tag): Reason {
  return {
    code: ConditionReason.WaitingForGates,
    message: `${gateName(gate)} does not allow ${tag} (spec.allowedVersions)`,
    remedy: `whoever may edit RolloutGate ${gate.metadata.name} adds ${tag} to spec.allowedVersions`,
  };
}
