/** A forecast as a timeline, with what it takes for granted. */

import { GATE_CLASS_MANUAL } from '../../api/rollout-gate.ts';
import type { Assumption } from '../../core/forecast/assumptions.ts';
import type { Forecast } from '../../core/forecast/forecast.ts';
import type { ForecastInput } from '../../core/forecast/input.ts';
import type { TimelineEntry, TimelineKind } from '../../core/forecast/timeline.ts';
import { formatClock, formatMoment, type Moment } from '../age.ts';
import type { Tone } from '../paint.ts';
import { type Line, renderSections, type Section } from '../text.ts';
import type { Page } from './explain.ts';
import { reasonData } from './explanation-data.ts';
import { numberedReason } from './reason-lines.ts';

export interface Foretold {
  readonly input: ForecastInput;
  readonly assumptions: readonly Assumption[];
  readonly forecast: Forecast;
  readonly until: Temporal.Instant;
  /** What could not be read, for people. */
  readonly unread: readonly string[];
}

const tones: Readonly<Record<TimelineKind, Tone>> = {
  Gate: 'plain',
  Freeze: 'plain',
  Deployment: 'strong',
  Rollback: 'bad',
  BakeStarted: 'plain',
  BakeSucceeded: 'good',
  BakeFailed: 'bad',
  BakeRetried: 'bad',
};
/** A schedule of minutes fills screens. */
const mostLines = 100;

export function renderForecast(told: Foretold, { moment, paint, width }: Page): string {
  const { rollout } = told.input.observed;
  const { name, namespace = 'default' } = rollout.metadata;
  const sections: readonly Section[] = [
    { label: 'Rollout', lines: [{ text: `${name} in namespace ${namespace}` }] },
    { label: 'Running', lines: [{ text: rollout.status?.history?.[0]?.version.tag ?? 'nothing yet', tone: 'strong' }] },
    { label: 'If', lines: told.assumptions.map((assumption) => ({ text: assumptionText(assumption) })) },
    { label: 'Forecast', lines: timelineLines(told, moment) },
    { label: 'Then', lines: afterwards(told, moment) },
    { label: 'Assumed', lines: takenForGranted(told).map((text) => ({ text, tone: 'faint' })) },
  ];
  return renderSections(sections, width, paint);
}

function timelineLines({ forecast, until }: Foretold, moment: Moment): readonly Line[] {
  const { timeline, brokenOffAt } = forecast;
  const shown = timeline.slice(0, mostLines);
  const clocks = shown.map(({ at }) => clockOf(at, moment));
  const column = Math.max(0, ...clocks.map((text) => text.length));
  const lines = shown.map((entry, index): Line => {
    const mark = entry.assumes === undefined ? '' : ' *';
    return { text: `${(clocks[index] ?? '').padEnd(column)}  ${entry.message}${mark}`, tone: tones[entry.kind] };
  });
  const end = `until ${formatMoment(until, moment)}`;
  if (timeline.length === 0) return [{ text: `nothing happens ${end}` }];
  const left = timeline.length - shown.length;
  return [
    ...lines,
    ...(left === 0 ? [] : [{ text: `and ${left} more: -o json has all of them`, tone: 'faint' } as const]),
    ...(brokenOffAt === undefined
      ? []
      : [{ text: `broken off at ${clockOf(brokenOffAt, moment)}: too much happens`, tone: 'waiting' } as const]),
    { text: `nothing else ${end}`, tone: 'faint' },
  ];
}

/** The weekday matters for windows, also today. */
function clockOf(at: Temporal.Instant, moment: Moment): string {
  const text = formatClock(at, moment);
  return /^\d\d:/.test(text) ? `today ${text.slice(0, 5)}` : text;
}

function afterwards({ forecast }: Foretold, moment: Moment): readonly Line[] {
  return forecast.reasons.flatMap((reason, index) => numberedReason(reason, index + 1, moment));
}

function assumptionText(assumption: Assumption): string {
  switch (assumption.if) {
    case 'approve':
      return `everybody whom it takes approves at RolloutGate ${assumption.gate} now`;
    case 'open':
      return `RolloutGate ${assumption.gate} is opened now, for good`;
    case 'push':
      return `${assumption.tag} is released now`;
    case 'pin':
      return `${assumption.tag} is pinned now`;
    case 'unpin':
      return 'the pin is removed now';
    case 'unfreeze':
      return `Freeze ${assumption.name} is ended now`;
    case 'deploy':
      return `${assumption.tag} is asked for now, through the gates`;
    case 'force':
      return `${assumption.tag} is forced now`;
    case 'rollback':
      return assumption.tag === undefined ? 'it is rolled back now' : `it is rolled back to ${assumption.tag} now`;
  }
}

function takenForGranted({ input, forecast }: Foretold): readonly string[] {
  const { gates } = input.observed;
  const asked = gates.filter(({ spec }) => spec.class !== undefined && spec.class !== GATE_CLASS_MANUAL);
  const marked = [...new Set(forecast.timeline.flatMap(({ assumes }) => assumes ?? []))];
  const names = asked.map(({ metadata }) => metadata.name).join(', ');
  return [
    'nobody does anything else, nothing else is released, Flux applies at once, checks stay as they are',
    ...(asked.length === 0 ? [] : [`what judges ${names} says what it says now`]),
    ...marked.map((text) => `* ${text}`),
  ];
}

/** The same for other programs. */
export function forecastData(told: Foretold): unknown {
  const { metadata, status } = told.input.observed.rollout;
  return {
    rollout: { namespace: metadata.namespace, name: metadata.name },
    running: status?.history?.[0]?.version.tag,
    if: told.assumptions.map(assumptionText),
    until: told.until.toString({ smallestUnit: 'second' }),
    timeline: told.forecast.timeline.map(entryData),
    reasons: told.forecast.reasons.map(reasonData),
    assumed: takenForGranted(told),
    brokenOffAt: told.forecast.brokenOffAt?.toString(),
  };
}

function entryData({ at, kind, version, message, assumes }: TimelineEntry): unknown {
  return { at: at.toString(), kind, version, message, assumes };
}
