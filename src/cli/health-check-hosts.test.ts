import { expect, it } from 'vitest';
import { healthCheckHostsFlag, healthCheckHostsOption } from './health-check-hosts.ts';

const one = { host: 'prometheus.example.com', isWildcard: false };

it.each([
  ['', { listed: [], others: true }],
  ['*', { listed: [], others: true }],
  ['prometheus.example.com', { listed: [one], others: false }],
  ['*, prometheus.example.com', { listed: [one], others: true }],
])('%j is understood', (healthCheckHosts, expected) => {
  expect(healthCheckHostsFlag({ healthCheckHosts })).toEqual(expected);
});

it('is every host but this machine and its link, unless somebody lists others', () => {
  const option = healthCheckHostsOption();
  expect(option.envVar).toBe('KUBERIK_HEALTH_CHECK_HOSTS');
  expect(option.defaultValue).toBe('*');
  expect(healthCheckHostsFlag({})).toEqual({ listed: [], others: true });
});

it('refuses what is no host, and says what to write', () => {
  const flags = { healthCheckHosts: '*,https://prometheus.example.com' };
  expect(() => healthCheckHostsFlag(flags)).toThrow(
    '--health-check-hosts: "https://prometheus.example.com" is no host',
  );
});
