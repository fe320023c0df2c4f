/** What Prometheus and Alertmanager answer, as recorded, and what others answer. */
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { neverAborted, serve } from '../../oci/testing/connect.ts';
import { allowHosts } from '../http/allowed-hosts.ts';
import { createHttpAsker } from '../http/ask.ts';
import { parseAlerts } from './alerts.ts';
import { addressOf, askPrometheus, type PrometheusAnswer } from './ask.ts';
import { labelKey, shownLabels } from './labels.ts';
import { parseQueryResult } from './query.ts';

const firing = {
  labels: { alertname: 'Errors', severity: 'page' },
  annotations: {},
  state: 'firing',
  activeAt: '2026-11-21T18:00:00.123456789Z',
  value: '1e+00',
};
const received = {
  annotations: {},
  endsAt: '2026-11-21T18:04:00.000Z',
  fingerprint: 'c2d3e4',
  receivers: [{ name: 'nobody' }],
  startsAt: '2026-11-21T18:00:00.123Z',
  status: { inhibitedBy: [], silencedBy: [], state: 'active' },
  updatedAt: '2026-11-21T18:00:00.200Z',
  generatorURL: 'http://here/graph',
  labels: { alertname: 'Errors' },
};
const withState = (state: string) => ({ ...received, status: { ...received.status, state } });
const prometheus = (...alerts: unknown[]) => ({ status: 'success', data: { alerts } });

describe('alerts', () => {
  test('of Prometheus', () => {
    const activeAt = Temporal.Instant.from(firing.activeAt);
    const pending = { ...firing, state: 'pending' };
    expect(parseAlerts('Prometheus', prometheus(firing, pending, { ...firing, state: 'inactive' }))).toEqual([
      { labels: firing.labels, state: 'firing', activeAt },
      { labels: firing.labels, state: 'pending', activeAt },
    ]);
    expect(parseAlerts('Prometheus', prometheus())).toEqual([]);
  });

  test('of Alertmanager, where somebody may have silenced them', () => {
    const states = ['active', 'suppressed', 'unprocessed'].map(withState);
    const activeAt = Temporal.Instant.from(received.startsAt);
    expect(parseAlerts('Alertmanager', states)).toEqual([
      { labels: received.labels, state: 'firing', activeAt },
      { labels: received.labels, state: 'suppressed', activeAt },
      { labels: received.labels, state: 'firing', activeAt },
    ]);
    expect(parseAlerts('Alertmanager', [])).toEqual([]);
  });

  const noList = 'its answer is no list of alerts of ';
  const noAlert = 'its answer has something in it that is no alert of ';
  test.each([
    ['Prometheus', [received], `${noList}Prometheus: set api to Alertmanager`],
    ['Prometheus', null, `${noList}Prometheus`],
    ['Prometheus', { status: 'success', data: {} }, `${noList}Prometheus`],
    ['Prometheus', { status: 'odd', data: { alerts: [] } }, `${noList}Prometheus`],
    ['Prometheus', prometheus({ ...firing, state: 'burning' }), `${noAlert}Prometheus`],
    ['Prometheus', prometheus({ ...firing, activeAt: 'yesterday' }), `${noAlert}Prometheus`],
    ['Prometheus', prometheus({ ...firing, activeAt: 12 }), `${noAlert}Prometheus`],
    ['Prometheus', prometheus({ ...firing, labels: { severity: 1 } }), `${noAlert}Prometheus`],
    ['Prometheus', prometheus({ ...firing, labels: undefined }), `${noAlert}Prometheus`],
    ['Prometheus', prometheus('firing'), `${noAlert}Prometheus`],
    ['Alertmanager', prometheus(firing), `${noList}Alertmanager: set api to Prometheus`],
    ['Alertmanager', 'no', `${noList}Alertmanager`],
    ['Alertmanager', [withState('odd')], `${noAlert}Alertmanager`],
    ['Alertmanager', [{ ...received, status: undefined }], `${noAlert}Alertmanager`],
  ] as const)('no alerts of %s: %j', (api, json, said) => {
    expect(parseAlerts(api, json)).toBe(said);
  });
});

