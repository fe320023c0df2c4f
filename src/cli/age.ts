/** Spans and points in time as people read them: kubectl's ages, and clock times with the distance to now. */
import { instantOf } from '../api/instant.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

// https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go
/** kubectl's age of a span of seconds: `45s`, `5m3s`, `47m`, `3h12m`, `26h`, `3d4h`, `45d`, `2y30d`. Below zero: `0s`. */
export function formatAge(totalSeconds: number): string {
  const seconds = Math.max(0, Math.floor(totalSeconds));
  if (seconds < 2 * minute) return `${seconds}s`;
  if (seconds < 10 * minute) return pair(seconds, minute, 'm', 1, 's');
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`;
  if (seconds < 8 * hour) return pair(seconds, hour, 'h', minute, 'm');
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`;
  if (seconds < 8 * day) return pair(seconds, day, 'd', hour, 'h');
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`;
  if (seconds < 8 * year) return pair(seconds, year, 'y', day, 'd');
  return `${Math.floor(seconds / year)}y`;
}

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % big) / small);
  const whole = `${Math.floor(seconds / big)}${bigUnit}`;
  return rest === 0 ? whole : `${whole}${rest}${smallUnit}`;
}

/** Seconds from `earlier` to `later`; negative when they are the other way round. */
export function secondsBetween(earlier: Temporal.Instant, later: Temporal.Instant): number {
  return (later.epochMilliseconds - earlier.epochMilliseconds) / 1000;
}

/** Undefined for what is no RFC 3339 time: a status may hold anything. */
export function readInstant(text: string | null | undefined): Temporal.Instant | undefined {
  return instantOf(text ?? undefined);
}

/** The age column: `<unknown>` as kubectl writes it. */
export function ageSince(text: string | null | undefined, now: Temporal.Instant): string {
  const instant = readInstant(text);
  return instant === undefined ? '<unknown>' : formatAge(secondsBetween(instant, now));
}

/** Where `now` is and how its clock reads. */
export interface Moment {
  readonly now: Temporal.Instant;
  /** IANA name of the reader's time zone. */
  readonly zone: string;
}

/** `14:05:03` today, `Sat 22 Nov 08:00` within half a year, else `2027-11-22 08:00`; in the reader's zone. */
export function formatClock(instant: Temporal.Instant, { now, zone }: Moment): string {
  const there = instant.toZonedDateTimeISO(zone);
  const here = now.toZonedDateTimeISO(zone);
  const clock = there.toPlainTime().toString({ smallestUnit: 'second' });
  if (there.toPlainDate().equals(here.toPlainDate())) return clock;
  const daysAway = Math.abs(secondsBetween(now, instant)) / day;
  if (daysAway > 180) return `${there.toPlainDate().toString()} ${clock.slice(0, 5)}`;
  const date = there.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  return `${date.replace(',', '')} ${clock.slice(0, 5)}`;
}

/** `14:05:03 (in 2m)` or `14:01:03 (2m ago)`. */
export function formatMoment(instant: Temporal.Instant, moment: Moment): string {
  const seconds = secondsBetween(moment.now, instant);
  const distance = seconds > 0 ? `in ${formatAge(seconds)}` : `${formatAge(-seconds)} ago`;
  return `${formatClock(instant, moment)} (${distance})`;
}
