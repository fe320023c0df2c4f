/**
 * `explain rollout`: what runs, what it is doing, why a newer release is not deployed, what happens next. It puts what
 * `decide` says into sentences and decides nothing itself.
 */
import type { ConditionReason } from '../../api/conditions.ts';
import type { HistoryEntry, Rollout, VersionInfo } from '../../api/rollout.ts';
import type { TargetObservation } from '../../core/observation.ts';
import type { Reason, RolloutPlan } from '../../core/plan.ts';
import { formatMoment, type Moment, readInstant } from '../age.ts';
import type { Paint } from '../paint.ts';
import { type Line, renderSections, type Section } from '../text.ts';
import { bakeTone, reasonTone } from './rollouts.ts';

export interface Explanation {
  /** As it is stored now. */
  readonly rollout: Rollout;
  readonly targets: readonly TargetObservation[];
  /** What a controller would do about it now. */
  readonly plan: Pick<RolloutPlan, 'status' | 'reasons' | 'requeueAt'>;
}

export interface Page {
  readonly moment: Moment;
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
}

export function renderExplain(explanation: Explanation, { moment, paint, width }: Page): string {
  const { metadata } = explanation.rollout;
  const sections: readonly Section[] = [
    { label: 'Rollout', lines: [{ text: `${metadata.name} in namespace ${metadata.namespace ?? 'default'}` }] },
    { label: 'Running', lines: running(explanation, moment) },
    { label: 'Doing', lines: doing(explanation, moment) },
    { label: 'Not deployed', lines: notDeployed(explanation, moment) },
    { label: 'Next', lines: next(explanation, moment) },
  ];
  return renderSections(sections, width, paint);
}

function running({ rollout, targets }: Explanation, moment: Moment): readonly Line[] {
  const entry = rollout.status?.history?.[0];
  if (entry === undefined) return [{ text: 'nothing yet' }];
  return [
    { text: `${entry.version.tag}${deployedWhen(entry, moment)}`, tone: 'strong' },
    ...(entry.message === undefined ? [] : [{ text: entry.message }]),
    ...identity(entry.version),
    ...bake(entry, moment),
    ...targets.map((target) => carrier(target, entry)),
  ];
}

function deployedWhen(entry: HistoryEntry, moment: Moment): string {
  const deployed = readInstant(entry.timestamp);
  const by = entry.triggeredBy === undefined ? '' : ` by ${entry.triggeredBy.name}`;
  return deployed === undefined ? by : `, deployed ${formatMoment(deployed, moment)}${by}`;
}

function identity({ revision, digest, version, tag }: VersionInfo): readonly Line[] {
  const parts = [
    ...(version === undefined || tag.endsWith(version) ? [] : [`version ${version}`]),
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(digest === undefined ? [] : [digest]),
  ];
  return parts.length === 0 ? [] : [{ text: parts.join(', '), tone: 'faint' }];
}

function bake(entry: HistoryEntry, moment: Moment): readonly Line[] {
  if (entry.bakeStatus === undefined) return [];
  const ended = readInstant(entry.bakeEndTime);
  const when = ended === undefined ? '' : ` ${formatMoment(ended, moment)}`;
  const message = entry.bakeStatusMessage === undefined ? '' : `: ${entry.bakeStatusMessage}`;
  return [{ text: `bake ${entry.bakeStatus}${when}${message}`, tone: bakeTone(entry.bakeStatus) }];
}

function carrier({ kind, name, field, carries, fault }: TargetObservation, entry: HistoryEntry): Line {
  const place = `${kind} ${name} (${field})`;
  if (fault !== undefined) return { text: `not carried by ${place}: ${fault.message}`, tone: 'bad' };
  if (carries === entry.version.tag) return { text: `carried by ${place}`, tone: 'faint' };
  const instead = carries === undefined ? 'nothing' : carries;
  return { text: `${place} still carries ${instead}`, tone: 'waiting' };
}

/** Something goes on by itself, rather than being waited for. */
const busy: ReadonlySet<string> = new Set<ConditionReason>(['WaitingForTarget', 'Deploying', 'Baking']);

function doing({ plan }: Explanation, moment: Moment): readonly Line[] {
  const [first] = plan.reasons;
  if (first === undefined) return [{ text: 'nothing: it is up to date', tone: 'good' }];
  // What is only waited for is told in full where the release is named that it holds back.
  if (isHeldBack(plan) && !busy.has(first.code)) return [{ text: phrase(first.code), tone: reasonTone(first.code) }];
  const going = plan.reasons.filter(({ code }) => busy.has(code));
  return (going.length === 0 ? [first] : going).flatMap((reason) => [
    { text: `${phrase(reason.code)}: ${reason.message}`, tone: reasonTone(reason.code) },
    ...details(reason, moment),
  ]);
}