describe('results of queries', () => {
  const result = (resultType: string, data: unknown) => ({ status: 'success', data: { resultType, result: data } });
  const value = (text: unknown) => result('vector', [{ metric: { pod: 'a' }, value: [1732212000.1, text] }]);

  test.each([
    ['0.25', 0.25],
    ['1e-05', 1e-5],
    ['-3', -3],
    ['1.7976931348623157e+308', 1.7976931348623157e308],
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
  ])('a value %s', (text, number) => {
    expect(parseQueryResult(value(text))).toEqual([{ labels: { pod: 'a' }, value: number }]);
  });

  test('a scalar, and nothing', () => {
    expect(parseQueryResult(result('scalar', [1732212000, '2']))).toEqual([{ labels: {}, value: 2 }]);
    expect(parseQueryResult(result('vector', []))).toEqual([]);
  });

  test.each([
    [value('many'), 'a series without a number'],
    [value(''), 'a series without a number'],
    [value('0x10'), 'a series without a number'],
    [value(3), 'a series without a number'],
    [result('vector', [{ metric: {} }]), 'a series without a number'],
    [result('vector', [{ metric: {}, histogram: [1, {}] }]), 'histograms, not numbers: use histogram_quantile'],
    [result('vector', ['x']), 'no series'],
    [result('vector', {}), 'no result of a query'],
    [result('matrix', []), 'the query gives a matrix, not one number for each series'],
    [result('string', [1, 'x']), 'the query gives a string'],
    [result('scalar', [1]), 'a scalar without a number'],
    [result('odd', []), 'no result of a query'],
    [{ status: 'success' }, 'no result of a query'],
    [[], 'no result of a query'],
  ])('%j', (json, said) => {
    expect(parseQueryResult(json)).toContain(said);
  });
});

describe('one question', () => {
  const authorization = 'Bearer hunter2secret';

  async function answerTo(status: number, body: string, type = 'application/json'): Promise<PrometheusAnswer> {
    const server = await serve(() => ({ status, body, headers: { 'content-type': type } }));
    const hosts = allowHosts([{ host: '127.0.0.1', isWildcard: false }]);
    const asker = createHttpAsker({ clock: createFakeClock(), hosts });
    const question = {
      server: new URL(`http://${server.host}/prometheus/`),
      path: '/api/v1/query',
      parameters: { query: 'up{a="b&c"} > 0' },
      access: { headers: { authorization } },
      timeout: 10_000,
    };
    const answer = await askPrometheus(asker, question, neverAborted);
    await asker.close();
    const [seen] = server.seen;
    expect(seen).toMatchObject({ method: 'GET', headers: { authorization } });
    const asked = new URL(seen?.url ?? '', 'http://server');
    expect(asked.pathname).toBe('/prometheus/api/v1/query');
    expect(asked.searchParams.get('query')).toBe('up{a="b&c"} > 0');
    return answer;
  }

  test.each([
    [200, '{"status":"success"}', { json: { status: 'success' } }],
    [200, '[]', { json: [] }],
    [200, '', 'it answered 200 with nothing, not with JSON'],
    [
      400,
      '{"status":"error","errorType":"bad_data","error":"1:4: parse error:\\n unexpected"}',
      'it says bad_data: 1:4: parse error: unexpected',
    ],
    [422, '{"status":"error","errorType":"execution","error":"too many"}', 'it says execution: too many'],
    [503, '{"status":"error","errorType":"timeout","error":"hunter2secret"}', 'it says timeout: ***'],
    [200, '{"status":"error"}', 'it says error'],
    [401, '', 'it answered 401: the Secret that secretRef names must hold what it asks for'],
    [
      403,
      '{"status":"error","error":"x"}',
      'it answered 403: the Secret that secretRef names must hold what it asks for',
    ],
    [404, 'page not found', 'it answered 404'],
    [502, '<html>', 'it answered 502'],
  ])('%d %s', async (status, body, expected) => {
    expect(await answerTo(status, body)).toEqual(expected);
  });

  test('what is no JSON is told by its type alone, what is long is cut', async () => {
    expect(await answerTo(200, '<html>', 'text/html; charset=utf-8')).toBe(
      'it answered 200 with text/html, not with JSON',
    );
    const error = 'x'.repeat(10_000);
    const said = await answerTo(400, JSON.stringify({ status: 'error', errorType: 'bad_data', error }));
    expect(JSON.stringify(said).length).toBeLessThan(320);
  });

  test.each([
    ['http://host', 'http://host/api/v1/alerts'],
    ['http://host/', 'http://host/api/v1/alerts'],
    ['https://host:9090/prometheus', 'https://host:9090/prometheus/api/v1/alerts'],
    ['http://host/a/b//', 'http://host/a/b/api/v1/alerts'],
    ['http://host/a?tenant=x#top', 'http://host/a/api/v1/alerts?tenant=x'],
  ])('%s is asked at %s', (server, address) => {
    const question = { server: new URL(server), path: '/api/v1/alerts', access: { headers: {} }, timeout: 1 };
    expect(addressOf(question).href).toBe(address);
  });
});

test('labels for people are few and short, and the same for the same labels', () => {
  expect(shownLabels({})).toBe('');
  expect(shownLabels({ b: '2', a: '1' })).toBe('{a="1", b="2"}');
  expect(shownLabels({ e: '5', d: '4', c: '3', b: '2', a: '1' })).toBe('{a="1", b="2", c="3", d="4", …}');
  expect(labelKey({ b: '2', a: '1' })).toBe(labelKey({ a: '1', b: '2' }));
  expect(labelKey({ a: '1' })).not.toBe(labelKey({ a: '2' }));
});
