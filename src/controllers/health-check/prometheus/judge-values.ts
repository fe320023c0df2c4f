/** Whether the values of a query are where they must be, by themselves and as multiples of what they were. Pure. */
import type { PrometheusQueryHealth } from '../../../api/health-check-classes.ts';
import { compareTexts, labelKey, shownLabels } from '../../../integrations/prometheus/labels.ts';
import type { Labels } from '../../../integrations/prometheus/matchers.ts';
import type { QueryValue } from '../../../integrations/prometheus/query.ts';
import type { TakenSample } from '../sampled/sampler.ts';

type Range = NonNullable<PrometheusQueryHealth['thresholdRange']>;

export interface Limits {
  readonly thresholdRange?: Range | undefined;
  readonly relativeRange?: Range | undefined;
}

/** One value against one range. */
interface Finding {
  readonly labels: Labels;
  readonly value: number;
  /** How far it is inside of its range; below 0: outside. */
  readonly margin: number;
  readonly text: string;
}

/**
 * Every value must be in every range. What is out of a range is unhealthy whatever is not known of the others; what is
 * not known of a single one keeps all of them from being healthy.
 * @param then what the same query gave when the deployment began; absent: there is no deployment, and thus nothing to
 * be relative to
 */
export function judgeValues(
  values: readonly QueryValue[],
  then: readonly QueryValue[] | undefined,
  { thresholdRange, relativeRange }: Limits,
): TakenSample {
  if (values.length === 0) return { result: 'NoData', message: 'the query has no result' };
  const threshold = thresholdRange === undefined ? [] : values.map((value) => absolute(value, thresholdRange));
  const bases = new Map(then?.map(({ labels, value }) => [labelKey(labels), value]));
  const relative =
    relativeRange === undefined || then === undefined
      ? []
      : values.map((value) => multiple(value, bases, relativeRange));
  const all = [...threshold, ...relative];
  const findings = all.filter((finding) => typeof finding !== 'string').toSorted(compareFindings);
  const [worst] = findings;
  if (worst !== undefined && worst.margin < 0) return { result: 'Unhealthy', ...told(worst, findings, 'out of range') };
  const [unknown] = all.filter((finding) => typeof finding === 'string').toSorted(compareTexts);
  if (unknown !== undefined) return { result: 'NoData', message: unknown };
  if (worst === undefined)
    return { result: 'NoData', message: 'there is no deployment that values could be relative to' };
  return { result: 'Healthy', ...told(worst, findings, 'in range') };
}

function told(worst: Finding, findings: readonly Finding[], where: string): Pick<TakenSample, 'message' | 'value'> {
  const isAlike = ({ margin }: Finding): boolean => margin < 0 === worst.margin < 0;
  // A series may be found twice: against its own range and against the one relative to what it was.
  const more = new Set(findings.filter(isAlike).map(({ labels }) => labelKey(labels))).size - 1;
  const others = more === 0 ? '' : `; ${more} more ${more === 1 ? 'is' : 'are'} ${where}`;
  return { message: `${worst.text}${others}`, value: shown(worst.value) };
}

function absolute({ labels, value }: QueryValue, range: Range): Finding | string {
  if (Number.isNaN(value)) return `${named('the value', labels)} is not a number`;
  const margin = marginOf(value, range);
  return { labels, value, margin, text: `${named(shown(value), labels)} is ${place(value, margin, range)}` };
}

function multiple({ labels, value }: QueryValue, bases: ReadonlyMap<string, number>, range: Range): Finding | string {
  if (Number.isNaN(value)) return `${named('the value', labels)} is not a number`;
  const base = bases.get(labelKey(labels));
  if (base === undefined || !Number.isFinite(base)) {
    return `there is nothing to compare with: ${named('the query', labels)} had no value when the deployment began`;
  }
  const ratio = ratioOf(value, base);
  const margin = marginOf(ratio, range);
  const times = `${named(shown(value), labels)} is ${shown(ratio)} times what it was (${shown(base)})`;
  return { labels, value, margin, text: `${times}, ${place(ratio, margin, range)}` };
}

/** Nothing of nothing is as much as it was, and anything of nothing is endlessly more. */
function ratioOf(value: number, base: number): number {
  if (base !== 0) return value / base;
  return value === 0 ? 1 : value * Number.POSITIVE_INFINITY;
}

function marginOf(value: number, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Range): number {
  // Each side by itself: what is infinitely far from the one may be no number away from the other.
  if (value < min) return value - min;
  if (value > max) return max - value;
  // An infinite value that may be infinite is as far inside as can be.
  return Number.isFinite(value) ? Math.min(value - min, max - value) : Number.POSITIVE_INFINITY;
}

/** In words: on which side of which limit. */
function place(value: number, margin: number, { min, max }: Range): string {
  if (margin < 0) return max !== undefined && value > max ? `above ${max}` : `below ${min ?? ''}`;
  if (min === undefined) return `at most ${max ?? ''}`;
  return max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
}

function named(what: string, labels: Labels): string {
  const text = shownLabels(labels);
  return text === '' ? what : `${what} of ${text}`;
}

/** Few digits: enough to compare with a limit. */
function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/** The worst first; by labels where they are as bad, so that the same values give the same words. */
function compareFindings(one: Finding, other: Finding): number {
  if (one.margin !== other.margin) return one.margin < other.margin ? -1 : 1;
  return compareTexts(labelKey(one.labels), labelKey(other.labels)) || compareTexts(one.text, other.text);
}
