import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { HealthCheck } from '../api/health-check.ts';
import { UnansweredError } from '../integrations/http/unanswered.ts';
import { createFakeClock } from '../kube/testing/fake-clock.ts';
import { countedSampler } from './counted-sampler.ts';
import type { SampleRequest, TakenSample } from './health-check/sampled/sampler.ts';
import { SampleMetrics } from './metrics/sample-metrics.ts';

const check = HealthCheck.parse({
  apiVersion: HealthCheck.apiVersion,
  kind: 'HealthCheck',
  metadata: { namespace: 'shop', name: 'probe' },
  spec: { class: 'http', http: { url: 'http://my-app.shop/' } },
});

async function countOf(take: (signal: AbortController) => TakenSample): Promise<Record<string, number>> {
  const registry = new Registry();
  const clock = createFakeClock();
  const abort = new AbortController();
  const sampling = {
    url: new URL('http://my-app.shop/'),
    take: async () => {
      await clock.advance(2000);
      return take(abort);
    },
  };
  const counted = countedSampler({ read: () => sampling }, new SampleMetrics(registry), clock).read(check);
  if ('reason' in counted) throw new Error(counted.message);
  await counted.take({} as SampleRequest, abort.signal).catch(() => undefined);
  const lines = (await registry.metrics()).matchAll(
    /^kuberik_healthcheck_(samples_total|sample_seconds_sum)\{(.*)\} (\S+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, name, labels, value]) => [`${name} ${labels}`, Number(value)]));
}

const once = (result: string) => ({
  [`samples_total class="http",result="${result}"`]: 1,
  'sample_seconds_sum class="http"': 2,
});

it.each([
  { name: 'an answer', take: () => ({ result: 'Unhealthy', message: '' }) as const, told: once('Unhealthy') },
  {
    name: 'no answer',
    take: () => {
      throw new UnansweredError('connection', 'nobody answers');
    },
    told: once('NoData'),
  },
  {
    name: 'a host that may not be called',
    take: () => {
      throw new UnansweredError('policy', 'not allowed');
    },
    told: {},
  },
  {
    name: 'a look that is called off',
    take: (abort: AbortController) => {
      abort.abort();
      throw new Error('off');
    },
    told: {},
  },
])('counts looks: $name', async ({ take, told }) => {
  expect(await countOf(take)).toEqual(told);
});

it('hands on what cannot be understood', () => {
  const fault = { reason: 'InvalidSpec', message: 'no url' } as const;
  const sampler = countedSampler({ read: () => fault }, new SampleMetrics(new Registry()), createFakeClock());
  expect(sampler.read(check)).toBe(fault);
});
