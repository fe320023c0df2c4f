/** A rule as numbers: on which days it begins, at which minute, and for how long. */
import { type ScheduleRule, Weekday } from '../../api/schedule.ts';
import { DAY, type Day, dayOf, weekdayOf } from './wall-clock.ts';

export interface Recurrence {
  /** Empty for a rule without one. */
  readonly name: string;
  /** Minutes after the midnight of the day on which a window begins. */
  readonly begins: number;
  /** Minutes on the wall clock, at most a day. */
  readonly lasts: number;
  /** 0 is Monday. Undefined: every day. */
  readonly weekdays: ReadonlySet<number> | undefined;
  /** The first and the last day on which a window may begin; infinite where the rule has no date range. */
  readonly first: Day;
  readonly last: Day;
}

/** The rule cannot be understood; the text names the field and the remedy. */
export interface RuleFault {
  readonly fault: string;
}

/** A window over midnight belongs to the day on which it begins: that day must be in the date range and the weekdays. */
export function beginsOn({ weekdays, first, last }: Recurrence, day: Day): boolean {
  return day >= first && day <= last && (weekdays === undefined || weekdays.has(weekdayOf(day)));
}

/** @param path of the rule, for faults: `spec.rules[0]` */
export function recurrenceOf(rule: ScheduleRule, path: string): Recurrence | RuleFault {
  const { name = '', timeRange, daysOfWeek = [], dateRange } = rule;
  const begins = timeRange === undefined ? 0 : minuteOf(timeRange.start);
  const ends = timeRange === undefined ? 0 : minuteOf(timeRange.end);
  if (begins === undefined) return fault(`${path}.timeRange.start`, timeRange?.start, 'a time of the day: write HH:MM');
  if (ends === undefined) return fault(`${path}.timeRange.end`, timeRange?.end, 'a time of the day: write HH:MM');
  const first = dateRange === undefined ? -Infinity : dayFrom(dateRange.start);
  const last = dateRange === undefined ? Infinity : dayFrom(dateRange.end);
  const remedy = 'a day of the calendar: write YYYY-MM-DD';
  if (first === undefined) return fault(`${path}.dateRange.start`, dateRange?.start, remedy);
  if (last === undefined) return fault(`${path}.dateRange.end`, dateRange?.end, remedy);
  if (last < first) return fault(`${path}.dateRange.end`, dateRange?.end, 'on or after the start: correct one of both');
  const weekdays = daysOfWeek.length === 0 ? undefined : new Set(daysOfWeek.map((day) => Weekday.indexOf(day)));
  return { name, begins, lasts: ends > begins ? ends - begins : DAY - begins + ends, weekdays, first, last };
}

function fault(path: string, value: string | undefined, wanted: string): RuleFault {
  return { fault: `${path}: "${value ?? ''}" is not ${wanted}` };
}

function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

function dayFrom(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return dayOf(Temporal.PlainDate.from(text, { overflow: 'reject' }));
  } catch {
    return undefined;
  }
}
