/** A Prometheus that was restarted takes old alerts for new ones, which would fail a deployment that is not their reason. */
import { isBefore } from '../../../api/instant.ts';
import type { HttpAsker } from '../../../integrations/http/ask.ts';
import type { Alert } from '../../../integrations/prometheus/alerts.ts';
import { askPrometheus } from '../../../integrations/prometheus/ask.ts';
import { queryPath } from '../../../integrations/prometheus/query.ts';
import {
  type AlertTimes,
  alertTimesQuery,
  parseAlertTimes,
  parseStartTime,
  remembered,
  runtimePath,
} from '../../../integrations/prometheus/restart.ts';
import type { SampleRequest } from '../sampled/sampler.ts';

/**
 * The alerts as old as they are. Where that cannot be found out they stay as old as they are said to be.
 * @throws UnansweredError; the signal's reason when it is aborted
 */
export async function withTimes(
  asker: HttpAsker,
  server: URL,
  alerts: readonly Alert[],
  { cutoff, access, timeout }: SampleRequest,
  signal: AbortSignal,
): Promise<readonly Alert[]> {
  const question = { server, access, timeout };
  const runtime = await askPrometheus(asker, { ...question, path: runtimePath }, signal);
  const startedAt = typeof runtime === 'string' ? undefined : parseStartTime(runtime.json);
  if (startedAt === undefined || cutoff === undefined || isBefore(startedAt, cutoff)) return alerts;
  const timesAt = async (time: Temporal.Instant): Promise<AlertTimes> => {
    const parameters = { query: alertTimesQuery, time: time.toString() };
    const answer = await askPrometheus(asker, { ...question, path: queryPath, parameters }, signal);
    return parseAlertTimes(typeof answer === 'string' ? undefined : answer.json);
  };
  const [then, last] = await Promise.all([timesAt(cutoff), timesAt(startedAt)]);
  return remembered(alerts, then, last);
}
