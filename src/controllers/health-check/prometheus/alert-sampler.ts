/** Class `prometheus-alert`: no matching alert must fire. */
import { HEALTH_CHECK_PROMETHEUS_ALERT_LABELS } from '../../../api/annotations.ts';
import type { HealthCheck } from '../../../api/health-check.ts';
import type { HttpAsker } from '../../../integrations/http/ask.ts';
import { onLeash, TooSlowError } from '../../../integrations/http/leash.ts';
import { alertPaths, parseAlerts } from '../../../integrations/prometheus/alerts.ts';
import { askPrometheus } from '../../../integrations/prometheus/ask.ts';
import {
  canonicalMatchers,
  type LabelMatcher,
  matchesAll,
  parseMatchers,
} from '../../../integrations/prometheus/matchers.ts';
import type { Sampler, SamplerFault } from '../sampled/sampler.ts';
import { withTimes } from './forgotten.ts';
import { judgeAlerts } from './judge-alerts.ts';
import { annotationOf, invalid, noData, readServer } from './server.ts';

/** Milliseconds for the matchers of one check and all alerts. */
const longestMatching = 200;

export function prometheusAlertSampler(asker: HttpAsker): Sampler {
  return {
    read(check) {
      const server = readServer(check, 'prometheusAlert');
      if (!(server instanceof URL)) return server;
      const matchers = readMatchers(check);
      if ('reason' in matchers) return matchers;
      const { api = 'Prometheus', includeExisting = false, secretRef } = check.spec.prometheusAlert ?? {};
      return {
        url: server,
        ...(secretRef && { secretName: secretRef.name }),
        async take(request, signal) {
          const { access, timeout } = request;
          const answer = await askPrometheus(asker, { server, path: alertPaths[api], access, timeout }, signal);
          if (typeof answer === 'string') return noData(answer);
          const alerts = parseAlerts(api, answer.json);
          if (typeof alerts === 'string') return noData(alerts);
          const matching = matchingOf(alerts, matchers);
          if (typeof matching === 'string') return noData(matching);
          const sample = judgeAlerts(matching, includeExisting, request);
          const mayHaveForgotten = sample.result === 'Unhealthy' && api === 'Prometheus' && !includeExisting;
          if (!mayHaveForgotten) return sample;
          return judgeAlerts(await withTimes(asker, server, matching, request, signal), includeExisting, request);
        },
      };
    },
  };
}

/** From the options or from the annotation; two that differ are a fault. */
function readMatchers(check: HealthCheck): readonly LabelMatcher[] | SamplerFault {
  const option = 'spec.prometheusAlert.matchers';
  const annotation = `the annotation ${HEALTH_CHECK_PROMETHEUS_ALERT_LABELS}`;
  const listed = parseEach(option, check.spec.prometheusAlert?.matchers ?? []);
  if ('reason' in listed) return listed;
  const text = annotationOf(check, HEALTH_CHECK_PROMETHEUS_ALERT_LABELS);
  const annotated = parseEach(annotation, text === undefined ? [] : [text]);
  if ('reason' in annotated) return annotated;
  const [one, other] = [canonicalMatchers(listed), canonicalMatchers(annotated)];
  if (one !== '' && other !== '' && one !== other) {
    return invalid(`${option} says ${one} and ${annotation} says ${other}: remove one of them`);
  }
  return listed.length > 0 ? listed : annotated;
}

function parseEach(where: string, texts: readonly string[]): readonly LabelMatcher[] | SamplerFault {
  const matchers: LabelMatcher[] = [];
  for (const text of texts) {
    const parsed = parseMatchers(text);
    if (typeof parsed === 'string') return invalid(`${where}: ${parsed}`);
    matchers.push(...parsed);
  }
  return matchers;
}

type Labelled = { readonly labels: Readonly<Record<string, string>> };

/** A text: why that cannot be said. */
function matchingOf<A extends Labelled>(
  alerts: readonly A[],
  matchers: readonly LabelMatcher[],
): readonly A[] | string {
  const isExpression = ({ operator }: LabelMatcher): boolean => operator === '=~' || operator === '!~';
  const select = (): readonly A[] => alerts.filter(({ labels }) => matchesAll(matchers, labels));
  // What takes no time must not fail on a machine that is busy.
  return matchers.some(isExpression) ? selectOnLeash(alerts.length, select) : select();
}

/** @param triesLeft a machine that was busy for a moment is not the fault of the expressions */
function selectOnLeash<A>(count: number, select: () => readonly A[], triesLeft = 1): readonly A[] | string {
  try {
    return onLeash(longestMatching, select);
  } catch (error) {
    if (!(error instanceof TooSlowError)) throw error;
    if (triesLeft > 0) return selectOnLeash(count, select, triesLeft - 1);
    return `its ${count} alerts and the regular expressions of the matchers cannot be compared in ${longestMatching} ms`;
  }
}
