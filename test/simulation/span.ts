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
  /** Share of the faults that kill the process; absent: as any other. */
  readonly kills?: number;
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
  /** Things beside the ordinary that an application has: gates, schedules, targets and the like. */
  readonly extras: readonly [fewest: number, most: number];
  /** What degrades does so within this time, in milliseconds. */
  readonly degradesAfter: readonly [least: number, most: number];
  /** The longest that a service takes to make up its mind about a version, in milliseconds. */
  readonly longestDecision: number;
  /** How often gates and health checks ask. */
  readonly askInterval: string;
  /** Milliseconds between two looks of Datadog's operator. */
  readonly operatorInterval: number;
  /** How long Flux waits for what it applied. */
  readonly fluxTimeout: number;
  /** Every schedule is open all this time. */
  readonly open: readonly [from: number, to: number];
  /** Windows of schedules begin and end within this time. */
  readonly windows: readonly [from: number, to: number];
  readonly checks: readonly CheckClass[];
}

/** `foreign` is judged by somebody else's controller. */
export type CheckClass =
  | 'none'
  | 'foreign'
  | 'kustomization'
  | 'http'
  | 'prometheus-alert'
  | 'prometheus-query'
  | 'job'
  | 'datadog';

const ordinary: readonly CheckClass[] = ['none', 'foreign', 'foreign', 'kustomization', 'kustomization', 'job'];
const asking: readonly CheckClass[] = ['http', 'prometheus-alert', 'prometheus-query'];

export type SpanName = 'delivery' | 'storm' | 'day' | 'month';

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
    extras: [0, 2],
    degradesAfter: [10_000, 90_000],
    longestDecision: 90_000,
    askInterval: '10s',
    operatorInterval: minute,
    fluxTimeout: minute,
    open: [4.5 * minute, 18 * minute],
    windows: [minute, 4 * minute],
    checks: [...ordinary, ...asking, 'datadog'],
  },
  storm: {
    name: 'storm',
    applications: 2,
    actions: [40, 80],
    faults: [600, 900],
    kills: 0.85,
    begin: 20_000,
    closing: 2 * hour,
    closingStep: 5_000,
    longestDown: 3_000,
    calm: 2 * hour,
    rest: 2 * hour + 30 * minute,
    end: 2 * hour + 35 * minute,
    bakeTimes: [undefined, '30s', '1m'],
    deployTimeouts: [undefined, '2m'],
    retryInterval: '30s',
    extras: [0, 2],
    degradesAfter: [10_000, 90_000],
    longestDecision: 5 * minute,
    askInterval: '10s',
    operatorInterval: minute,
    fluxTimeout: minute,
    open: [2 * hour, 3 * hour],
    windows: [minute, 2 * hour],
    checks: [...ordinary, ...asking, 'datadog'],
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
    extras: [1, 4],
    degradesAfter: [minute, 15 * minute],
    longestDecision: 2 * hour,
    askInterval: '2m',
    operatorInterval: 4 * minute,
    fluxTimeout: 5 * minute,
    open: [26 * hour, 30 * hour],
    windows: [0, 24 * hour],
    checks: [...ordinary, ...ordinary, ...asking, ...asking, 'datadog'],
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
    calm: 29 * day + 5 * hour,
    rest: 29 * day + 16 * hour,
    end: 29 * day + 17 * hour,
    bakeTimes: [undefined, '10m', '2h'],
    deployTimeouts: [undefined, '10m', '1h'],
    retryInterval: '5m',
    extras: [1, 4],
    degradesAfter: [minute, 3 * hour],
    longestDecision: 20 * hour,
    askInterval: '20m',
    operatorInterval: 4 * minute,
    fluxTimeout: 5 * minute,
    open: [29 * day + 4 * hour, 29 * day + 17 * hour],
    windows: [0, 24 * hour],
    checks: [...ordinary, ...ordinary, ...asking],
  },
};

export const isSpanName = (text: string): text is SpanName => text in spans;
