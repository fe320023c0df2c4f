/**
 * `operations` says what a verb of the command line would do: pure functions from what was read to one sentence and the
 * change that makes it true, or to a refusal. This file is what they look at.
 */
import type { Approval } from '../../api/approval.ts';
import { RolloutConditionType } from '../../api/conditions.ts';
import type { Freeze } from '../../api/freeze.ts';
import type { HistoryEntry, Rollout, VersionInfo } from '../../api/rollout.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import type { Tag } from '../../api/tag.ts';
import { isUnfinished } from '../../core/bake.ts';
import { activeFreezes } from '../../core/freezes.ts';
import { judgeGate } from '../../core/gate.ts';
import type { GateContext } from '../../core/gate-class.ts';
import type { Reason } from '../../core/plan.ts';

export interface Facts {
  readonly rollout: Rollout;
  /** Those of the Rollout. */
  readonly gates: readonly RolloutGate[];
  /** Those of its namespace. */
  readonly approvals: readonly Approval[];
  /** Those that mean the Rollout. */
  readonly freezes: readonly Freeze[];
  /** Who asks, as the API server knows them. */
  readonly user: string;
  readonly now: Temporal.Instant;
  /** What the registry says about a version that nothing else knows. Absent: it was not, or could not be, asked. */
  readonly registry?: RegistrySays;
  /** What could not be read, for people. */
  readonly unread: readonly string[];
}

export interface RegistrySays {
  /** What it was asked about: a tag or a digest. */
  readonly text: string;
  /** Undefined: it has nothing of that kind. */
  readonly version: VersionInfo | undefined;
  /** What its policy admits, oldest first. */
  readonly names: readonly Tag[];
}

/** `apps/my-app`. */
export function placeOf({ metadata }: Pick<Rollout, 'metadata'>): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

/** The newest deployment. */
export function runningIn({ rollout }: Facts): HistoryEntry | undefined {
  return rollout.status?.history?.[0];
}

/** Every version that is known here, oldest first: releases, and what was deployed. */
export function knownVersions({ rollout }: Pick<Facts, 'rollout'>): readonly VersionInfo[] {
  const { availableReleases = [], history = [] } = rollout.status ?? {};
  const listed = new Set(availableReleases.map(({ tag }) => tag));
  const others = history.map(({ version }) => version).filter(({ tag }) => !listed.has(tag));
  return [...new Map([...others.toReversed(), ...availableReleases].map((version) => [version.tag, version])).values()];
}

/** Whether what runs is newer, by the order of the releases. False when that is not known. */
export function isOlderThanRunning(facts: Facts, { tag }: VersionInfo): boolean {
  const order = (facts.rollout.status?.availableReleases ?? []).map((release) => release.tag);
  const running = runningIn(facts)?.version.tag;
  const position = order.indexOf(tag);
  return running !== undefined && position !== -1 && position < order.indexOf(running);
}

export function pinOf({ rollout }: Pick<Facts, 'rollout'>): Tag | undefined {
  return resolveRolloutSpec(rollout).pin;
}

/** What keeps one version from being deployed, each by its name. */
export interface Obstacles {
  readonly gates: readonly { readonly name: string; readonly reason: Reason }[];
  readonly freezes: readonly Freeze[];
  /** What the controller says of unhealthy checks. */
  readonly unhealthy: string | undefined;
}

/** @param requestedBy who asks for the version to be deployed; undefined: nobody does */
export function obstaclesFor(facts: Facts, version: VersionInfo, requestedBy: string | undefined): Obstacles {
  const context = gateContext(facts, requestedBy === undefined ? undefined : { tag: version.tag, by: requestedBy });
  const gates = facts.gates.flatMap((gate) => {
    const reason = judgeGate(gate, context).hold(version);
    return reason === undefined ? [] : [{ name: gate.metadata.name, reason }];
  });
  const blocked = facts.rollout.status?.conditions?.find(({ type }) => type === RolloutConditionType.DeploymentBlocked);
  const isUnhealthy = blocked?.status === 'True' && blocked.reason === 'UnhealthyHealthChecks';
  return {
    gates,
    freezes: activeFreezes(facts.freezes, facts.now),
    unhealthy: isUnhealthy ? blocked.message : undefined,
  };
}

export function gateContext(facts: Facts, requested: GateContext['requested']): GateContext {
  const known = new Set(knownVersions(facts).map(({ tag }) => tag));
  const asked = facts.registry?.version?.tag;
  return {
    approvals: facts.approvals,
    requested,
    knows: (tag) => known.has(tag) || tag === asked,
    deployedAt: runningIn(facts)?.timestamp,
    now: facts.now,
  };
}

/** What another deployment would end. */
export function unfinishedWork(facts: Facts): string | undefined {
  const running = runningIn(facts);
  if (running === undefined || !isUnfinished(running)) return undefined;
  return `the ${running.bakeStatus === 'InProgress' ? 'bake' : 'deployment'} of ${running.version.tag}`;
}
