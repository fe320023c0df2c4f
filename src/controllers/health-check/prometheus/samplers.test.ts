import { describe, expect, onTestFinished, test } from 'vitest';
import { HealthCheck } from '../../../api/health-check.ts';
import { allowHosts } from '../../../integrations/http/allowed-hosts.ts';
import { createHttpAsker, type HttpAsker } from '../../../integrations/http/ask.ts';
import { UnansweredError } from '../../../integrations/http/unanswered.ts';
import { createFakeClock } from '../../../kube/testing/fake-clock.ts';
import { failure, neverAborted, serve } from '../../../oci/testing/connect.ts';
import type { Script } from '../../../oci/testing/scripted-server.ts';
import type { Sampler, TakenSample } from '../sampled/sampler.ts';
import { prometheusAlertSampler } from './alert-sampler.ts';
import { prometheusQuerySampler } from './query-sampler.ts';

type Fields = Readonly<Record<string, unknown>>;

const url = 'healthcheck.kuberik.com/prometheus-url';
const alertLabels = 'healthcheck.kuberik.com/prometheus-alert-labels';
const now = Temporal.Instant.from('2026-01-01T12:10:00Z');
const cutoff = Temporal.Instant.from('2026-01-01T12:00:00Z');

function asker(): HttpAsker {
  const hosts = allowHosts([{ host: '127.0.0.1', isWildcard: false }]);
  const made = createHttpAsker({ clock: createFakeClock(), hosts });
  onTestFinished(() => made.close());
  return made;
}

const alerts = (): Sampler => prometheusAlertSampler(asker());
const queries = (): Sampler => prometheusQuerySampler(asker());

function check(spec: Fields, annotations: Readonly<Record<string, string>> = {}): HealthCheck {
  const metadata = { name: 'judge', namespace: 'team', annotations };
  return HealthCheck.parse({ apiVersion: 'kuberik.com/v1alpha1', kind: 'HealthCheck', metadata, spec });
}
const ofAlerts = (options: Fields, annotations = {}): HealthCheck =>
  check({ class: 'prometheus-alert', prometheusAlert: options }, annotations);
const ofQuery = (options: Fields, annotations = {}): HealthCheck =>
  check({ class: 'prometheus-query', prometheusQuery: { query: 'errors', ...options } }, annotations);

/** Where a check asks, or why it does not. */
function readBy(sampler: Sampler, read: HealthCheck): string {
  const sampling = sampler.read(read);
  if ('take' in sampling) return sampling.url.href;
  expect(sampling.reason).toBe('InvalidSpec');
  return sampling.message;
}

async function take(
  sampler: Sampler,
  read: HealthCheck,
  deployedAt: Temporal.Instant | undefined = cutoff,
): Promise<TakenSample> {
  const sampling = sampler.read(read);
  if (!('take' in sampling)) throw new Error(sampling.message);
  const access = { headers: { authorization: 'Bearer hunter2secret' } };
  return sampling.take({ access, timeout: 10_000, deployedAt, cutoff: deployedAt, now }, neverAborted);
}

describe('where it asks', () => {
  const noUrl =
    'there is no URL: set spec.prometheusAlert.url or the annotation healthcheck.kuberik.com/prometheus-url';
  test.each([
    [{ url: 'http://option:9090' }, {}, 'http://option:9090/'],
    [{}, { [url]: 'http://annotation:9090' }, 'http://annotation:9090/'],
    [{}, { [url]: '\\ http://annotation:9090/prometheus' }, 'http://annotation:9090/prometheus'],
    [{ url: 'http://same:9090/' }, { [url]: 'http://same:9090' }, 'http://same:9090/'],
    [{ url: 'http://same' }, { [url]: 'http://same:80//' }, 'http://same/'],
    [{ url: 'http://a:1' }, { [url]: ' ' }, 'http://a:1/'],
    [{}, {}, noUrl],
    [{}, { [url]: '\\ ' }, noUrl],
    [{}, { [url]: 'prometheus.monitoring:9090' }, 'is no URL such as http://prometheus.monitoring:9090'],
    [{ url: 'http://' }, {}, 'spec.prometheusAlert.url is no URL'],
    [
      { url: 'http://me:hunter2secret@a' },
      {},
      'spec.prometheusAlert.url carries credentials: put them into the Secret',
    ],
    [
      { url: 'http://a/x?token=hunter2secret' },
      { [url]: 'http://b' },
      'spec.prometheusAlert.url is http://a/x and the annotation healthcheck.kuberik.com/prometheus-url is http://b/: remove one of them',
    ],
  ])('%j %j', (options, annotations, expected) => {
    const read = readBy(alerts(), ofAlerts(options, annotations));
    expect(read).toContain(expected);
    expect(read).not.toContain('hunter2secret');
  });

  test('the same goes for queries', () => {
    expect(readBy(queries(), ofQuery({}, { [url]: 'http://a' }))).toBe('http://a/');
    expect(readBy(queries(), ofQuery({ url: 'http://b' }, { [url]: 'http://a' }))).toContain(
      'spec.prometheusQuery.url is http://b/',
    );
    expect(readBy(queries(), check({ class: 'prometheus-query' }, { [url]: 'http://a' }))).toContain(
      'spec.prometheusQuery is missing',
    );
  });

  test('the Secret with the credentials is the one that secretRef names', () => {
    const options = { url: 'http://a', secretRef: { name: 'access' } };
    expect(alerts().read(ofAlerts(options))).toMatchObject({ secretName: 'access' });
    expect(queries().read(ofQuery(options))).toMatchObject({ secretName: 'access' });
    expect(alerts().read(ofAlerts({ url: 'http://a' }))).not.toHaveProperty('secretName');
  });
});

