import { describe, expect, test } from 'vitest';
import type { ScheduleRule } from '../../api/schedule.ts';
import { evaluateSchedule } from './evaluate.ts';

const workdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
const hours = (start: string, end: string): ScheduleRule => ({ timeRange: { start, end } });
const dates = (start: string, end: string): ScheduleRule => ({ dateRange: { start, end } });

const office = hours('09:00', '17:00');
const nights: ScheduleRule = { ...hours('22:00', '06:00'), daysOfWeek: [...workdays] };
const holidays = dates('2025-12-24', '2025-12-26');

interface Vector {
  readonly of: string;
  readonly rules: ScheduleRule | ScheduleRule[];
  readonly zone?: string;
  readonly now: string;
  readonly active: boolean;
  readonly next: string | undefined;
}

const vector = (
  of: string,
  rules: ScheduleRule | ScheduleRule[],
  now: string,
  active: boolean,
  next: string | undefined,
  zone?: string,
): Vector => ({ of, rules, now, active, next, ...(zone && { zone }) });

const never = undefined;
const newYork = 'America/New_York';

const sameAsUpstream = [
  vector('the start is part of it', office, '2025-01-01T09:00Z', true, '2025-01-01T17:00Z'),
  vector('the end is not', office, '2025-01-01T17:00Z', false, '2025-01-02T09:00Z'),
  vector('a quarter of an hour', office, '2025-01-01T03:15Z', true, '2025-01-01T11:15Z', 'Asia/Kathmandu'),
  vector('Sunday before a weekday night', nights, '2025-01-05T23:00Z', false, '2025-01-06T22:00Z'),
  vector('up to midnight', hours('22:00', '00:00'), '2025-01-01T23:00Z', true, '2025-01-02T00:00Z'),
  vector('days to come', holidays, '2025-12-20T12:00Z', false, '2025-12-24T00:00Z'),
  vector('over a weekend', { ...office, daysOfWeek: [...workdays] }, '2025-01-03T18:00Z', false, '2025-01-06T09:00Z'),
  vector('a week', { ...office, daysOfWeek: ['Wednesday'] }, '2025-01-01T18:00Z', false, '2025-01-08T09:00Z'),
  vector('a whole day', { daysOfWeek: ['Wednesday'] }, '2025-01-02T12:00Z', false, '2025-01-08T00:00Z'),
];

const unlikeUpstream = [
  vector('clocks went forward, morning', office, '2025-03-09T13:30Z', true, '2025-03-09T21:00Z', newYork),
  vector('clocks went forward, evening', office, '2025-03-09T21:30Z', false, '2025-03-10T13:00Z', newYork),
  vector('clocks went back, morning', office, '2025-11-02T13:30Z', false, '2025-11-02T14:00Z', newYork),
  vector('clocks went back, evening', office, '2025-11-02T21:30Z', true, '2025-11-02T22:00Z', newYork),
  vector('a day without midnight', office, '2025-04-25T08:00Z', true, '2025-04-25T14:00Z', 'Africa/Cairo'),
  vector('Friday night', nights, '2025-01-03T23:00Z', true, '2025-01-04T06:00Z'),
  vector('the morning after it', nights, '2025-01-04T02:00Z', true, '2025-01-04T06:00Z'),
  vector('the morning after Sunday', nights, '2025-01-06T02:00Z', false, '2025-01-06T22:00Z'),
  vector('equal start and end', hours('09:00', '09:00'), '2025-01-01T03:00Z', true, never),
  vector('midnight to midnight', hours('00:00', '00:00'), '2025-01-01T03:00Z', true, never),
  vector('several days', holidays, '2025-12-25T12:00Z', true, '2025-12-27T00:00Z'),
  vector('the last second', holidays, '2025-12-26T23:59:59Z', true, '2025-12-27T00:00Z'),
  vector('over for ever', holidays, '2026-01-10T12:00Z', false, never),
  vector(
    'over, and another one to come',
    [holidays, dates('2026-07-01', '2026-07-02')],
    '2026-01-10T12:00Z',
    false,
    '2026-07-01T00:00Z',
  ),
  vector(
    'the last night',
    { ...hours('22:00', '06:00'), ...dates('2025-01-01', '2025-01-03') },
    '2025-01-03T23:00Z',
    true,
    '2025-01-04T06:00Z',
  ),
  vector('the last evening', { ...office, ...dates('2025-12-20', '2025-12-26') }, '2025-12-26T18:00Z', false, never),
  vector(
    'overlapping rules are one',
    [
      { name: 'a', ...hours('09:00', '11:00') },
      { name: 'b', ...hours('10:00', '16:00') },
    ],
    '2025-01-01T10:30Z',
    true,
    '2025-01-01T16:00Z',
  ),
  vector('a name alone', { name: 'always' }, '2025-01-01T20:00Z', true, never),
  vector('nothing at all', {}, '2025-01-01T20:00Z', true, never),
];

