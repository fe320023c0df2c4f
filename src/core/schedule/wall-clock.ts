/**
 * `schedule` decides by the clock: which rules of a schedule are active, until when, and what becomes of its gates.
 *
 * This file is the wall clock of a time zone. Times on it are whole minutes since 1970-01-01T00:00 as the clock shows
 * them, so that calendars can be added up as numbers; only `instantAt` knows what a zone makes of them.
 */

/** Minutes on the wall clock since 1970-01-01T00:00. */
export type WallMinute = number;
/** Days of the calendar since 1970-01-01. */
export type Day = number;

export const DAY = 24 * 60;

const millisecondsOfMinute = 60_000;
const first = Temporal.PlainDateTime.from('1970-01-01T00:00');
// 1970-01-01 was a Thursday.
const weekdayOfFirst = 3;

export function dayOf(date: Temporal.PlainDate): Day {
  return date.toZonedDateTime('UTC').epochMilliseconds / (DAY * millisecondsOfMinute);
}

/** 0 is Monday. */
export function weekdayOf(day: Day): number {
  return (((day + weekdayOfFirst) % 7) + 7) % 7;
}

/** What the wall clock of a zone shows. */
export function minuteAt(zone: string, instant: Temporal.Instant): WallMinute {
  const { epochMilliseconds, offsetNanoseconds } = instant.toZonedDateTimeISO(zone);
  return Math.floor((epochMilliseconds + offsetNanoseconds / 1e6) / millisecondsOfMinute);
}

/**
 * Epoch milliseconds at which the wall clock first shows this time or a later one. A time that is skipped when clocks go
 * forward is the instant at which they do, so that a window that begins in the skipped hour begins at its end, and one
 * within it is empty. A time that comes twice when clocks go back is the first of both, for beginnings and ends alike.
 * The result never decreases with `time`: what adjoins on the wall clock adjoins in time.
 */
export function instantAt(zone: string, time: WallMinute): number {
  const shown = first.add({ minutes: time });
  const zoned = shown.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (zoned.toPlainDateTime().equals(shown)) return zoned.epochMilliseconds;
  // Skipped: `zoned` is as long before the change as the time is after it.
  return (zoned.getTimeZoneTransition('next') ?? zoned).epochMilliseconds;
}

/** A zone of the IANA database; Temporal also takes offsets and whole timestamps for one. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
