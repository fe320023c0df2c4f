/** Class `http`: an address is probed, as a kubelet probes a container. */
import { type HealthCheck, HealthCheckConditionReason } from '../../../api/health-check.ts';
import type { HttpHealth } from '../../../api/health-check-classes.ts';
import { isRecord } from '../../../api/json.ts';
import type { HttpAsker, Question } from '../../../integrations/http/ask.ts';
import { readAnswer } from '../../../integrations/http/outcome.ts';
import { checkHeaders, withoutSecrets } from '../../../integrations/http/secrets.ts';
import { shownUrl } from '../../../integrations/http/settings.ts';
import { compileSuccess, type Success } from '../../../integrations/http/success.ts';
import { UnansweredError } from '../../../integrations/http/unanswered.ts';
import type { HttpResponse } from '../../../oci/http.ts';
import type { Sampler, SamplerFault, Sampling, TakenSample } from '../sampled/sampler.ts';

export function httpSampler(asker: HttpAsker): Sampler {
  return { read: ({ spec }: Pick<HealthCheck, 'spec'>) => readHttp(asker, spec.http) };
}

interface Probe extends Omit<Question, 'access' | 'timeout'> {
  /** For people. */
  readonly where: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isExpected: (status: number) => boolean;
  readonly success: Success | undefined;
}

function readHttp(asker: HttpAsker, http: HttpHealth | undefined): Sampling | SamplerFault {
  if (http === undefined) return invalid('is missing: it says what to ask');
  const probe = readProbe(http);
  if (typeof probe === 'string') return invalid(probe);
  const { secretRef, headersSecretRef } = http;
  const { where, isExpected, success, headers, ...question } = probe;
  return {
    url: probe.url,
    ...(secretRef && { secretName: secretRef.name }),
    ...(headersSecretRef && { headersSecretName: headersSecretRef.name }),
    async take({ access, timeout }, signal) {
      try {
        const shown = { ...access, headers: { ...headers, ...access.headers } };
        const sample = judge(probe, await asker.ask({ ...question, access: shown, timeout }, signal));
        return { ...sample, message: withoutSecrets(sample.message, credentialsIn(headers), probe.url) };
      } catch (error) {
        if (error instanceof UnansweredError && isItsOwn(error)) {
          return { result: 'Unhealthy', message: `${where}: ${error.message}` };
        }
        throw error;
      }
    },
  };
}

function invalid(fault: string): SamplerFault {
  return { reason: HealthCheckConditionReason.InvalidSpec, message: `spec.http: ${fault}` };
}

/** A text: what is wrong. */
function readProbe(http: HttpHealth): Probe | string {
  const url = URL.parse(http.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'url is no URL such as https://app.example.com/healthz';
  const headers = checkHeaders(http.headers ?? {});
  if (typeof headers === 'string') return `headers ${headers}`;
  const { method = 'GET', body, expectedStatuses } = http;
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    return `a ${method} has no body: remove body, or write method: POST`;
  }
  const success = http.success === undefined ? undefined : compileSuccess(http.success);
  if (typeof success === 'string') return `success is no CEL expression over status and body: ${success}`;
  return {
    url,
    where: shownUrl(url),
    method,
    headers,
    ...(body !== undefined && { body }),
    ...(expectedStatuses && { finalStatuses: expectedStatuses }),
    isExpected: (status) => expectedStatuses?.includes(status) ?? (status >= 200 && status < 300),
    success,
  };
}

/** They belong into a Secret, and stay in the spec at least. */
function credentialsIn(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const named = Object.entries(headers).filter(([name]) => /auth|cookie|key|pass|secret|sign|token/.test(name));
  return Object.fromEntries(named);
}

/** The application is asked itself: that it does not answer is what it says of its health. */
function isItsOwn({ because }: UnansweredError): boolean {
  return because === 'connection' || because === 'redirect';
}

function judge({ where, isExpected, success }: Probe, response: HttpResponse): TakenSample {
  const answer = readAnswer(response);
  const { status, body } = answer;
  const answered = `${where} answered ${status}`;
  const words = isRecord(body) && typeof body.message === 'string' ? body.message.trim() : '';
  const unhealthy = (message: string): TakenSample => ({
    result: 'Unhealthy',
    message: words === '' ? message : `${message}: ${words}`,
    value: String(status),
  });
  if (!isExpected(status)) return unhealthy(answered);
  const isHealthy = success?.(answer) ?? true;
  if (typeof isHealthy === 'string') {
    const what = answer.isGarbage ? 'its answer is no JSON' : isHealthy;
    return { result: 'NoData', message: `it answered ${status}, and ${what}`, value: String(status) };
  }
  if (!isHealthy) return unhealthy(`${answered}, and success is false`);
  return { result: 'Healthy', message: answered, value: String(status) };
}
