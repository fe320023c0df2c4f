/** Every minute of four years: the evaluator against somebody who walks through them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ScheduleRule, Weekday } from '../../api/schedule.ts';
import { evaluateSchedule, type ScheduleEvaluation } from './evaluate.ts';
import { activeMinutes, type Walk, walk } from './testing/walk.ts';

const workdays = Weekday.slice(0, 5);
const hours = (start: string, end: string): ScheduleRule => ({ timeRange: { start, end } });
const dates = (start: string, end: string): ScheduleRule => ({ dateRange: { start, end } });

const ruleSets: Readonly<Record<string, readonly ScheduleRule[]>> = {
  'office hours': [{ ...hours('09:00', '17:00'), daysOfWeek: workdays }],
  'weekday nights': [{ ...hours('22:00', '06:00'), daysOfWeek: workdays }],
  'when clocks change': [hours('00:30', '00:45'), hours('01:15', '02:15'), hours('02:20', '02:40')],
  'but not when clocks change': [hours('02:50', '02:10'), hours('23:15', '00:15')],
  'a day from noon, Sundays': [{ ...hours('12:00', '12:00'), daysOfWeek: ['Sunday'] }],
  'adjoining, with days of the calendar': [
    { ...hours('00:00', '12:00'), daysOfWeek: ['Saturday', 'Sunday'] },
    { ...hours('12:00', '00:00'), daysOfWeek: ['Saturday'] },
    dates('2024-02-29', '2024-03-01'),
    { ...hours('20:00', '04:00'), ...dates('2027-12-24', '2028-01-01') },
  ],
};

/** No change, at two, before and at midnight, twice a year back and forth, by half an hour, by two. */
const zones = [
  'Asia/Kathmandu',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
];
const otherZones = ['UTC', 'Europe/Zagreb', 'America/Havana', 'America/Santiago', 'America/Asuncion', 'Asia/Tehran'];

const minute = 60_000;
const text = (instant: Temporal.Instant | undefined): string => instant?.toString() ?? 'never';
const at = ({ from }: Walk, index: number): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(from + index * minute);

/** It must have understood the rules. */
function evaluate(rules: readonly ScheduleRule[], zone: string, now: Temporal.Instant): ScheduleEvaluation {
  const result = evaluateSchedule(rules, zone, now);
  if ('fault' in result) throw new Error(result.fault);
  return result;
}

/** Goes from transition to transition; each minute in between must be as the one before said. */
function transitionsOf(rules: readonly ScheduleRule[], way: Walk): number[] {
  const active = activeMinutes(rules, way);
  const found: number[] = [];
  // Hundreds of thousands of them: `expect` is for the end.
  const complain = (index: number, result: ScheduleEvaluation): never => {
    throw new Error(
      `${way.zone} at ${text(at(way, index))}: active ${result.active}, next ${text(result.nextTransition)}`,
    );
  };
  for (let index = 0; index < active.length; ) {
    const result = evaluate(rules, way.zone, at(way, index));
    const next = result.nextTransition?.epochMilliseconds ?? Infinity;
    const end = Math.min(active.length, (next - way.from) / minute);
    if (!Number.isInteger(end) || end <= index) complain(index, result);
    if (result.activeRules.length > 0 !== result.active) complain(index, result);
    const wrong = active.subarray(index, end).indexOf(result.active ? 0 : 1);
    if (wrong >= 0) complain(index + wrong, result);
    if (end < active.length) {
      if (active[end] !== (result.active ? 0 : 1)) complain(end, result);
      const before = evaluate(rules, way.zone, at(way, end).subtract({ nanoseconds: 1 }));
      if (before.active !== result.active || before.nextTransition?.epochMilliseconds !== next) complain(end, before);
      found.push(end);
    }
    index = end;
  }
  return found;
}

test.each(zones)('%s, 2024 to 2028: every minute agrees, no transition is missed', (zone) => {
  const way = walk(zone, '2024-01-01T00:00Z', '2028-03-02T00:00Z');
  for (const [name, rules] of Object.entries(ruleSets)) {
    const found = transitionsOf(rules, way);
    expect(found.length, name).toBeGreaterThan(300);
    // Wherever one looks in between, it is the same transition.
    for (let index = 0, each = 0; index < way.shown.length; index += 4567) {
      while (each < found.length && found[each]! <= index) each++;
      if (each === found.length) break;
      const { nextTransition } = evaluate(rules, zone, at(way, index));
      if (nextTransition?.equals(at(way, found[each]!)) !== true) throw new Error(`${name} at ${text(at(way, index))}`);
    }
  }
});

test.each([
  // At one minute past midnight it was 23:01 of the day before.
  ['America/St_Johns', '2009-10-20T00:00Z', '2010-11-20T00:00Z'],
  // It had no 30 December.
  ['Pacific/Apia', '2011-08-01T00:00Z', '2012-05-01T00:00Z'],
  // It had no 31 December, and lived without a second Saturday afterwards.
  ['Pacific/Kiritimati', '1994-12-01T00:00Z', '1995-02-01T00:00Z'],
])('%s, when it was odd', (zone, from, to) => {
  const way = walk(zone, from, to);
  for (const rules of Object.values(ruleSets)) transitionsOf(rules, way);
});

const anyTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 15, 30, 59))
  .map(([hour, min]) => `${String(hour).padStart(2, '0')}:${String(min).padStart(2, '0')}`);
const anyDay = fc.integer({ min: -20, max: 420 }).map((days) => Temporal.PlainDate.from('2025-01-01').add({ days }));
const anyRule: fc.Arbitrary<ScheduleRule> = fc.record(
  {
    timeRange: fc.record({ start: anyTime, end: anyTime }),
    daysOfWeek: fc.subarray([...Weekday]),
    dateRange: fc.tuple(anyDay, fc.integer({ min: 0, max: 40 })).map(([day, days]) => ({
      start: day.toString(),
      end: day.add({ days }).toString(),
    })),
  },
  { requiredKeys: [] },
);

test('any rules, any zone: every minute of a year', () => {
  const ways = [...zones, ...otherZones].map((zone) => walk(zone, '2025-01-01T00:00Z', '2026-01-01T00:00Z'));
  const property = fc.property(
    fc.array(anyRule, { minLength: 1, maxLength: 5 }),
    fc.constantFrom(...ways),
    (rules, way) => {
      transitionsOf(rules, way);
    },
  );
  fc.assert(property, { numRuns: 100 });
});

test('a transition is after now, and it changes what is said', () => {
  const instants = fc.date({ min: new Date('1975-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const property = fc.property(
    fc.array(anyRule, { minLength: 1, maxLength: 6 }),
    anyZone,
    instants,
    (rules, zone, date) => {
      const now = Temporal.Instant.fromEpochMilliseconds(date.getTime());
      const { active, activeRules, nextTransition } = evaluate(rules, zone, now);
      expect(active).toBe(activeRules.length > 0);
      if (nextTransition === undefined) return;
      expect(Temporal.Instant.compare(nextTransition, now)).toBe(1);
      expect(evaluate(rules, zone, nextTransition).active).toBe(!active);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
