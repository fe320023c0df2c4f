/** What a schedule says now, and the instant at which it says something else. */
import type { ScheduleRule } from '../../api/schedule.ts';
import { coverage, type Span, windowOn } from './coverage.ts';
import { beginsOn, type Recurrence, recurrenceOf } from './recurrence.ts';
import { DAY, instantAt, isTimeZone, minuteAt, type WallMinute } from './wall-clock.ts';

export interface ScheduleEvaluation {
  /** A rule is active. */
  readonly active: boolean;
  /** Names of the active rules in the order of the schedule; empty text for one without a name. */
  readonly activeRules: readonly string[];
  /** The first instant after now at which `active` changes. Absent: it never does. */
  readonly nextTransition?: Temporal.Instant;
}

/** It cannot be understood; the text names the field and the remedy. */
export interface ScheduleFault {
  readonly fault: string;
}

interface Present {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What the wall clock shows. It may have shown as much as a day more before it was put back. */
  readonly shown: WallMinute;
  /** When a wall-clock minute is, in epoch milliseconds. */
  readonly place: (minute: WallMinute) => number;
}

/**
 * Rules are wall-clock time in the zone. A window over midnight belongs to the day on which it begins; equal beginning
 * and end are a whole day from there; both days of a date range are part of it. Where clocks change, `instantAt` says
 * when a window begins and ends. Overlapping and adjoining rules are one: the border between them is no transition.
 *
 * @param timezone name of the IANA database; absent or empty: UTC
 */
export function evaluateSchedule(
  rules: readonly ScheduleRule[],
  timezone: string | undefined,
  now: Temporal.Instant,
): ScheduleEvaluation | ScheduleFault {
  const zone = timezone || 'UTC';
  if (!isTimeZone(zone)) return unknownZone(zone);
  const recurrences: Recurrence[] = [];
  for (const [index, rule] of rules.entries()) {
    const recurrence = recurrenceOf(rule, `spec.rules[${index}]`);
    if ('fault' in recurrence) return recurrence;
    recurrences.push(recurrence);
  }
  const present = { now: now.epochMilliseconds, shown: minuteAt(zone, now), place: placing(zone) };
  const { active, until } = stateAt(present, recurrences);
  return {
    active,
    activeRules: recurrences.filter((rule) => isActive(rule, present)).map(({ name }) => name),
    ...(until !== Infinity && { nextTransition: Temporal.Instant.fromEpochMilliseconds(until) }),
  };
}

function unknownZone(zone: string): ScheduleFault {
  const remedy = 'write one such as Europe/Zagreb, or leave it out for UTC';
  return { fault: `spec.timezone: "${zone}" is not a time zone of the IANA database: ${remedy}` };
}

/** Rules have few different edges, and each of them is asked for more than once. */
function placing(zone: string): Present['place'] {
  const known = new Map<WallMinute, number>();
  return (minute) => {
    let instant = known.get(minute);
    if (instant === undefined) known.set(minute, (instant = minute === Infinity ? Infinity : instantAt(zone, minute)));
    return instant;
  };
}

function stateAt(present: Present, rules: readonly Recurrence[]): { readonly active: boolean; readonly until: number } {
  for (const { start, end } of spans(present, rules)) {
    if (start > present.now) return { active: false, until: start };
    if (end > present.now) return { active: true, until: end };
  }
  return { active: false, until: Infinity };
}

/** In epoch milliseconds, and without what clocks skip: a window in the skipped hour, or a pause between two. */
function* spans({ shown, place }: Present, rules: readonly Recurrence[]): Generator<Span> {
  let current: Span | undefined;
  for (const span of coverage(rules, Math.floor(shown / DAY))) {
    if (span.end <= shown) continue;
    const [start, end] = [place(span.start), place(span.end)];
    if (start === end) continue;
    if (current !== undefined && start <= current.end) {
      current = { start: current.start, end };
      continue;
    }
    if (current !== undefined) yield current;
    current = { start, end };
  }
  if (current !== undefined) yield current;
}

function isActive(rule: Recurrence, { now, shown, place }: Present): boolean {
  const today = Math.floor(shown / DAY);
  // Tomorrow has begun already when the clock was put back over midnight.
  for (let day = today - 1; day <= today + 1; day++) {
    const { start, end } = windowOn(rule, day);
    if (end > shown && beginsOn(rule, day) && place(start) <= now && now < place(end)) return true;
  }
  return false;
}
