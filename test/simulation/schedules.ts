/** Schedules: windows in several zones, over midnight, on some days of the week, between dates. */
import { Weekday } from '../../src/api/schedule.ts';
import { type Draw, pick, START } from './chance.ts';
import { isOpen, type Schedule } from './oracles/windows.ts';
import type { Span } from './span.ts';

export interface ScheduleSetting {
  /** For whole namespaces, or one of a namespace. */
  readonly isClusterWide: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Two of them change their clocks in March; others lie across the date line or half an hour beside it. */
const zones = [
  'UTC',
  'Europe/Zagreb',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Pacific/Auckland',
  'America/St_Johns',
  'Pacific/Kiritimati',
];
const mostTries = 12;
const probeEvery = 300_000;

/** Open all the time that the span wants it to be; undefined when the draw brings no such one. */
export function drawSchedule(draw: Draw, span: Span): ScheduleSetting | undefined {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const isClusterWide = draw() < 0.4;
    const spec = drawSpec(draw, span);
    if (isOpenWhenItMust(spec, span)) return { isClusterWide, spec };
  }
  return undefined;
}

function drawSpec(draw: Draw, span: Span): ScheduleSetting['spec'] {
  const timezone = pick(draw, zones);
  const action = pick(draw, ['Allow', 'Allow', 'Deny']);
  const rules = Array.from({ length: 1 + Math.floor(draw() * 2) }, (_, index) => ({
    ...(draw() < 0.7 && { name: `window-${index}` }),
    timeRange: drawRange(draw, span, timezone),
    ...(span.name !== 'delivery' && drawDays(draw)),
    ...(span.name !== 'delivery' && draw() < 0.25 && { dateRange: drawDates(draw) }),
  }));
  return { action, timezone, rules };
}

function drawRange(draw: Draw, span: Span, timezone: string): { start: string; end: string } {
  const [from, to] = span.windows;
  const instant = (): string => {
    const at = START.add({ milliseconds: Math.floor(from + draw() * (to - from)) });
    return at.toZonedDateTimeISO(timezone).toPlainTime().toString().slice(0, 5);
  };
  const far = START.add({ hours: pick(draw, [-2, 6, 12]) });
  const [near, other] = [instant(), span.name === 'delivery' ? hourOf(far, timezone) : instant()];
  return draw() < 0.5 ? { start: near, end: other } : { start: other, end: near };
}

const hourOf = (instant: Temporal.Instant, timezone: string): string =>
  instant.toZonedDateTimeISO(timezone).toPlainTime().toString().slice(0, 5);

function drawDays(draw: Draw): object {
  if (draw() < 0.6) return {};
  const daysOfWeek = Weekday.filter(() => draw() < 0.6);
  return daysOfWeek.length === 0 ? {} : { daysOfWeek };
}

function drawDates(draw: Draw): object {
  const start = START.toZonedDateTimeISO('UTC')
    .toPlainDate()
    .add({ days: Math.floor(draw() * 30) - 2 });
  return { start: start.toString(), end: start.add({ days: Math.floor(draw() * 10) }).toString() };
}

function isOpenWhenItMust(spec: ScheduleSetting['spec'], { open: [from, to] }: Span): boolean {
  const schedule = { spec } as unknown as Schedule;
  const origin = START.epochMilliseconds;
  for (let at = from; at <= to; at += probeEvery) if (!isOpen(schedule, origin + at)) return false;
  return isOpen(schedule, origin + to);
}
