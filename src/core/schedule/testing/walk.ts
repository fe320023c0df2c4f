/**
 * What a schedule should say, found out by walking: the wall clock of a zone is read at every minute, and whoever has
 * seen a time goes on when clocks go back, so that no hour is lived twice. Shares nothing with the evaluator.
 */
import { type ScheduleRule, Weekday } from '../../../api/schedule.ts';

const hour = 3_600_000;
const minute = 60_000;

export interface Walk {
  readonly zone: string;
  /** Epoch milliseconds of the first minute. */
  readonly from: number;
  /** For each minute of the clock of the world, the latest minute of the wall clock so far, since 1970-01-01T00:00. */
  readonly shown: Int32Array;
}

function offsetAt(zone: string, at: number): number {
  return Math.floor(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 60e9);
}

/** @param to not included; both are on the hour */
export function walk(zone: string, from: string, to: string): Walk {
  const begin = Date.parse(from);
  // Two days earlier, so that a clock that was put back just before is known.
  const start = begin - 48 * hour;
  const shown = new Int32Array((Date.parse(to) - start) / minute);
  let latest = -Infinity;
  for (let at = start, index = 0; index < shown.length; at += hour) {
    const [before, after] = [offsetAt(zone, at), offsetAt(zone, at + hour)];
    for (let count = 0; count < 60; count++, index++) {
      const moment = at + count * minute;
      const offset = before === after ? before : offsetAt(zone, moment);
      latest = Math.max(latest, moment / minute + offset);
      shown[index] = latest;
    }
  }
  return { zone, from: begin, shown: shown.subarray((48 * hour) / minute) };
}

/** Whether the day of a date is one on which the rule may begin. */
function calendar(rule: ScheduleRule): (day: number) => boolean {
  const known = new Map<number, boolean>();
  return (day) => {
    let is = known.get(day);
    if (is === undefined) {
      const date = Temporal.PlainDate.from('1970-01-01').add({ days: day });
      const { daysOfWeek = [], dateRange } = rule;
      is =
        (daysOfWeek.length === 0 || daysOfWeek.includes(Weekday[date.dayOfWeek - 1]!)) &&
        (dateRange === undefined || (dateRange.start <= date.toString() && date.toString() <= dateRange.end));
      known.set(day, is);
    }
    return is;
  };
}

/** 1 for each minute of the walk in which one of the rules is active. */
export function activeMinutes(rules: readonly ScheduleRule[], { shown }: Walk): Uint8Array {
  const active = new Uint8Array(shown.length);
  for (const rule of rules) {
    const isDay = calendar(rule);
    const [start, end] = [rule.timeRange?.start ?? '00:00', rule.timeRange?.end ?? '24:00'].map(
      (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
    ) as [number, number];
    for (let index = 0; index < shown.length; index++) {
      const wall = shown[index]!;
      const day = Math.floor(wall / 1440);
      const time = wall - day * 1440;
      const is =
        start < end
          ? time >= start && time < end && isDay(day)
          : (time >= start && isDay(day)) || (time < end && isDay(day - 1));
      if (is) active[index] = 1;
    }
  }
  return active;
}