const ours = [
  // The wall clock: 02:00 is 03:00 on that day, and on 26 October 03:00 is 02:00 once more.
  vector(
    'start in the skipped hour',
    hours('02:30', '05:00'),
    '2025-03-30T00:30Z',
    false,
    '2025-03-30T01:00Z',
    'Europe/Zagreb',
  ),
  vector(
    'end in the skipped hour',
    hours('01:00', '02:30'),
    '2025-03-30T00:30Z',
    true,
    '2025-03-30T01:00Z',
    'Europe/Zagreb',
  ),
  vector(
    'all in the skipped hour',
    hours('02:10', '02:50'),
    '2025-03-30T00:30Z',
    false,
    '2025-03-31T00:10Z',
    'Europe/Zagreb',
  ),
  vector(
    'a pause in the skipped hour',
    hours('02:50', '02:10'),
    '2025-03-30T00:30Z',
    true,
    '2025-03-31T00:10Z',
    'Europe/Zagreb',
  ),
  vector(
    'start in the doubled hour',
    hours('02:30', '05:00'),
    '2025-10-26T00:00Z',
    false,
    '2025-10-26T00:30Z',
    'Europe/Zagreb',
  ),
  vector(
    'end in the doubled hour',
    hours('01:00', '02:30'),
    '2025-10-26T00:00Z',
    true,
    '2025-10-26T00:30Z',
    'Europe/Zagreb',
  ),
  vector(
    'after an end in the doubled hour',
    hours('02:00', '02:30'),
    '2025-10-26T01:10Z',
    false,
    '2025-10-27T01:00Z',
    'Europe/Zagreb',
  ),
  vector(
    'the whole doubled hour',
    hours('02:00', '03:00'),
    '2025-10-26T01:30Z',
    true,
    '2025-10-26T02:00Z',
    'Europe/Zagreb',
  ),
  vector(
    'half an hour forward',
    hours('02:15', '04:00'),
    '2025-10-04T15:00Z',
    false,
    '2025-10-04T15:30Z',
    'Australia/Lord_Howe',
  ),
  vector(
    'a day that was skipped',
    { ...office, ...dates('2011-12-30', '2011-12-30') },
    '2011-12-30T08:00Z',
    false,
    never,
    'Pacific/Apia',
  ),
  vector('past a skipped day', office, '2011-12-30T08:00Z', false, '2011-12-30T19:00Z', 'Pacific/Apia'),
  vector(
    'a day that has begun twice',
    { daysOfWeek: ['Sunday'] },
    '2009-11-01T02:45Z',
    true,
    '2009-11-02T03:30Z',
    'America/St_Johns',
  ),
  vector('29 February', dates('2028-02-29', '2028-02-29'), '2025-01-01T00:00Z', false, '2028-02-29T00:00Z'),
  vector('in a thousand years', dates('3025-01-01', '9999-12-31'), '2025-01-01T00:00Z', false, '3025-01-01T00:00Z'),
  vector(
    'for eight thousand years',
    dates('2025-01-01', '9999-12-31'),
    '2026-01-01T00:00Z',
    true,
    '+010000-01-01T00:00Z',
  ),
  vector(
    'an exception in thirty years',
    [dates('2020-01-01', '2054-12-31'), { ...office, ...dates('2054-06-01', '2055-02-01') }],
    '2025-01-01T00:00Z',
    true,
    '2055-01-01T00:00Z',
  ),
  vector(
    'adjoining rules are one',
    [hours('00:00', '12:00'), hours('12:00', '00:00')],
    '2025-01-01T05:00Z',
    true,
    never,
  ),
  vector(
    'adjoining nights and days, and a date in thirty years',
    [hours('22:00', '06:00'), hours('06:00', '22:00'), dates('2054-06-01', '2054-06-02')],
    '2025-01-01T05:00Z',
    true,
    never,
  ),
  vector(
    'all weekdays, one by one',
    [...workdays, 'Saturday' as const, 'Sunday' as const].map((day) => ({ daysOfWeek: [day] })),
    '2025-01-01T05:00Z',
    true,
    never,
  ),
  vector('no zone is UTC', office, '2025-01-01T10:00Z', true, '2025-01-01T17:00Z', ''),
];

