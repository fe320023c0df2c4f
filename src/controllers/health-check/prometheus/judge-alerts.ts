/** What the alerts that are active say of a deployment. Pure. */
import { earliest, isBefore, latest } from '../../../api/instant.ts';
import type { Alert } from '../../../integrations/prometheus/alerts.ts';
import { compareTexts, labelKey, shortened, shownLabels } from '../../../integrations/prometheus/labels.ts';
import type { SampleRequest, TakenSample } from '../sampled/sampler.ts';

const mostNamed = 3;

/**
 * @param alerts those that match
 * @param includeExisting whether those count that were active before the cutoff. Without a deployment nothing became
 * active because of one.
 */
export function judgeAlerts(
  alerts: readonly Alert[],
  includeExisting: boolean,
  { cutoff, now }: Pick<SampleRequest, 'cutoff' | 'now'>,
): TakenSample {
  const firing = alerts.filter(({ state }) => state === 'firing').toSorted(compareAlerts);
  const isNew = ({ activeAt }: Alert): boolean => cutoff !== undefined && !isBefore(activeAt, cutoff);
  const counting = includeExisting ? firing : firing.filter(isNew);
  const [first] = counting;
  if (first === undefined) return { result: 'Healthy', message: healthyMessage(firing, cutoff) };
  // Not before the deployment, which would not be about it, nor in our future, whatever the clock over there says.
  const failedAt = latest(earliest(first.activeAt, now), cutoff);
  const message = `${counted(counting)} firing: ${named(counting)}`;
  return { result: 'Unhealthy', message, ...(failedAt && { failedAt }) };
}

function healthyMessage(existing: readonly Alert[], cutoff: Temporal.Instant | undefined): string {
  if (existing.length === 0) return 'no matching alert is firing';
  if (cutoff === undefined) return `nothing is deployed that could be the reason of ${named(existing)}`;
  const were = existing.length === 1 ? '1 alert was' : `${existing.length} alerts were`;
  return `${were} active before the deployment: ${named(existing)}`;
}

function counted({ length }: readonly Alert[]): string {
  return length === 1 ? '1 alert is' : `${length} alerts are`;
}

/** The first few, those that are active for the longest. */
function named(alerts: readonly Alert[]): string {
  const names = alerts.slice(0, mostNamed).map(({ labels: { alertname = '', ...labels }, activeAt }) => {
    const since = `since ${activeAt.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString()}`;
    return [shortened(alertname), shownLabels(labels), since].filter((part) => part !== '').join(' ');
  });
  const more = alerts.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function compareAlerts(one: Alert, other: Alert): number {
  return (
    Temporal.Instant.compare(one.activeAt, other.activeAt) || compareTexts(labelKey(one.labels), labelKey(other.labels))
  );
}