describe('which alerts', () => {
  test.each([
    [{ matchers: ['a=1', 'b=2'] }, { [alertLabels]: '\\ b="2", a=1' }, 'http://a/'],
    [{ matchers: ['a=1'] }, { [alertLabels]: '' }, 'http://a/'],
    [{ matchers: ['a=1'] }, { [alertLabels]: 'a=2' }, 'spec.prometheusAlert.matchers says a="1" and the annotation'],
    [{ matchers: ['a=1', 'b'] }, {}, 'spec.prometheusAlert.matchers: "b" is no matcher'],
    [{}, { [alertLabels]: 'a=~"("' }, `the annotation ${alertLabels}: "a=~"("" is no matcher`],
  ])('%j %j', (options, annotations, expected) => {
    expect(readBy(alerts(), ofAlerts({ url: 'http://a', ...options }, annotations))).toContain(expected);
  });
});

const alert = (labels: Fields, activeAt = '2026-01-01T12:05:00Z') => ({
  labels,
  state: 'firing',
  activeAt,
  annotations: {},
});
const json = (value: unknown): { readonly body: string } => ({ body: JSON.stringify(value) });
const listing =
  (...list: readonly unknown[]): Script =>
  () =>
    json({ status: 'success', data: { alerts: list } });

describe('a look at alerts', () => {
  test('one that matches and began since the deployment is a failure, others are not', async () => {
    const ours = { alertname: 'Errors', app: 'web', severity: 'critical' };
    const server = await serve(
      listing(
        alert(ours),
        alert({ ...ours, app: 'other' }),
        alert({ ...ours, severity: 'page' }, '2026-01-01T11:00:00Z'),
      ),
    );
    const options = { url: `http://${server.host}/prometheus/` };
    const matchers = (...list: string[]): HealthCheck => ofAlerts({ ...options, matchers: list });
    expect(await take(alerts(), matchers('app=web'))).toEqual({
      result: 'Unhealthy',
      message: '1 alert is firing: Errors {app="web", severity="critical"} since 2026-01-01T12:05:00Z',
      failedAt: Temporal.Instant.from('2026-01-01T12:05:00Z'),
    });
    expect(await take(alerts(), ofAlerts(options))).toMatchObject({
      message: expect.stringContaining('2 alerts are') as string,
    });
    expect(await take(alerts(), matchers('app=web', 'severity=page'))).toMatchObject({ result: 'Healthy' });
    expect(
      await take(alerts(), ofAlerts({ ...options, includeExisting: true, matchers: ['severity=page'] })),
    ).toMatchObject({
      result: 'Unhealthy',
      failedAt: cutoff,
    });
    expect(await take(alerts(), matchers('app=none'))).toEqual({
      result: 'Healthy',
      message: 'no matching alert is firing',
    });
    expect(new Set(server.seen.map((seen) => seen.url))).toEqual(
      new Set(['/prometheus/api/v1/alerts', '/prometheus/api/v1/status/runtimeinfo']),
    );
  });

  test.each([
    ['before the deployment', '2026-01-01T11:30:00Z', 'Unhealthy', 1],
    ['since the deployment', '2026-01-01T12:04:00Z', 'Healthy', 3],
  ])('a Prometheus that was started %s may have forgotten how old alerts are', async (_, startTime, result, others) => {
    const labels = { alertname: 'Errors', app: 'web' };
    const since = String(Date.parse('2026-01-01T11:45:00Z') / 1000);
    const state = { metric: { __name__: 'ALERTS_FOR_STATE', ...labels }, value: [1, since] };
    const server = await serve(({ url: asked }) => {
      if (asked.includes('/alerts')) return json({ status: 'success', data: { alerts: [alert(labels)] } });
      if (asked.includes('/runtimeinfo')) return json({ status: 'success', data: { startTime } });
      return json({ status: 'success', data: { resultType: 'vector', result: [state] } });
    });
    const sample = await take(alerts(), ofAlerts({ url: `http://${server.host}` }));
    expect(sample.result).toBe(result);
    const [, ...asked] = server.seen.map((seen) => new URL(seen.url, 'http://server').searchParams.get('time'));
    expect(asked.toSorted()).toEqual([cutoff.toString(), startTime, null].slice(3 - others).toSorted());
  });

  test('Alertmanager is asked by its own API', async () => {
    const received = { labels: { alertname: 'Errors' }, startsAt: '2026-01-01T12:05:00Z', status: { state: 'active' } };
    const silenced = { ...received, status: { state: 'suppressed' }, labels: { alertname: 'Silent' } };
    const server = await serve(() => json([silenced, received]));
    const options = { url: `http://${server.host}`, api: 'Alertmanager' };
    expect(await take(alerts(), ofAlerts(options))).toMatchObject({
      result: 'Unhealthy',
      message: '1 alert is firing: Errors since 2026-01-01T12:05:00Z',
    });
    expect(server.seen[0]?.url).toBe('/api/v2/alerts');
  });

  test('an answer that is none is no data, and no answer is none', async () => {
    const nonsense = await serve(() => ({ body: '<html>' }));
    expect(await take(alerts(), ofAlerts({ url: `http://${nonsense.host}` }))).toMatchObject({ result: 'NoData' });
    const broken = await serve(() => 'reset');
    expect(await failure(take(alerts(), ofAlerts({ url: `http://${broken.host}` })))).toBeInstanceOf(UnansweredError);
  });

  test('a secret that comes back is not told', async () => {
    const server = await serve(listing(alert({ alertname: 'Errors', echo: 'hunter2secret' })));
    const { message } = await take(alerts(), ofAlerts({ url: `http://${server.host}` }));
    expect(message).toContain('echo="***"');
  });

  test('matchers that take too long are no data', async () => {
    const long = Array.from({ length: 40 }, (_, index) =>
      alert({ alertname: 'E', x: `${'x'.repeat(20_000)}${index}` }),
    );
    const server = await serve(listing(...long));
    const matchers = ['x=~"((((x{0,10}){0,10}){0,10})){0,1}"'];
    const sample = await take(alerts(), ofAlerts({ url: `http://${server.host}`, matchers }));
    expect(sample).toMatchObject({
      result: 'NoData',
      message: expect.stringContaining('cannot be compared in 200 ms') as string,
    });
  });
});

