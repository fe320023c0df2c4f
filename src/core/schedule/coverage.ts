/** When any of several rules is active, on the wall clock. */
import { beginsOn, type Recurrence } from './recurrence.ts';
import { DAY, type Day, type WallMinute } from './wall-clock.ts';

/** From `start` up to, and without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A window lasts at most a day, so that one that begins two days earlier has ended on a day's midnight. */
const reach = 2;

/**
 * Days that are looked at after a day on which the pattern changes. Between two such days a schedule repeats weekly.
 * The first day still has windows of the pattern before; of the two weeks after it at most one can have a beginning or
 * an end that is skipped when clocks change. What changes in neither week, changes not before the next such day.
 */
const enough = 1 + 2 * 7;

/**
 * The spans in which a rule is active, in order, apart from each other, from the midnight of `from` on; each of them as
 * far as it goes, the last one perhaps for ever. Of the days without a change of the pattern just as many are looked at
 * as can tell (`enough`): a date range in eighty years costs as much as one of next month.
 *
 * Whoever reads it must stop at the first beginning or end that is a change for them: what comes after it is only
 * complete as far as days were looked at.
 */
export function* coverage(rules: readonly Recurrence[], from: Day): Generator<Span> {
  let span: Span | undefined;
  // Days before this one are done.
  let next = from - reach;
  for (const anchor of anchors(rules, from)) {
    const start = Math.max(next, anchor - reach);
    // Nothing changed up to `next`, nor does it in the days that are left out.
    if (span !== undefined && start > next && span.end >= next * DAY) {
      span = { start: span.start, end: Math.max(span.end, (start + reach - 1) * DAY) };
    }
    const end = anchor + enough;
    const relevant = rules.filter(({ first, last }) => last >= start && first <= end);
    for (let day = start; day <= end; day++) {
      for (const window of windowsOf(relevant, day)) {
        if (span !== undefined && window.start <= span.end) {
          span = { start: span.start, end: Math.max(span.end, window.end) };
          continue;
        }
        if (span !== undefined) yield span;
        span = window;
      }
    }
    next = Math.max(next, end + 1);
  }
  if (span !== undefined) yield span.end >= next * DAY ? { start: span.start, end: Infinity } : span;
}

/** The days on which the pattern of a week changes: the first of all, and where date ranges begin and have ended. */
function anchors(rules: readonly Recurrence[], from: Day): readonly Day[] {
  const changes = rules.flatMap(({ first, last }) => [first, last + 1]);
  const later = changes.filter((day) => Number.isFinite(day) && day > from);
  return [...new Set([from, ...later])].sort((one, other) => one - other);
}

/** Windows that begin on a day, the earliest first. */
function windowsOf(rules: readonly Recurrence[], day: Day): readonly Span[] {
  return rules
    .filter((rule) => beginsOn(rule, day))
    .map((rule) => windowOn(rule, day))
    .sort((one, other) => one.start - other.start);
}

/** The window of a rule that begins on a day. */
export function windowOn({ begins, lasts }: Recurrence, day: Day): { start: WallMinute; end: WallMinute } {
  const start = day * DAY + begins;
  return { start, end: start + lasts };
}
