/** What a gate says of a version: its class, its approvals and its answers, read once more from the objects alone. */
import type { Approval } from '../../../src/api/approval.ts';
import type { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { durationOf } from './durations.ts';
import { instant } from './scene.ts';

export interface Question {
  readonly tag: string;
  readonly digest: string | undefined;
  /** Milliseconds since the epoch. What ended less than `slack` before may not be over yet. */
  readonly at: number;
  readonly slack: number;
  /** Of each Approval all that it may be taken for; undefined: not there. */
  readonly approvals: readonly (readonly (Approval | undefined)[])[];
  /** Who asked for the deployment. */
  readonly deployer?: string | undefined;
  /** Nothing runs here yet: only gates with a class hold it. */
  readonly isFirst?: boolean;
}

/** Why the gate holds the version in any case; undefined: it lets it pass, or may do so. */
export function holdOf(gate: RolloutGate, question: Question): string | undefined {
  const { spec } = gate;
  const { tag, isFirst = false } = question;
  if (!isFirst && spec.passing === false) return 'is closed';
  if (!isFirst && isOver(spec.validUntil, question)) return `was open until ${spec.validUntil}`;
  if (!isFirst && spec.allowedVersions?.includes(tag) === false) return `does not allow ${tag}`;
  if (spec.class === undefined) return undefined;
  return spec.class === 'manual' ? heldByPeople(gate, question) : heldByAnswer(gate, question);
}

function isOver(until: string | undefined, { at, slack }: Question): boolean {
  return until !== undefined && instant(until) <= at - slack;
}

/** By class: what its controller has written, or has not. */
function heldByAnswer({ metadata, status = {} }: RolloutGate, question: Question): string | undefined {
  const { tag, digest } = question;
  const { passing, verdicts, allowedVersions, observedGeneration, validUntil } = status;
  if (observedGeneration !== undefined && observedGeneration < (metadata.generation ?? 0)) return 'is not judged anew';
  if (isOver(validUntil, question)) return `was judged until ${validUntil}`;
  if (passing === false) return 'is closed by its class';
  const verdict = verdicts?.find((one) => one.tag === tag && isSame(one.digest, digest));
  if (verdict !== undefined) return verdict.allowed ? undefined : `refuses ${tag}`;
  if (allowedVersions !== undefined) return allowedVersions.includes(tag) ? undefined : `does not list ${tag}`;
  return passing === true && verdicts === undefined ? undefined : `has no answer about ${tag}`;
}

/** Each person counts once, by the newest decision; one rejection is enough, and approvals may expire. */
function heldByPeople(gate: RolloutGate, question: Question): string | undefined {
  const { approval: { required = 1, notBy, expiresAfter } = {} } = gate.spec;
  const lifetime = expiresAfter === undefined ? Number.POSITIVE_INFINITY : durationOf(expiresAfter);
  const { at, slack, deployer } = question;
  const mine = question.approvals.filter((versions) => versions.some((one) => one && isAbout(one, gate, question)));
  const approving = new Set<string>();
  for (const versions of mine) {
    const one = versions.find((version) => version !== undefined)!;
    const { by, decision } = one.spec;
    const made = instant(one.metadata.creationTimestamp);
    const isLasting = versions.every((version) => version !== undefined);
    const isLast = !mine.some((others) => isLater(others, one));
    if (decision === 'Reject') {
      if (isLasting && isLast) return `is rejected by ${by}`;
      continue;
    }
    const isExpired = made + lifetime <= at - slack;
    if (isLast && !isExpired && !(notBy === 'deployer' && by === deployer)) approving.add(by);
  }
  return approving.size >= required ? undefined : `has ${approving.size} of ${required} approvals of ${question.tag}`;
}

/** It is there for sure, of the same person, and was made in a later second. */
function isLater(versions: readonly (Approval | undefined)[], than: Approval): boolean {
  const [one] = versions;
  if (one === undefined || versions.includes(undefined) || one.spec.by !== than.spec.by) return false;
  return (one.metadata.creationTimestamp ?? '') > (than.metadata.creationTimestamp ?? '');
}

function isAbout({ spec, metadata }: Approval, gate: RolloutGate, { tag, digest }: Question): boolean {
  if (metadata.namespace !== gate.metadata.namespace || spec.gateRef.name !== gate.metadata.name) return false;
  if (spec.version !== undefined && spec.version !== tag) return false;
  return spec.digest === undefined || spec.digest === digest;
}

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;
