/** The result of an instant query. https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
import { isRecord } from '../../api/json.ts';
import { parseLabels } from './labels.ts';
import type { Labels } from './matchers.ts';

/** One series at one time. */
export interface QueryValue {
  /** None for a scalar. */
  readonly labels: Labels;
  /** Infinities and NaN, too. */
  readonly value: number;
}

export const queryPath = '/api/v1/query';

/** A text: what it is instead of numbers. */
export function parseQueryResult(json: unknown): readonly QueryValue[] | string {
  if (!isRecord(json) || json.status !== 'success' || !isRecord(json.data)) {
    return 'its answer is no result of a query of Prometheus';
  }
  const { resultType, result } = json.data;
  if (resultType === 'scalar') {
    const value = parseSample(result);
    return value === undefined ? 'its answer is a scalar without a number' : [{ labels: {}, value }];
  }
  if (resultType === 'matrix' || resultType === 'string') {
    return `the query gives a ${resultType}, not one number for each series`;
  }
  if (resultType !== 'vector' || !Array.isArray(result)) return 'its answer is no result of a query of Prometheus';
  return parseVector(result);
}

function parseVector(result: readonly unknown[]): readonly QueryValue[] | string {
  const values: QueryValue[] = [];
  for (const item of result) {
    if (!isRecord(item)) return 'its answer has something in it that is no series';
    const labels = parseLabels(item.metric);
    const value = parseSample(item.value);
    if (labels !== undefined && value !== undefined) values.push({ labels, value });
    else if (item.histogram !== undefined) return 'the query gives histograms, not numbers: use histogram_quantile';
    else return 'its answer has a series without a number';
  }
  return values;
}

const numberExpression = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const special: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Inf: Number.POSITIVE_INFINITY,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** `[seconds, "number"]` */
function parseSample(sample: unknown): number | undefined {
  if (!Array.isArray(sample) || sample.length !== 2) return undefined;
  const text: unknown = sample[1];
  if (typeof text !== 'string') return undefined;
  if (Object.hasOwn(special, text)) return special[text];
  return numberExpression.test(text) ? Number(text) : undefined;
}
