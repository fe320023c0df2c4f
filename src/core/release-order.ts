/** `spec.releaseOrder: Sequential`: every release in order, none passed over. */
import { ConditionReason } from '../api/conditions.ts';
import type { HistoryEntry, VersionInfo } from '../api/rollout.ts';
import type { ResolvedRolloutSpec } from '../api/rollout-spec.ts';
import type { RolloutObservation } from './observation.ts';
import type { Reason } from './plan.ts';

interface Ordered {
  readonly spec: Pick<ResolvedRolloutSpec, 'releaseOrder'>;
  readonly history: readonly HistoryEntry[];
  readonly observed: Pick<RolloutObservation, 'releases'>;
}

/** A first deployment follows nothing: it takes the newest release in either order. */
export function isInOrder({ spec, history }: Pick<Ordered, 'spec' | 'history'>): boolean {
  return spec.releaseOrder === 'Sequential' && history.length > 0;
}

/** @param eligible newest first @returns those whose turn it is, the first choice first */
export function inTurn(situation: Ordered, eligible: readonly VersionInfo[]): readonly VersionInfo[] {
  return isInOrder(situation) ? eligible.slice(-1) : eligible;
}

/** Which release comes next is not known while the registry's tags cannot be read: an unseen one may come first. */
export function unknownOrder(situation: Ordered): Reason | undefined {
  const { releases } = situation.observed;
  const isUnread = releases.hasTag === undefined && (releases.fault !== undefined || releases.admitted === undefined);
  if (!isInOrder(situation) || !isUnread) return undefined;
  return {
    code: ConditionReason.WaitingForRelease,
    message:
      'spec.releaseOrder is Sequential, and which release is next is not known: the tags of the registry cannot be read',
    ...(releases.fault?.retryAt === undefined ? {} : { until: releases.fault.retryAt }),
    remedy: releases.fault?.message ?? 'make the registry readable for the controller',
  };
}

export function afterTurn({ tag }: VersionInfo, next: VersionInfo): Reason {
  return {
    code: ConditionReason.WaitingForRelease,
    message: `${tag} waits for its turn: ${next.tag} comes first`,
    remedy: `revoke ${next.tag} to pass it over, or deploy ${tag} by hand`,
  };
}
