/** What may hold a deployment back, all of it: gates, freezes, health. */
import type { VersionInfo } from '../api/rollout.ts';
import { describe, isKnown, type Situation, selectableCandidates } from './choice.ts';
import { activeFreezes } from './freezes.ts';
import type { GateContext } from './gate-class.ts';
import { evaluateGates } from './gates.ts';
import { evaluateHealth } from './health.ts';

type Facts = Pick<Situation, 'observed' | 'spec' | 'history' | 'releases' | 'candidates' | 'requests' | 'rejected'>;
export type Guards = Pick<Situation, 'gates' | 'freezes' | 'health'>;

export function evaluateGuards(facts: Facts, now: Temporal.Instant): Guards {
  const { observed, history, candidates, requests } = facts;
  const wanted = requestedVersion(facts);
  const judged = wanted === undefined ? candidates : [wanted, ...candidates.filter(({ tag }) => tag !== wanted.tag)];
  // A bypass is for gates: what automation must not take does not keep the gates from judging the others.
  const passable = [...selectableCandidates(facts), ...(wanted === undefined ? [] : [wanted])];
  const bypass = passable.find(({ tag }) => tag === requests.bypass)?.tag;
  const context: GateContext = {
    approvals: observed.approvals,
    requested: wanted && { tag: wanted.tag, by: requests.user },
    knows: (tag) => isKnown(facts, tag),
    deployedAt: history[0]?.timestamp,
    now,
  };
  return {
    gates: evaluateGates(observed.gates, context, judged, bypass),
    freezes: activeFreezes(observed.freezes, now),
    health: evaluateHealth(observed.healthChecks, isByHand(facts)),
  };
}

/** A person decides on the version, and gates, freezes and health do not count. */
export function isByHand({ spec, requests }: Pick<Facts, 'spec' | 'requests'>): boolean {
  return spec.pin !== undefined || requests.force !== undefined || requests.rollback !== undefined;
}

function requestedVersion(facts: Facts): VersionInfo | undefined {
  const tag = facts.requests.deploy?.tag;
  return tag === undefined || !isKnown(facts, tag) ? undefined : describe(facts, tag);
}