describe.each([
  { group: 'as upstream', vectors: sameAsUpstream },
  { group: 'where upstream is wrong', vectors: unlikeUpstream },
  { group: 'where clocks change, and far away', vectors: ours },
])('$group', ({ vectors }) => {
  test.each(vectors)('$of: $now', ({ rules, zone, now, active, next }) => {
    const result = evaluateSchedule([rules].flat(), zone, Temporal.Instant.from(now));
    expect(result).toMatchObject({ active });
    expect('activeRules' in result && result.activeRules.length > 0).toBe(active);
    expect('nextTransition' in result ? result.nextTransition : undefined).toEqual(next && Temporal.Instant.from(next));
  });
});

test('the active rules are named in the order of the schedule', () => {
  const rules = [{ name: 'b', ...hours('10:00', '16:00') }, { name: 'c', ...holidays }, office, { name: 'a' }];
  const result = evaluateSchedule(rules, undefined, Temporal.Instant.from('2025-01-01T10:30Z'));
  expect(result).toMatchObject({ activeRules: ['b', '', 'a'] });
});

test.each([
  ['a zone that is none', [office], 'Mars/Base', 'spec.timezone: "Mars/Base" is not a time zone of the IANA database'],
  ['an offset', [office], '+02:00', 'spec.timezone: "+02:00" is not'],
  ['a timestamp', [office], '2025-01-01T00:00[Europe/Zagreb]', 'spec.timezone: '],
  [
    'a day that no February has',
    [office, dates('2025-02-30', '2025-03-01')],
    'UTC',
    'spec.rules[1].dateRange.start: "2025-02-30" is not a day of the calendar: write YYYY-MM-DD',
  ],
  [
    '29 February of a common year',
    [dates('2025-02-01', '2025-02-29')],
    'UTC',
    'spec.rules[0].dateRange.end: "2025-02-29"',
  ],
  ['an end before its start', [dates('2025-02-02', '2025-02-01')], 'UTC', 'is not on or after the start'],
  ['a time of day that is none', [hours('9:00', '17:00')], 'UTC', 'spec.rules[0].timeRange.start: "9:00"'],
  ['an end that is none', [hours('09:00', '24:00')], 'UTC', 'spec.rules[0].timeRange.end: "24:00"'],
])('%s is a fault, not an exception', (_name, rules, zone, message) => {
  const result = evaluateSchedule(rules, zone, Temporal.Instant.from('2025-01-01T00:00Z'));
  expect('fault' in result && result.fault).toContain(message);
});