function isHeldBack({ status }: Explanation['plan']): boolean {
  return (status.releaseCandidates ?? []).length > 0;
}

/** When it began, when it ends, who can change it. */
function details({ details: said = [], since, until, remedy }: Reason, moment: Moment): readonly Line[] {
  const lines = said.map((text) => ({ text }));
  return [
    ...lines,
    ...span(since, until, moment),
    ...(remedy === undefined ? [] : [{ text: `to change it: ${remedy}` }]),
  ];
}

function span(since: Temporal.Instant | undefined, until: Temporal.Instant | undefined, moment: Moment): Line[] {
  const parts = [
    ...(since === undefined ? [] : [`since ${formatMoment(since, moment)}`]),
    ...(until === undefined ? [] : [`until ${formatMoment(until, moment)}`]),
  ];
  return parts.length === 0 ? [] : [{ text: parts.join(', '), tone: 'faint' }];
}

/** `WaitingForGates` -> `waiting for gates`. */
function phrase(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function notDeployed({ plan }: Explanation, moment: Moment): readonly Line[] {
  const [newest, ...others] = plan.status.releaseCandidates ?? [];
  if (newest === undefined) return [];
  const more = others.length === 0 ? '' : ` (and ${others.length} more, newer than what runs)`;
  const [first, ...rest] = plan.reasons;
  const waiting = rest.filter(({ code }) => !busy.has(code));
  const told = first !== undefined && busy.has(first.code) && waiting.length > 0;
  return [
    { text: `${newest.tag}${more}`, tone: 'strong' },
    ...(told ? waiting : plan.reasons).flatMap((reason, index) => why(reason, index + 1, moment)),
  ];
}

function why(reason: Reason, number: number, moment: Moment): readonly Line[] {
  const indent = `${number}. `.length;
  return [
    { text: `${number}. ${reason.message}`, tone: reasonTone(reason.code) },
    ...details(reason, moment).map((line) => ({ ...line, indent })),
  ];
}

function next({ rollout, plan }: Explanation, moment: Moment): readonly Line[] {
  const pending = pendingChange(rollout, plan);
  const lines: Line[] =
    pending === undefined ? [] : [{ text: `${pending} as soon as a controller sees this`, tone: 'strong' }];
  if (plan.requeueAt !== undefined) {
    lines.push({ text: `it is decided again ${formatMoment(plan.requeueAt, moment)}, or when something changes` });
  }
  if (lines.length > 0) return lines;
  const content = plan.reasons.every(({ code }) => code === 'UpToDate' || code === 'NoReleases');
  if (content) return [{ text: 'the next release that its ImagePolicy admits' }];
  const goesOn = plan.reasons.some(({ code }) => busy.has(code));
  return [
    { text: goesOn ? 'it goes on when that changes' : 'nothing by itself: it waits for one of the changes above' },
  ];
}

/** What the stored status does not say yet. */
function pendingChange(rollout: Rollout, plan: Explanation['plan']): string | undefined {
  const planned = plan.status.history?.[0];
  const present = rollout.status?.history?.[0];
  if (planned === undefined) return undefined;
  if (planned.id !== present?.id || planned.version.tag !== present?.version.tag) {
    return planned.trigger === 'Adoption' ? `${planned.version.tag} is recorded` : `${planned.version.tag} is deployed`;
  }
  if (planned.bakeStatus === present.bakeStatus || planned.bakeStatus === undefined) return undefined;
  return `the bake becomes ${planned.bakeStatus}`;
}

/** The same for other programs. */
export function explanationData({ rollout, targets, plan }: Explanation): unknown {
  const running = rollout.status?.history?.[0];
  return {
    rollout: { namespace: rollout.metadata.namespace, name: rollout.metadata.name },
    ...(running === undefined ? {} : { running }),
    targets: targets.map(({ kind, name, field, carries }) => ({ kind, name, field, carries })),
    candidates: (plan.status.releaseCandidates ?? []).map(({ tag }) => tag),
    reasons: plan.reasons.map(({ code, message, details: said, since, until, remedy }) => ({
      code,
      message,
      details: said,
      since: since?.toString(),
      until: until?.toString(),
      remedy,
    })),
    next: { change: pendingChange(rollout, plan), at: plan.requeueAt?.toString() },
  };
}
