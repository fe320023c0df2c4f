/** Gates of class `manual`: people approve a version, each for themselves, and the newest decision of each counts. */
import type { Approval } from '../api/approval.ts';
import { durationOf } from '../api/duration.ts';
import { earliest, instantOf, isBefore } from '../api/instant.ts';
import type { HistoryApproval, VersionInfo } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import { type ClassVerdict, type GateContext, gateName } from './gate-class.ts';
import { shorten } from './text.ts';

/** Kept in a history entry, and named in a message. */
const longestReason = 256;
const mostNamed = 10;
/** Of one gate, unless more are required: a thousand people may approve, and every entry is in one status. */
const mostKept = 20;

export function judgeApprovals(gate: RolloutGate, version: VersionInfo, context: GateContext): ClassVerdict {
  const { name } = gate.metadata;
  const required = gate.spec.approval?.required ?? 1;
  const lifetime = lifetimeOf(gate);
  if (lifetime === 'invalid') {
    const message = `${gateName(gate)} cannot count approvals: spec.approval.expiresAfter is no duration`;
    return { hold: { message, remedy: `correct RolloutGate ${name}` } };
  }
  const standing = decisionsAbout(version, gate, context).map((decision) =>
    weigh(decision, version, gate, lifetime, context),
  );
  const counted = standing.filter(({ counts }) => counts);
  const approvals = counted.slice(0, Math.max(required, mostKept)).map(({ approval: { spec } }): HistoryApproval => {
    const reason = spec.reason === undefined ? {} : { reason: shorten(spec.reason, longestReason) };
    return { gate: name, by: spec.by, ...reason };
  });
  const changesAt = earliest(...counted.map(({ expiresAt }) => expiresAt));
  const timing = changesAt === undefined ? {} : { changesAt };
  const remedy = `somebody who may create approvals: kuberik approve ${name} ${version.tag}`;
  const rejection = standing.find(({ rejects }) => rejects)?.approval.spec;
  if (rejection !== undefined) {
    const why = rejection.reason === undefined ? '' : `: ${shorten(rejection.reason, longestReason)}`;
    const message = `${gateName(gate)}: ${rejection.by} rejected ${version.tag}${why}`;
    return { ...timing, hold: { message, remedy: `${rejection.by} approves it, or a newer version is released` } };
  }
  if (approvals.length >= required) return { ...timing, approvals };
  const details = standing.flatMap(({ ignored }) => (ignored === undefined ? [] : [ignored]));
  const message = `${gateName(gate)} waits for ${progress(required, approvals, version)}${passedOver(details)}`;
  return { ...timing, approvals, hold: { message, remedy } };
}

function progress(required: number, given: readonly HistoryApproval[], { tag }: VersionInfo): string {
  const wanted = `${required === 1 ? 'an approval' : `${required} approvals`} of ${tag}`;
  if (given.length === 0) return wanted;
  return `${wanted} (${given.length} given, by ${firstOf(given.map(({ by }) => by))})`;
}

function firstOf(names: readonly string[]): string {
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return `${names.slice(0, mostNamed).join(', ')}${more}`;
}

function passedOver(ignored: readonly string[]): string {
  if (ignored.length === 0) return '';
  return `; not counted: ${firstOf(ignored)}`;
}

function lifetimeOf({ spec }: RolloutGate): Temporal.Duration | undefined | 'invalid' {
  if (spec.approval?.expiresAfter === undefined) return undefined;
  return durationOf(spec.approval.expiresAfter) ?? 'invalid';
}

interface Decision {
  readonly approval: Approval;
  /** Meant for this version, but it is another one. */
  readonly misses?: string;
}

/** What each person decided last about this version; else what they meant for it and what cannot count. */
function decisionsAbout(version: VersionInfo, gate: RolloutGate, context: GateContext): Decision[] {
  const newest = new Map<string, Decision>();
  for (const approval of context.approvals.toSorted(byAge)) {
    const { gateRef, by } = approval.spec;
    if (gateRef.name !== gate.metadata.name) continue;
    const misses = missOf(approval, version, context);
    if (misses === 'another') continue;
    const before = newest.get(by);
    if (misses === undefined) newest.set(by, { approval });
    else if (before === undefined || before.misses !== undefined) newest.set(by, { approval, misses });
  }
  return [...newest.values()];
}

/** Undefined when it is about the version; `another` when it is about another one that there is. */
function missOf(
  { spec, metadata }: Approval,
  version: VersionInfo,
  { knows, deployedAt }: GateContext,
): string | undefined {
  if (spec.version !== undefined && spec.version !== version.tag) {
    // An old one is of a version that has gone since.
    const isOld = deployedAt !== undefined && (metadata.creationTimestamp ?? '') <= deployedAt;
    return isOld || knows(spec.version) ? 'another' : `decided about ${spec.version}, which is not known`;
  }
  if (spec.digest === undefined || spec.digest === version.digest) return undefined;
  if (spec.version === undefined) return 'another';
  const now = version.digest === undefined ? 'its digest is not known yet' : `its digest is now ${version.digest}`;
  return `decided about ${version.tag} on ${spec.digest}; ${now}`;
}

/** Oldest first; of one second the rejections last, since nobody knows which came later, then by name. */
function byAge(one: Approval, other: Approval): number {
  const [a, b] = [one.metadata.creationTimestamp ?? '', other.metadata.creationTimestamp ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  if (one.spec.decision !== other.spec.decision) return one.spec.decision === 'Approve' ? -1 : 1;
  return one.metadata.name < other.metadata.name ? -1 : 1;
}

interface Weighed {
  readonly approval: Approval;
  readonly counts: boolean;
  readonly rejects: boolean;
  readonly expiresAt?: Temporal.Instant | undefined;
  /** Why it does not count although it was meant to. */
  readonly ignored?: string;
}

function weigh(
  { approval, misses }: Decision,
  version: VersionInfo,
  gate: RolloutGate,
  lifetime: Temporal.Duration | undefined,
  { requested, now }: GateContext,
): Weighed {
  const { spec, metadata } = approval;
  const nothing = { approval, counts: false, rejects: false };
  const ignore = (why: string): Weighed => ({ ...nothing, ignored: `${spec.by} (${why})` });
  if (misses !== undefined) return ignore(misses);
  if (spec.decision === 'Reject') return { ...nothing, rejects: true };
  if (gate.spec.approval?.notBy === 'deployer' && requested?.tag === version.tag) {
    if (requested.by === undefined) return ignore('it is not known who asked for this deployment');
    if (requested.by === spec.by) return ignore('asked for this deployment');
  }
  if (lifetime === undefined) return { approval, counts: true, rejects: false };
  const expiresAt = instantOf(metadata.creationTimestamp ?? undefined)?.add(lifetime);
  if (expiresAt === undefined || !isBefore(now, expiresAt)) return ignore('expired');
  return { approval, counts: true, rejects: false, expiresAt };
}
