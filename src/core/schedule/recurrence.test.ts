/** Rules that cannot be understood: past the schema, or written before it was there. */
import { expect, it } from 'vitest';
import type { ScheduleRule } from '../../api/schedule.ts';
import { evaluateSchedule } from './evaluate.ts';
import { recurrenceOf } from './recurrence.ts';
import { isTimeZone } from './wall-clock.ts';

const hours = (start: string, end: string): ScheduleRule => ({ timeRange: { start, end } });
const dates = (start: string, end: string): ScheduleRule => ({ dateRange: { start, end } });
const time = 'is not a time of the day: write HH:MM';
const day = 'is not a day of the calendar: write YYYY-MM-DD';

it.each<[ScheduleRule, string]>([
  [hours('24:00', '10:00'), `rule.timeRange.start: "24:00" ${time}`],
  [hours('at 09:00', '10:00'), `rule.timeRange.start: "at 09:00" ${time}`],
  [hours('09:00', '10:00:30'), `rule.timeRange.end: "10:00:30" ${time}`],
  [hours('09:00', '10:60'), `rule.timeRange.end: "10:60" ${time}`],
  [dates('2025-02-29', '2025-03-01'), `rule.dateRange.start: "2025-02-29" ${day}`],
  [dates('2025-02-01T00:00', '2025-03-01'), `rule.dateRange.start: "2025-02-01T00:00" ${day}`],
  [dates('2025-02-01', '+002025-03-01'), `rule.dateRange.end: "+002025-03-01" ${day}`],
  [dates('2025-02-01', '20250301'), `rule.dateRange.end: "20250301" ${day}`],
  [
    dates('2025-02-02', '2025-02-01'),
    'rule.dateRange.end: "2025-02-01" is not on or after the start: correct one of both',
  ],
])('%j is a fault that names the field and the remedy', (rule, fault) => {
  expect(recurrenceOf(rule, 'rule')).toEqual({ fault });
});

it('one day is a date range', () => {
  expect(recurrenceOf(dates('2025-02-01', '2025-02-01'), 'rule')).toMatchObject({ first: 20120, last: 20120 });
});

it.each([
  ['Europe/Zagreb', true],
  ['UTC', true],
  ['Etc/GMT+5', true],
  ['Nowhere/Town', false],
  ['+01:00', false],
  ['2025-01-01T00:00[Europe/Zagreb]', false],
  ['2025-01-01T00:00Z', false],
])('%s is a time zone: %j', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});

it('a zone that there is not is a fault of the schedule', () => {
  expect(evaluateSchedule([], 'Nowhere', Temporal.Instant.from('2025-01-01T00:00Z'))).toEqual({
    fault:
      'spec.timezone: "Nowhere" is not a time zone of the IANA database: write one such as Europe/Zagreb, or leave it out for UTC',
  });
});