describe('a look at a query', () => {
  const vector = (value: string) =>
    json({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, value] }] } });
  const timeOf = (seen: { readonly url: string }): string | null =>
    new URL(seen.url, 'http://server').searchParams.get('time');

  test('what it gives now is compared with what it gave when the deployment began', async () => {
    const server = await serve((seen) => vector(timeOf(seen) === null ? '0.3' : '0.1'));
    const options = { url: `http://${server.host}/p`, relativeRange: { max: 2 } };
    expect(await take(queries(), ofQuery(options))).toEqual({
      result: 'Unhealthy',
      message: '0.3 is 3 times what it was (0.1), above 2',
      value: '0.3',
    });
    expect(server.seen.map(timeOf).toSorted()).toEqual(['2026-01-01T12:00:00Z', null]);
    for (const { url: asked } of server.seen) expect(asked).toMatch(/^\/p\/api\/v1\/query\?query=errors/);
  });

  test('without a relative range, and without a deployment, it is asked once', async () => {
    const server = await serve(() => vector('0.3'));
    const options = { url: `http://${server.host}`, thresholdRange: { max: 2 } };
    expect(await take(queries(), ofQuery(options))).toMatchObject({ result: 'Healthy', value: '0.3' });
    const both = { ...options, relativeRange: { max: 2 } };
    const sampling = queries().read(ofQuery(both));
    if (!('take' in sampling)) throw new Error(sampling.message);
    const request = { access: { headers: {} }, timeout: 10_000, deployedAt: undefined, cutoff: undefined, now };
    expect(await sampling.take(request, neverAborted)).toMatchObject({ result: 'Healthy' });
    expect(server.seen.map(timeOf)).toEqual([null, null]);
  });

  test('what Prometheus has against a query is told', async () => {
    const error = {
      status: 'error',
      errorType: 'bad_data',
      error: 'invalid parameter "query": 1:7: parse error: unexpected end',
    };
    const server = await serve(() => ({ status: 400, body: JSON.stringify(error) }));
    const options = { url: `http://${server.host}`, thresholdRange: { max: 2 }, relativeRange: { max: 2 } };
    expect(await take(queries(), ofQuery(options))).toEqual({
      result: 'NoData',
      message: `it says bad_data: invalid parameter "query": 1:7: parse error: unexpected end`,
    });
  });

  test('what it was must be known, too', async () => {
    const server = await serve((seen) => (timeOf(seen) === null ? vector('1') : { status: 502 }));
    const sample = await take(queries(), ofQuery({ url: `http://${server.host}`, relativeRange: { max: 2 } }));
    expect(sample).toEqual({
      result: 'NoData',
      message: 'of the time when the deployment began, it answered 502',
    });
  });
});
