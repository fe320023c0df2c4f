/** `prometheus` has the classes that ask Prometheus or Alertmanager. This file: where that is. */
import { annotationValue, HEALTH_CHECK_PROMETHEUS_URL } from '../../../api/annotations.ts';
import { type HealthCheck, HealthCheckConditionReason } from '../../../api/health-check.ts';
import { shownUrl } from '../../../integrations/http/settings.ts';
import type { SamplerFault, TakenSample } from '../sampled/sampler.ts';

type Field = 'prometheusAlert' | 'prometheusQuery';

const example = 'http://prometheus.monitoring:9090';

/** From the options or from the annotation; two that differ are a fault. */
export function readServer(check: HealthCheck, field: Field): URL | SamplerFault {
  const option = `spec.${field}.url`;
  const annotation = `the annotation ${HEALTH_CHECK_PROMETHEUS_URL}`;
  const optionText = check.spec[field]?.url;
  const annotationText = annotationOf(check, HEALTH_CHECK_PROMETHEUS_URL);
  const given = [
    { where: option, text: optionText },
    { where: annotation, text: annotationText },
  ].flatMap(({ where, text }) => (text === undefined ? [] : [parseServer(where, text)]));
  for (const server of given) if (!(server instanceof URL)) return server;
  const [server, other] = given.filter((one) => one instanceof URL);
  if (server === undefined) return invalid(`there is no URL: set ${option} or ${annotation}, for example ${example}`);
  if (other !== undefined && addressOf(server) !== addressOf(other)) {
    return invalid(`${option} is ${shownUrl(server)} and ${annotation} is ${shownUrl(other)}: remove one of them`);
  }
  return server;
}

/** Undefined when it is absent or empty. */
export function annotationOf({ metadata }: HealthCheck, key: string): string | undefined {
  const text = annotationValue(metadata.annotations?.[key] ?? '');
  return text === '' ? undefined : text;
}

export function invalid(message: string): SamplerFault {
  return { reason: HealthCheckConditionReason.InvalidSpec, message };
}

/** @param message what came instead of an answer; whoever takes the look says from where */
export function noData(message: string): TakenSample {
  return { result: 'NoData', message };
}

function parseServer(where: string, text: string): URL | SamplerFault {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return invalid(`${where} is no URL such as ${example}`);
  if (url.username !== '' || url.password !== '') {
    return invalid(`${where} carries credentials: put them into the Secret that secretRef names`);
  }
  return url;
}

function addressOf(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}
