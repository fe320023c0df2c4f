/** How long a world lasts, and how much happens in it: from one delivery to a month of them. Times are milliseconds since the start. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Span {
  readonly name: SpanName;
  /** The most applications there are. */
  readonly applications: number;
  /** Fewest and most actions of people between the first release and the last. */
  readonly actions: readonly [fewest: number, most: number];
  /** Fewest and most faults. */
  readonly faults: readonly [fewest: number, most: number];
  /** The first release has had time to be deployed: from here on people act. */
  readonly begin: number;
  /** People make up their minds: everything is opened, and a good release comes. */
  readonly closing: number;
  /** Between the last actions. */
  readonly closingStep: number;
  /** Until a killed process is started again, at most. */
  readonly longestDown: number;
  /** The last fault. */
  readonly calm: number;
  /** From here on nothing is due any more. */
  readonly rest: number;
  readonly end: number;
  /** Times that a spec of this world names. */
  readonly bakeTimes: readonly (string | undefined)[];
  readonly deployTimeouts: readonly (string | undefined)[];
  readonly retryInterval: string;
  /** When a day begins for those who have a schedule, UTC. */
  readonly opens: string;
}

export type SpanName = 'delivery' | 'day' | 'month';

export const spans: Readonly<Record<SpanName, Span>> = {
  delivery: {
    name: 'delivery',
    applications: 2,
    actions: [1, 4],
    faults: [1, 4],
    begin: 20_000,
    closing: 4 * minute,
    closingStep: 5_000,
    longestDown: 20_000,
    calm: 5 * minute,
    rest: 16 * minute,
    end: 18 * minute,
    bakeTimes: [undefined, '30s', '1m'],
    deployTimeouts: [undefined, '2m'],
    retryInterval: '30s',
    opens: '06:02',
  },
  day: {
    name: 'day',
    applications: 4,
    actions: [8, 27],
    faults: [4, 19],
    begin: hour / 2,
    closing: 18 * hour,
    closingStep: minute,
    longestDown: 2 * minute,
    calm: 20 * hour,
    rest: 28 * hour,
    end: 30 * hour,
    bakeTimes: [undefined, '5m', '10m'],
    deployTimeouts: [undefined, '10m'],
    retryInterval: '2m',
    opens: '08:00',
  },
  month: {
    name: 'month',
    applications: 4,
    actions: [60, 180],
    faults: [40, 120],
    begin: hour / 2,
    closing: 29 * day + 4 * hour,
    closingStep: minute,
    longestDown: 10 * minute,
    calm: 29 * day + 6 * hour,
    rest: 29 * day + 14 * hour,
    end: 30 * day,
    bakeTimes: [undefined, '10m', '2h'],
    deployTimeouts: [undefined, '10m', '1h'],
    retryInterval: '5m',
    opens: '08:00',
  },
};

export const isSpanName = (text: string): text is SpanName => text in spans;
