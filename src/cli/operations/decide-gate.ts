/** `approve` and `reject`: what one person decides about one version at gates of class `manual`. */
import { GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME } from '../../api/annotations.ts';
import type { Approval, ApprovalDecision } from '../../api/approval.ts';
import { timestamp } from '../../api/instant.ts';
import type { VersionInfo } from '../../api/rollout.ts';
import { GATE_CLASS_MANUAL, type RolloutGate } from '../../api/rollout-gate.ts';
import { judgeApprovals } from '../../core/approvals.ts';
import { judgeGate } from '../../core/gate.ts';
import { isRejected } from '../../core/rejection.ts';
import { type Facts, gateContext, knownVersions, obstaclesFor, placeOf } from './facts.ts';
import { firstReason } from './goals.ts';
import { type Goal, type Plan, refuse } from './plan.ts';
import { pendingRequests, requestedBy, requestedTag } from './requests.ts';
import { meantVersion } from './version.ts';
import { listed, named, waitNotes } from './words.ts';

/**
 * @param gates about which is decided: one by name, or every manual one of the Rollout
 * @param text undefined: the newest candidate that they hold
 * @throws CliError when it cannot work
 */
export function planDecision(
  facts: Facts,
  gates: readonly RolloutGate[],
  decision: ApprovalDecision,
  text: string | undefined,
  reason: string | undefined,
): Plan {
  for (const gate of gates) refuseOtherClass(gate);
  const version = text === undefined ? heldVersion(facts, gates) : meantVersion(facts, text).version;
  const open = gates.filter((gate) => !isDecided(facts, gate, version, decision));
  const [first] = open;
  if (first === undefined) {
    const word = decision === 'Approve' ? 'approved' : 'rejected';
    throw refuse(`you have ${word} ${version.tag} at ${named('gate', gateNames(gates))} already`);
  }
  for (const gate of open) if (decision === 'Approve') refuseOwn(facts, gate, version);
  const { name } = facts.rollout.metadata;
  const where = `${named('gate', gateNames(open))} of ${placeOf(facts.rollout)}`;
  const then =
    decision === 'Approve'
      ? `which ${listed(open.map((gate) => effect(facts, gate, version, open.length > 1)))}`
      : 'which keeps it from being deployed, whatever others decide';
  return {
    operation: decision === 'Approve' ? 'approve' : 'reject',
    sentence: `${decision === 'Approve' ? 'Approves' : 'Rejects'} ${version.tag} at ${where} as ${facts.user}, ${then}`,
    version: version.tag,
    passesOver: [],
    notes: decision === 'Approve' ? otherObstacles(facts, open, version) : [],
    needs: [{ verb: 'create', resource: 'approvals', what: 'approve or reject a version' }],
    change: { kind: 'decide', approvals: open.map((gate) => approval(facts, gate, version, decision, reason)) },
    done: `${decision === 'Approve' ? 'Approved' : 'Rejected'} ${version.tag} for ${name}`,
    ...(decision === 'Approve' && { goal: satisfied(gateNames(open), version) }),
  };
}

const gateNames = (gates: readonly RolloutGate[]): readonly string[] => gates.map(({ metadata }) => metadata.name);

/** With both, an approval never counts for what the tag is moved to later. */
function approval(
  facts: Facts,
  gate: RolloutGate,
  { tag, digest }: VersionInfo,
  decision: ApprovalDecision,
  reason: string | undefined,
): Pick<Approval, 'spec'> {
  return {
    spec: {
      gateRef: { name: gate.metadata.name },
      version: tag,
      ...(digest === undefined ? {} : { digest }),
      decision,
      ...(reason === undefined ? {} : { reason }),
      by: facts.user,
    },
  };
}

/** Approvals open nothing at a gate of another class. */
function refuseOtherClass({ metadata, spec }: RolloutGate): void {
  if (spec.class === GATE_CLASS_MANUAL) return;
  const { name, namespace = 'default', labels } = metadata;
  const what = `gate ${name} takes no approvals`;
  const schedule = labels?.[GATE_SCHEDULE_NAME];
  if (schedule !== undefined) {
    const kind = labels?.[GATE_SCHEDULE_KIND] ?? 'RolloutSchedule';
    throw refuse(`${what}: ${kind} ${schedule} opens and closes it`, `change the rules of ${kind} ${schedule}`);
  }
  if (spec.class !== undefined) {
    const remedy = 'let one version past the gates: kuberik deploy NAME VERSION --through-gates';
    throw refuse(`${what}: it is of class ${spec.class}, whose controller opens and closes it`, remedy);
  }
  throw refuse(
    `${what}: it has no class, and whoever may edit it opens and closes it`,
    `kubectl -n ${namespace} patch rolloutgate ${name} --type merge -p '{"spec":{"passing":true}}'`,
  );
}

