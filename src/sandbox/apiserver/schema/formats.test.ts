import { describe, expect, it } from 'vitest';
import { hasFormat } from './formats.ts';

describe('hasFormat', () => {
  it.each([
    ['date-time', '2026-02-28T23:59:59Z', '2026-02-30T00:00:00Z'],
    ['date-time', '2026-02-28T23:59:59.123+02:00', '2026-02-28 23:59:59'],
    ['date-time', '2026-02-28t23:59:59z', '2026-02-28T25:00:00Z'],
    ['date', '2024-02-29', '2026-02-29'],
    ['byte', 'YWI=', 'YWI'],
    ['byte', '', '?'],
    ['duration', '1h30m', '1x'],
    ['duration', '3 weeks', 'weeks'],
    ['uuid', '6BA7B810-9DAD-11d1-80b4-00c04fd430c8', '6ba7b810'],
    ['ipv4', '10.0.0.1', '10.0.0.256'],
    ['ipv6', '2001:db8::1', '10.0.0.1'],
    ['cidr', '10.0.0.0/8', '10.0.0.0/33'],
    ['cidr', '2001:db8::/32', '2001:db8::'],
    ['hostname', 'example.com', '-example'],
    ['email', 'a@example.com', 'a'],
    ['uri', 'https://example.com/x', 'example'],
    ['mac', '01:23:45:67:89:ab', '01:23'],
    ['k8s-short-name', 'a-b', 'A'],
    ['k8s-long-name', 'a.b-c', 'a..b'],
    ['quantity', '1.5Gi', '1 Gi'],
  ])('%s takes %j, not %j', (format, good, bad) => {
    expect([hasFormat(format, good), hasFormat(format, bad)]).toEqual([true, false]);
  });

  it.each(['password', 'unheard-of', 'constructor', '__proto__'])('%s says nothing', (format) => {
    expect(hasFormat(format, 'anything')).toBe(true);
  });
});
