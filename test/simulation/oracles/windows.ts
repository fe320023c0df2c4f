/**
 * When schedules are open, by the calendar: a window is looked up day by day with Temporal, which shares nothing with
 * how the controllers add windows up.
 */
import type { ClusterRolloutSchedule } from '../../../src/api/cluster-rollout-schedule.ts';
import type { RolloutSchedule } from '../../../src/api/rollout-schedule.ts';
import { type ScheduleRule, Weekday } from '../../../src/api/schedule.ts';

export type Schedule = RolloutSchedule | ClusterRolloutSchedule;

/** Whether deployments may start. @param at milliseconds since the epoch */
export function isOpen({ spec }: Schedule, at: number): boolean {
  const zone = spec.timezone || 'UTC';
  const now = Temporal.Instant.fromEpochMilliseconds(Math.round(at));
  const isActive = spec.rules.some((rule) => isWithin(rule, zone, now));
  return spec.action === 'Allow' ? isActive : !isActive;
}

/** A window over midnight is that of the day on which it begins; where clocks go back, one may have begun tomorrow. */
function isWithin(rule: ScheduleRule, zone: string, now: Temporal.Instant): boolean {
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  return [-1, 0, 1].some((days) => {
    const day = today.add({ days });
    if (!isDayOf(rule, day)) return false;
    const { start = '00:00', end = '00:00' } = rule.timeRange ?? {};
    const ends = end > start ? day : day.add({ days: 1 });
    const [from, to] = [instantOf(day, start, zone), instantOf(ends, end, zone)];
    return Temporal.Instant.compare(from, now) <= 0 && Temporal.Instant.compare(now, to) < 0;
  });
}

function isDayOf({ daysOfWeek = [], dateRange }: ScheduleRule, day: Temporal.PlainDate): boolean {
  const text = day.toString();
  if (dateRange !== undefined && (text < dateRange.start || text > dateRange.end)) return false;
  return daysOfWeek.length === 0 || daysOfWeek.includes(Weekday[day.dayOfWeek - 1]!);
}

/** A time that clocks skip is the instant at which they do; of one that comes twice it is the first. */
function instantOf(day: Temporal.PlainDate, time: string, zone: string): Temporal.Instant {
  const wall = day.toPlainDateTime(time);
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  const isThere = later.toPlainDateTime().equals(wall);
  if (isThere) return wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).toInstant();
  return (later.getTimeZoneTransition('previous') ?? later).toInstant();
}
