/** Health checks that are wrong: what the API server can see it refuses, and the rest is told by the check itself. */
import { describe, expect, test } from 'vitest';
import { HealthCheck, type HealthCheckStatus } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { eventually } from '../support/eventually.ts';
import { object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld();
const url = 'http://app.example.invalid/';
const annotation = (name: string): string => `healthcheck.kuberik.com/${name}`;

function check(name: string, spec: Record<string, unknown>, annotations: Record<string, string> = {}): KubeObject {
  return object('kuberik.com/v1alpha1', 'HealthCheck', name, spec, { labels: { app: 'app' }, annotations });
}

function status(space: Space, name: string, expected: Record<string, unknown>): Promise<HealthCheckStatus> {
  return eventually(async () => {
    const { status } = await space.get(HealthCheck, name);
    expect(status).toMatchObject(expected);
    return status ?? {};
  });
}

const probe = (more: object = {}): object => ({ url, ...more });
const query = (more: object = {}): object => ({ url, query: 'up', thresholdRange: { min: 1 }, ...more });

describe('what the API server refuses', () => {
  test.concurrent.each([
    [
      'options of another class',
      { class: 'http', http: probe(), job: { template: { spec: {} } } },
      'job is for class job',
    ],
    ['options without a class', { http: probe() }, 'http is for class http'],
    [
      'options of kustomization',
      { class: 'http', http: probe(), kustomization: { name: 'app' } },
      'kustomization is for class kustomization',
    ],
    [
      'options of prometheus-alert',
      { class: 'x', prometheusAlert: {} },
      'prometheusAlert is for class prometheus-alert',
    ],
    [
      'options of prometheus-query',
      { class: 'x', prometheusQuery: query() },
      'prometheusQuery is for class prometheus-query',
    ],
    ['options of datadog', { class: 'x', datadog: { monitorRef: { name: 'm' } } }, 'datadog is for class datadog'],
    ['http without options', { class: 'http' }, 'class http needs http'],
    ['prometheus-query without options', { class: 'prometheus-query' }, 'class prometheus-query needs prometheusQuery'],
    ['datadog without options', { class: 'datadog' }, 'class datadog needs datadog'],
    ['job without options', { class: 'job' }, 'class job needs job'],
    ['no URL', { class: 'http', http: probe({ url: 'app.example.com' }) }, 'spec.http.url'],
    ['a method', { class: 'http', http: probe({ method: 'DELETE' }) }, 'spec.http.method'],
    ['no status at all', { class: 'http', http: probe({ expectedStatuses: [] }) }, 'spec.http.expectedStatuses'],
    ['a status', { class: 'http', http: probe({ expectedStatuses: [99] }) }, 'spec.http.expectedStatuses'],
    ['an interval', { class: 'http', http: probe(), interval: '30' }, 'spec.interval'],
    ['a time-out', { class: 'http', http: probe(), timeout: 'soon' }, 'spec.timeout'],
    ['a threshold', { class: 'http', http: probe(), failureThreshold: 0 }, 'spec.failureThreshold'],
    ['another threshold', { class: 'http', http: probe(), successThreshold: 1001 }, 'spec.successThreshold'],
    ['a policy', { class: 'http', http: probe(), noDataPolicy: 'Ignore' }, 'spec.noDataPolicy'],
    [
      'a query without a range',
      { class: 'prometheus-query', prometheusQuery: { url, query: 'up' } },
      'needs thresholdRange',
    ],
    [
      'an empty range',
      { class: 'prometheus-query', prometheusQuery: query({ thresholdRange: {} }) },
      'needs min, max or both',
    ],
  ])('%s: %j', async (what, spec, fault) => {
    const space = await world().space(`refused-${what.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`);
    await expect(space.put(check('wrong', spec))).rejects.toThrow(fault);
  });
});

describe('what the check says itself', () => {
  const http = (more: object = {}): Record<string, unknown> => ({ class: 'http', http: probe(more) });

  test.concurrent.each([
    ['a header', http({ headers: { Host: 'other' } }), {}, 'InvalidSpec', 'a header that cannot be chosen'],
    ['an expression', http({ success: 'status ==' }), {}, 'InvalidSpec', 'is no CEL expression over status and body'],
    ['a body', http({ body: 'x' }), {}, 'InvalidSpec', 'remove body, or write method: POST'],
    ['credentials', http({ url: 'http://me:hunter2@app.example.com/' }), {}, 'InvalidSpec', 'put them into the Secret'],
    ['no time', { ...http(), timeout: '0s' }, {}, 'InvalidSpec', 'write for example 10s'],
    [
      'two intervals',
      { ...http(), interval: '1m' },
      { [annotation('requeue-interval')]: '30s' },
      'InvalidSpec',
      'spec.interval is 1m0s and annotation healthcheck.kuberik.com/requeue-interval 30s: remove one of the two',
    ],
    [
      'two Kustomizations',
      { class: 'kustomization', kustomization: { name: 'app' } },
      { [annotation('kustomization')]: 'other' },
      'InvalidSpec',
      'annotation healthcheck.kuberik.com/kustomization',
    ],
    ['a host', http({ url: 'http://169.254.169.254/latest' }), {}, 'HostNotAllowed', '--health-check-hosts'],
    ['no Secret', http({ secretRef: { name: 'token' } }), {}, 'SecretNotFound', '/token is not there: create it'],
    ['an unknown name', { ...http(), timeout: '30s' }, {}, 'NoData', url],
  ])('%s', async (what, spec, annotations, reason, fault) => {
    const space = await world().space(`told-${what.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`);
    await space.put(check('wrong', spec, annotations));
    const conditions = [{ type: 'Ready', status: 'False', reason }];
    const { message } = await status(space, 'wrong', { status: 'Pending', conditions });
    expect(message).toContain(fault);
    expect(message).not.toContain('hunter2');
  });

  test.concurrent('half a pair of credentials, and a way out', async () => {
    const space = await world().space('half-a-pair');
    const secret = (stringData: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token' },
      stringData,
    });
    await space.put(secret({ username: 'hunter2' }));
    await space.put(
      check('wrong', { ...http({ secretRef: { name: 'token' } }), interval: '1s', noDataPolicy: 'Unhealthy' }),
    );
    const conditions = [{ status: 'False', reason: 'SecretNotFound' }];
    const { message } = await status(space, 'wrong', { status: 'Pending', conditions });
    expect(message).toBe(`Secret ${space.namespace}/token has the key username without password: both are needed`);
    await space.put(secret({ username: 'me', password: 'hunter2' }));
    await status(space, 'wrong', { status: 'Unhealthy', conditions: [{ status: 'True', reason: 'Judging' }] });
  });
});

test('a check that cannot judge holds its deployment, and lets it go on when it is corrected', async () => {
  const space = await world().space('held');
  const annotations = { [annotation('kustomization')]: 'other' };
  await space.put(check('probe', { class: 'kustomization', kustomization: { name: 'app' } }, annotations));
  await space.application();
  await eventually(async () => {
    expect(await space.says('Progressing', 'True', 'Deploying')).toContain('probe');
  });
  expect(await space.history()).toEqual(['v1.0.0 Deploying Automatic']);
  await space.put(check('probe', { class: 'kustomization', kustomization: { name: 'app' } }));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await status(space, 'probe', { status: 'Healthy', conditions: [{ status: 'True', reason: 'Judging' }] });
});
