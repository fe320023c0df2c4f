/**
 * `core/health` is what the samples of a health check come to. This file: one more look, and what is then known. Counts
 * are in the status, so that a restart neither loses nor invents a look.
 */
import type { HealthSample, NoDataPolicy, SampleResult } from '../../api/health-check.ts';
import { instantOf, timestamp } from '../../api/instant.ts';

export interface SamplePolicy {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly noDataPolicy: NoDataPolicy;
}

export interface Look {
  readonly time: Temporal.Instant;
  readonly result: SampleResult;
  /** What was seen; of no data, what came instead. */
  readonly message: string;
  readonly value?: string;
}

type Health = 'Healthy' | 'Unhealthy' | 'Pending';

/** What is known of this very deployment, by this very spec. */
export interface Known {
  readonly status: Health;
  readonly sample: HealthSample;
}

export interface Conclusion {
  readonly status: Health;
  readonly message: string;
  readonly sample: HealthSample;
  /** What came instead of data, where that holds the deployment. */
  readonly noData?: string;
  /** Worth a write. Otherwise what is written says the same already, and stays as it is. */
  readonly isNews: boolean;
}

/** A sample that says nothing new is written again after this, so that people see that it is looked at. */
const heartbeat = Temporal.Duration.from({ minutes: 5 });
/** Other words for the same may be news, but no more often than this. */
const wordsAtMostEvery = Temporal.Duration.from({ minutes: 1 });

export function conclude(known: Known | undefined, look: Look, policy: SamplePolicy): Conclusion {
  const counts = countsAs(look.result, policy);
  const count = countOf(known?.sample, counts, policy);
  const { time, result, message, value } = look;
  const sample = { time: timestamp(time), result, ...(value !== undefined && { value }), message, count };
  const before = known?.status ?? 'Pending';
  const needed = thresholdOf(counts, policy);
  const status = counts === 'NoData' ? 'Pending' : count < needed ? before : counts;
  const said = counts === result ? message : `No data counts as ${counts.toLowerCase()}: ${message}`;
  const conclusion = {
    status,
    sample,
    message:
      counts === 'NoData' ? `No data: ${message}` : count < needed ? unfinished(said, counts, count, needed) : said,
    ...(counts === 'NoData' && { noData: message }),
  };
  return { ...conclusion, isNews: known === undefined || isNews(known, status, sample) };
}

/** What a look stands for: data is what it is, and no data what the policy makes of it. */
function countsAs(result: SampleResult, { noDataPolicy }: SamplePolicy): SampleResult {
  return result === 'NoData' && noDataPolicy !== 'Hold' ? noDataPolicy : result;
}

/** Counted as far as somebody asks: more would be a write for each look. A look without data ends a row. */
function countOf(last: HealthSample | undefined, counts: SampleResult, policy: SamplePolicy): number {
  const isRow = last !== undefined && countsAs(last.result, policy) === counts;
  return isRow ? Math.min((last.count ?? 1) + 1, thresholdOf(counts, policy)) : 1;
}

function thresholdOf(counts: SampleResult, { failureThreshold, successThreshold }: SamplePolicy): number {
  if (counts === 'NoData') return 1;
  return counts === 'Healthy' ? successThreshold : failureThreshold;
}

function unfinished(said: string, counts: SampleResult, count: number, needed: number): string {
  return `${said} (${count} of ${needed} ${counts.toLowerCase()} looks in a row)`;
}

function isNews(known: Known, status: Health, sample: HealthSample): boolean {
  const { result, count, message } = known.sample;
  if (known.status !== status || result !== sample.result || count !== sample.count) return true;
  const written = instantOf(known.sample.time);
  const since = (wait: Temporal.Duration): boolean =>
    written === undefined || sample.time >= timestamp(written.add(wait));
  const hasOtherWords = withoutNumbers(message) !== withoutNumbers(sample.message);
  return since(hasOtherWords ? wordsAtMostEvery : heartbeat);
}

/** A latency is another one each time: that alone is no news. */
function withoutNumbers(text = ''): string {
  return text.replaceAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/gi, '#');
}
