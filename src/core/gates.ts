/** Gates decide which candidates may be deployed now. All of them must agree. */
import { ConditionReason, RolloutConditionType } from '../api/conditions.ts';
import type { GateSummary, VersionInfo } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import type { Tag } from '../api/tag.ts';
import type { ConditionUpdate } from './condition.ts';
import type { Reason } from './plan.ts';

export interface GateVerdict {
  readonly summaries: GateSummary[];
  /** Candidates that every gate allows, newest first. */
  readonly allowed: VersionInfo[];
  /** What the versions lists alone leave over: a first deployment chooses from it even while a gate is closed. */
  readonly listed: VersionInfo[];
  /** The version for which the gates are bypassed. */
  readonly bypassed: Tag | undefined;
  readonly condition: ConditionUpdate;
  /** Empty when nothing is held. */
  readonly reasons: readonly Reason[];
}

export function evaluateGates(
  gates: readonly RolloutGate[],
  candidates: readonly VersionInfo[],
  bypass: Tag | undefined,
): GateVerdict {
  const bypassed = candidates.find(({ tag }) => tag === bypass);
  if (bypassed !== undefined) return bypassFor(gates, bypassed);
  const verdicts = gates.map((gate) => judge(gate, candidates));
  const closed = verdicts.filter(({ open }) => !open);
  const listed = candidates.filter(({ tag }) => verdicts.every(({ allows }) => allows(tag)));
  const allowed = closed.length === 0 ? listed : [];
  return {
    summaries: verdicts.map(({ summary }) => summary),
    allowed,
    listed,
    bypassed: undefined,
    condition: gatesPassing(closed, candidates, allowed),
    reasons: verdicts.filter(({ holds }) => holds).map((verdict) => gateReason(verdict, candidates)),
  };
}

function bypassFor(gates: readonly RolloutGate[], version: VersionInfo): GateVerdict {
  const message = `Gate bypassed for version ${version.tag}`;
  return {
    summaries: gates.map(({ metadata, spec }) => ({
      name: metadata.name,
      passing: spec.passing ?? true,
      ...(spec.passing === false ? {} : allowedVersions(spec)),
      message,
      bypassGates: true,
    })),
    allowed: [version],
    listed: [version],
    bypassed: version.tag,
    condition: {
      type: RolloutConditionType.GatesPassing,
      status: 'True',
      reason: ConditionReason.GatesBypassed,
      message: `Gates bypassed for version ${version.tag}`,
    },
    reasons: [],
  };
}

interface SingleVerdict {
  readonly gate: RolloutGate;
  readonly summary: GateSummary;
  /** `spec.passing` is not false. */
  readonly open: boolean;
  readonly allows: (tag: Tag) => boolean;
  /** Whether it keeps a candidate from being deployed. */
  readonly holds: boolean;
}

function judge(gate: RolloutGate, candidates: readonly VersionInfo[]): SingleVerdict {
  const { metadata, spec } = gate;
  const open = spec.passing !== false;
  const list = spec.allowedVersions && new Set(spec.allowedVersions);
  const allows = (tag: Tag): boolean => !open || list === undefined || list.has(tag);
  const allowsSome = candidates.length === 0 || candidates.some(({ tag }) => allows(tag));
  const message = open
    ? allowsSome
      ? 'Gate is passing'
      : 'Gate does not allow any release candidate'
    : 'Gate is not passing';
  return {
    gate,
    open,
    allows,
    holds: !open || !candidates.every(({ tag }) => allows(tag)),
    summary: { name: metadata.name, passing: open, ...(open ? allowedVersions(spec) : {}), message },
  };
}

function allowedVersions(spec: RolloutGate['spec']): Pick<GateSummary, 'allowedVersions'> {
  return spec.allowedVersions === undefined ? {} : { allowedVersions: spec.allowedVersions };
}

function gatesPassing(
  closed: readonly SingleVerdict[],
  candidates: readonly VersionInfo[],
  allowed: readonly VersionInfo[],
): ConditionUpdate {
  const type = RolloutConditionType.GatesPassing;
  if (closed.length > 0) {
    const names = closed.map(({ summary }) => summary.name).join(', ');
    return {
      type,
      status: 'False',
      reason: ConditionReason.SomeGatesBlocking,
      message: `Some gates are blocking deployment: ${names}`,
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

function gateReason({ gate, open, allows }: SingleVerdict, candidates: readonly VersionInfo[]): Reason {
  const name = `RolloutGate ${gate.metadata.name}`;
  if (!open) {
    return {
      code: ConditionReason.WaitingForGates,
      message: `${name} is closed (spec.passing is false)`,
      remedy: `whoever may edit ${name} sets spec.passing to true`,
    };
  }
  const newest = candidates.find(({ tag }) => !allows(tag))?.tag ?? 'any version';
  return {
    code: ConditionReason.WaitingForGates,
    message: `${name} does not allow ${newest} (spec.allowedVersions)`,
    remedy: `whoever may edit ${name} adds ${newest} to spec.allowedVersions`,
  };
}