/** What somebody asked for, else the newest candidate, as far as the gates hold it. */
function heldVersion(facts: Facts, gates: readonly RolloutGate[]): VersionInfo {
  const { rollout } = facts;
  const wanted = requestedTag(rollout);
  const requested = knownVersions(facts).filter(({ tag, digest }) => tag === wanted || digest === wanted);
  const { releaseCandidates = [], rejectedReleases = [] } = rollout.status ?? {};
  const selectable = releaseCandidates.filter((version) => !isRejected(version, rejectedReleases));
  const candidates = [...requested, ...selectable];
  const context = gateContext(facts, requestOf(facts));
  const held = candidates.find((version) =>
    gates.some((gate) => judgeApprovals(gate, version, context).hold !== undefined),
  );
  if (held !== undefined) return held;
  throw refuse(
    `${named('gate', gateNames(gates))} of ${placeOf(rollout)} ${gates.length === 1 ? 'holds' : 'hold'} no version`,
    'name the version to decide about it in advance',
  );
}

function requestOf(facts: Facts) {
  const tag = requestedTag(facts.rollout);
  const version = knownVersions(facts).find((known) => known.tag === tag || known.digest === tag);
  return version === undefined ? undefined : { tag: version.tag, by: requestedBy(facts.rollout) };
}

function isDecided(facts: Facts, gate: RolloutGate, version: VersionInfo, decision: ApprovalDecision): boolean {
  const own = facts.approvals.filter(({ spec }) => spec.by === facts.user);
  const { approvals = [], hold } = judgeApprovals(gate, version, gateContext({ ...facts, approvals: own }, undefined));
  if (decision === 'Approve') return approvals.length > 0;
  return approvals.length === 0 && hold !== undefined && own.some((one) => rejects(one, gate, version));
}

function rejects({ spec }: Approval, gate: RolloutGate, { tag, digest }: VersionInfo): boolean {
  if (spec.gateRef.name !== gate.metadata.name || spec.decision !== 'Reject') return false;
  if (spec.version !== undefined && spec.version !== tag) return false;
  return spec.digest === undefined || spec.digest === digest;
}

/** @throws CliError when the gate does not count the approval of whoever asked for the deployment */
function refuseOwn(facts: Facts, { metadata, spec }: RolloutGate, version: VersionInfo): void {
  if (spec.approval?.notBy !== 'deployer') return;
  const request = requestOf(facts);
  if (request?.tag !== version.tag || request.by !== facts.user) return;
  const what = listed(pendingRequests(facts.rollout).map(({ text }) => text));
  throw refuse(
    `you asked ${what} yourself, and gate ${metadata.name} wants four eyes (spec.approval.notBy is deployer)`,
    'ask somebody else to approve it',
  );
}

/** What the approval does: opens the gate, or leaves so many to go. */
function effect(facts: Facts, gate: RolloutGate, version: VersionInfo, byName: boolean): string {
  const mine: Approval = {
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Approval',
    // After every one that is there, by whichever clock.
    metadata: { name: '~', creationTimestamp: timestamp(facts.now.add({ hours: 1 })) },
    ...approval(facts, gate, version, 'Approve', undefined),
  };
  const context = gateContext({ ...facts, approvals: [...facts.approvals, mine] }, requestOf(facts));
  const { hold, approvals = [] } = judgeApprovals(gate, version, context);
  const { name } = gate.metadata;
  if (hold === undefined) return `opens ${byName ? name : 'the gate'} for it`;
  if (!approvals.some(({ by }) => by === facts.user)) return `does not open ${byName ? name : 'it'}: ${hold.message}`;
  const required = gate.spec.approval?.required ?? 1;
  const rest = required - approvals.length;
  const where = byName ? ` at ${name}` : '';
  return `makes ${approvals.length} of ${required} approvals${where}: ${rest} more ${rest === 1 ? 'is' : 'are'} needed`;
}

/** What holds the version beside these gates. */
function otherObstacles(facts: Facts, gates: readonly RolloutGate[], version: VersionInfo): readonly string[] {
  const names = new Set(gateNames(gates));
  const obstacles = obstaclesFor(facts, version, undefined);
  const others = obstacles.gates.filter(({ name }) => !names.has(name));
  return waitNotes({ ...obstacles, gates: others }).map((what) => `it is held beside that: ${what}`);
}

/** The gates hold the version no more, or it is deployed. */
function satisfied(names: readonly string[], version: VersionInfo): Goal {
  return async (rollout, look) => {
    const deployed = rollout.status?.history?.some((entry) => entry.version.tag === version.tag) === true;
    const facts = await look();
    const context = gateContext(facts, requestOf(facts));
    const holding = facts.gates
      .filter(({ metadata }) => names.includes(metadata.name))
      .flatMap((gate) => judgeGate(gate, context).hold(version) ?? []);
    const [first] = holding;
    if (first === undefined || deployed) {
      const done = `${named('gate', names)} ${names.length === 1 ? 'lets' : 'let'} ${version.tag} go`;
      const next = firstReason(rollout);
      // The controller has not looked again: what it says is of before.
      const isOld = names.some((name) => next.includes(`RolloutGate ${name} `));
      return { state: 'done', text: isOld ? done : `${done}; ${next}` };
    }
    return { state: 'going', text: first.message };
  };
}
