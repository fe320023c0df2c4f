/** Why each release that could run does not: everything that holds it, the first thing first. */
import { ConditionReason } from '../api/conditions.ts';
import type { VersionInfo } from '../api/rollout.ts';
import { isUnfinished } from './bake.ts';
import { causeOf } from './bake-end.ts';
import {
  automationHolds,
  type Decision,
  eligibleCandidates,
  type Situation,
  selectableCandidates,
  untoldFaults,
} from './choice.ts';
import { freezeReasons } from './freezes.ts';
import type { HeldCandidate, Reason } from './plan.ts';
import { isRejected, isRevoked } from './rejection.ts';
import { afterTurn, inTurn, isInOrder } from './release-order.ts';
import { isSameVersion } from './same-version.ts';

/** What a person asked for, then every candidate in the order in which they would be taken. */
export function heldCandidates(situation: Situation, next: Decision): HeldCandidate[] {
  const { requests, spec, history } = situation;
  const asked = spec.pin === undefined ? requests.deploy?.tag : undefined;
  const isAsked = asked !== undefined && asked !== history[0]?.version.tag;
  const first = isAsked ? [{ version: knownAs(situation, asked), reasons: next.reasons }] : [];
  const others = inOrder(situation).filter(({ tag }) => !isAsked || tag !== asked);
  return [...first, ...others.map((version) => ({ version, reasons: whyHeld(situation, version, next) }))];
}

/** In the order of releases, what is passed over comes behind what has its turn. */
function inOrder(situation: Situation): readonly VersionInfo[] {
  const { candidates } = situation;
  if (!isInOrder(situation)) return candidates;
  const selectable = selectableCandidates(situation);
  return [...selectable.toReversed(), ...candidates.filter((release) => !selectable.includes(release)).toReversed()];
}

function knownAs({ releases, candidates }: Situation, tag: VersionInfo['tag']): VersionInfo {
  return [...candidates, ...releases].find((release) => release.tag === tag) ?? { tag };
}

function whyHeld(situation: Situation, version: VersionInfo, next: Decision): readonly Reason[] {
  const { spec, history, requests, freezes, gates, health, observed } = situation;
  const [newest] = history;
  if (next.choice?.version.tag === version.tag) return [];
  const reasons: Reason[] = [];
  if (spec.pin !== undefined) reasons.push(pinReason(situation));
  const passed = passedOver(situation, version);
  if (isUnfinished(newest) && passed === undefined) reasons.push(untilEnded(version, newest?.version.tag));
  if (requests.deploy !== undefined) reasons.push(afterRequest(version, requests.deploy.text, requests.user));
  if (passed !== undefined) reasons.push(passed);
  const turn = passed === undefined ? turnReason(situation, version) : undefined;
  if (turn !== undefined) reasons.push(turn);
  reasons.push(...automationHolds(situation), ...freezeReasons(freezes), ...gates.holds(version));
  if (health.reason !== undefined) reasons.push(health.reason);
  reasons.push(...untoldFaults(observed, reasons));
  const chosen = next.choice?.version.tag;
  if (reasons.length === 0 && chosen !== undefined) {
    const message = `${chosen} is deployed instead of ${version.tag}`;
    reasons.push({ code: ConditionReason.WaitingForRelease, message });
  }
  return reasons;
}

function turnReason(situation: Situation, version: VersionInfo): Reason | undefined {
  if (!isInOrder(situation)) return undefined;
  const [next] = inTurn(situation, selectableCandidates(situation));
  return next === undefined || next.tag === version.tag ? undefined : afterTurn(version, next);
}

export function pinReason({ spec, candidates }: Situation): Reason {
  const newer = candidates.length === 0 ? '' : `; newer releases wait, ${candidates[0]?.tag} is the newest`;
  return {
    code: ConditionReason.Pinned,
    message: `Pinned to ${spec.pin} by spec.wantedVersion${newer}`,
    remedy: 'remove spec.wantedVersion to resume automatic deployments',
  };
}

function untilEnded({ tag }: VersionInfo, running: string | undefined): Reason {
  return {
    code: ConditionReason.WaitingForRelease,
    message: `${tag} waits until the deployment of ${running} has ended`,
  };
}

function afterRequest({ tag }: VersionInfo, asked: string, user: string | undefined): Reason {
  const by = user === undefined ? '' : ` by ${user}`;
  return {
    code: ConditionReason.WaitingForRelease,
    message: `${tag} waits until ${asked}, which was asked for${by}, is deployed`,
    remedy: `take the request for ${asked} back`,
  };
}

/** Releases that are newer than what runs and that automation passes over; at most five are told. */
export function passedOverReasons(situation: Situation): Reason[] {
  const { candidates, history } = situation;
  const [newest] = history;
  if (isUnfinished(newest)) {
    const [next] = inTurn(situation, selectableCandidates(situation));
    return next === undefined ? [] : [untilEnded(next, newest?.version.tag)];
  }
  const eligible = new Set(eligibleCandidates(situation).map(({ tag }) => tag));
  return candidates
    .filter(({ tag }) => !eligible.has(tag))
    .slice(0, 5)
    .flatMap((release) => passedOver(situation, release) ?? []);
}

function passedOver({ rejected, history, observed, releases }: Situation, release: VersionInfo): Reason | undefined {
  const { admitted } = observed.releases;
  const { tag } = release;
  const because = (message: string, remedy: string, details: readonly string[] = []): Reason => ({
    code: ConditionReason.WaitingForRelease,
    message: `${tag} ${message}`,
    ...(details.length === 0 ? {} : { details }),
    remedy,
  });
  const newer = `release a newer version, or force ${tag}`;
  if (isRevoked(release, rejected)) return because('was revoked and is not selected automatically again', newer);
  if (isRejected(release, rejected)) {
    const failed = history.find(
      ({ bakeStatus, version }) => bakeStatus === 'Failed' && isSameVersion(version, release),
    );
    return because(
      'failed here before and is not selected again',
      newer,
      failed === undefined ? [] : [causeOf(failed)],
    );
  }
  if (admitted?.includes(tag) === false) {
    return because('is not admitted by the ImagePolicy any more', `change the ImagePolicy, or force ${tag}`);
  }
  const hold = history[0]?.resumeAfter;
  const position = releases.findIndex((one) => one.tag === hold);
  const isHeld = hold !== undefined && releases.findIndex((one) => one.tag === tag) <= position;
  return isHeld ? because(`is not newer than ${hold}, after which automation resumes`, newer) : undefined;
}
