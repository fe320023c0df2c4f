/** A machine that is busy took the time of a comparison that needs none, and a healthy check had no data for a while. */
import { expect, test, vi } from 'vitest';
import { HealthCheck } from '../../../api/health-check.ts';
import { prometheusAlertSampler } from './alert-sampler.ts';

const slow = vi.hoisted(() => ({ times: 0 }));

vi.mock(import('../../../integrations/http/leash.ts'), async (original) => {
  const leash = await original();
  return {
    ...leash,
    onLeash: <T>(milliseconds: number, run: () => T): T => {
      slow.times -= 1;
      if (slow.times >= 0) throw new leash.TooSlowError('busy');
      return leash.onLeash(milliseconds, run);
    },
  };
});

const active = { state: 'firing', labels: { app: 'shop' }, activeAt: '2026-01-01T12:00:00Z' };
const answer = JSON.stringify({ status: 'success', data: { alerts: [active] } });

async function look(matcher: string): Promise<string> {
  const ask = () =>
    Promise.resolve({ status: 200, headers: () => [], body: Buffer.from(answer), url: new URL('http://prometheus') });
  const { apiVersion, kind } = HealthCheck;
  const prometheusAlert = { url: 'http://prometheus', matchers: [matcher], includeExisting: true };
  const check = HealthCheck.parse({
    apiVersion,
    kind,
    metadata: { namespace: 'team', name: 'alerts' },
    spec: { class: 'prometheus-alert', prometheusAlert },
  });
  const sampling = prometheusAlertSampler({ ask, close: () => Promise.resolve() }).read(check);
  if ('reason' in sampling) throw new Error(sampling.message);
  const now = Temporal.Instant.from('2026-01-01T12:01:00Z');
  const request = { access: { headers: {} }, timeout: 1000, deployedAt: undefined, cutoff: undefined, now };
  return (await sampling.take(request, new AbortController().signal)).result;
}

test.each([
  ['app=shop', 9, 'Unhealthy'],
  ['app!=other', 9, 'Unhealthy'],
  ['app=~sh.*', 1, 'Unhealthy'],
  ['app=~sh.*', 2, 'NoData'],
])('%s on a machine that is busy %i times is %s', async (matcher, times, result) => {
  slow.times = times;
  expect(await look(matcher)).toBe(result);
});
