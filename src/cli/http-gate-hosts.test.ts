import { expect, it } from 'vitest';
import { httpGateHostsFlag, httpGateHostsOption } from './http-gate-hosts.ts';

it('lists hosts, by flag or by variable', () => {
  expect(httpGateHostsOption().envVar).toBe('KUBERIK_HTTP_GATE_HOSTS');
  expect(httpGateHostsFlag({ httpGateHosts: 'api.example.com, *.example.org:8443' })).toEqual([
    { host: 'api.example.com', isWildcard: false },
    { host: 'example.org', isWildcard: true, port: '8443' },
  ]);
  expect(httpGateHostsFlag({})).toEqual([]);
});

it.each(['*', 'https://api.example.com', 'api.example.com/path'])('refuses %s, and says what to write', (text) => {
  expect(() => httpGateHostsFlag({ httpGateHosts: `one.example.com,${text}` })).toThrow(`"${text}" is no host`);
});
