/**
 * `explain rollout`: what runs, what it is doing, why a newer release is not deployed, what happens next. It puts what
 * `decide` says into sentences and decides nothing itself.
 */
import type { ConditionReason } from '../../api/conditions.ts';
import { earliest } from '../../api/instant.ts';
import type { HistoryEntry, Rollout, VersionInfo } from '../../api/rollout.ts';
import type { TargetObservation } from '../../core/observation.ts';
import type { HeldCandidate } from '../../core/plan.ts';
import { formatMoment, type Moment, readInstant } from '../age.ts';
import type { Paint } from '../paint.ts';
import { type Line, renderSections, type Section } from '../text.ts';
import type { Explanation } from './explanation.ts';
import { numberedReason, phrase, reasonDetails } from './reason-lines.ts';
import { bakeTone, reasonTone } from './rollouts.ts';
import { versionLines } from './version.ts';

const mostOthers = 5;

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
    { label: 'Version', lines: versionLines(explanation, moment) },
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
  if (isHeldBack(plan) && !busy.has(first.code)) {
    return [{ text: phrase(first.code), tone: reasonTone(first.code) }, ...untold(plan, moment)];
  }
  const going = plan.reasons.filter(({ code }) => busy.has(code));
  return (going.length === 0 ? [first] : going).flatMap((reason) => [
    { text: `${phrase(reason.code)}: ${reason.message}`, tone: reasonTone(reason.code) },
    ...reasonDetails(reason, moment),
  ]);
}

function isHeldBack({ candidates }: Explanation['plan']): boolean {
  return candidates.some(({ reasons }) => reasons.length > 0);
}

/** What is wrong beside what holds a release back. */
function untold({ reasons, candidates }: Explanation['plan'], moment: Moment): readonly Line[] {
  const told = new Set(candidates.flatMap((candidate) => candidate.reasons.map(({ message }) => message)));
  return reasons
    .filter(({ message }) => !told.has(message))
    .flatMap((reason) => [{ text: reason.message, tone: reasonTone(reason.code) }, ...reasonDetails(reason, moment)]);
}

/** The candidate that would be deployed, with everything that holds it, and the first thing that holds each other one. */
function notDeployed({ plan, version }: Explanation, moment: Moment): readonly Line[] {
  if (version !== undefined) return [];
  const [first, ...others] = plan.candidates;
  if (first === undefined || first.reasons.length === 0) return [];
  const shown = others.slice(0, mostOthers);
  const left = others.length - shown.length;
  return [
    { text: first.version.tag, tone: 'strong' },
    ...first.reasons.flatMap((reason, index) => numberedReason(reason, index + 1, moment)),
    ...shown.map(otherCandidate),
    ...(left === 0 ? [] : [{ text: `and ${left} more, newer than what runs`, tone: 'faint' } as const]),
  ];
}

function otherCandidate({ version, reasons }: HeldCandidate): Line {
  const [reason] = reasons;
  if (reason === undefined) return { text: `${version.tag}: nothing holds it` };
  const about = reason.message.includes(version.tag) ? reason.message : `${version.tag}: ${reason.message}`;
  const more = reasons.length === 1 ? '' : ` (and ${reasons.length - 1} more)`;
  return { text: `${about}${more}`, tone: 'faint' };
}

function next({ rollout, plan }: Explanation, moment: Moment): readonly Line[] {
  const pending = pendingChange(rollout, plan);
  const lines: Line[] =
    pending === undefined ? [] : [{ text: `${pending} as soon as a controller sees this`, tone: 'strong' }];
  const retryAt = readInstant(plan.status.history?.[0]?.retryAt);
  if (retryAt !== undefined) {
    lines.push({
      text: `the bake of ${plan.status.history?.[0]?.version.tag} is started over ${formatMoment(retryAt, moment)}`,
    });
  } else if (plan.requeueAt !== undefined) {
    lines.push({ text: `it is decided again ${formatMoment(plan.requeueAt, moment)}, or when something changes` });
  }
  if (lines.length > 0) return lines;
  const content = plan.reasons.every(({ code }) => code === 'UpToDate' || code === 'NoReleases');
  if (content) return [{ text: 'the next release that its ImagePolicy admits' }];
  const ends = earliest(...plan.candidates.flatMap(({ reasons }) => reasons.map(({ until }) => until)));
  if (ends !== undefined) return [{ text: `the first of these reasons ends ${formatMoment(ends, moment)}` }];
  const goesOn = plan.reasons.some(({ code }) => busy.has(code));
  return [
    { text: goesOn ? 'it goes on when that changes' : 'nothing by itself: it waits for one of the changes above' },
  ];
}

/** What the stored status does not say yet. */
export function pendingChange(rollout: Rollout, plan: Explanation['plan']): string | undefined {
  const planned = plan.status.history?.[0];
  const present = rollout.status?.history?.[0];
  if (planned === undefined) return undefined;
  if (planned.id !== present?.id || planned.version.tag !== present?.version.tag) {
    return planned.trigger === 'Adoption' ? `${planned.version.tag} is recorded` : `${planned.version.tag} is deployed`;
  }
  if (planned.bakeStatus === present.bakeStatus || planned.bakeStatus === undefined) return undefined;
  return `the bake becomes ${planned.bakeStatus}`;
}
