/** What requests, processes and a fleet are judged by: as they must be, and not. */
import { describe, expect, test } from 'vitest';
import { type Request, requestsIn } from '../cluster/support/audit.ts';
import { type Application, drawFleet } from './fleet.ts';
import { inspectCost, inspectMemory, inspectRest } from './oracles/bounds.ts';
import { inspectEnds } from './oracles/ends.ts';

const start = Date.parse('2026-03-02T06:00:00Z');

describe('bounds', () => {
  const found = (
    inspect: (report: (invariant: string, rollout: string, message: string) => void) => void,
  ): string[] => {
    const messages: string[] = [];
    inspect((invariant, _, message) => void messages.push(`${invariant} ${message}`));
    return messages;
  };
  const requests = (count: number, verb: string): Request[] =>
    Array.from({ length: count }, () => ({ verb, resource: 'rollouts/status', code: 200, at: start }));
  const happened = { deployments: 2, actions: 3, starts: 1, outages: 1, rollouts: 2 };

  test.each([
    ['few requests', 100, []],
    ['more than all that happened explains', 2000, [expect.stringMatching(/^I10 2000 requests for 2 deployments/)]],
  ])('%s', (_, count, messages) => {
    const cost = { ...happened, requests: requests(count, 'patch') };
    expect(
      found((report) => {
        inspectCost(cost, report);
      }),
    ).toEqual(messages);
  });

  test.each([
    ['reads now and then', requests(20, 'watch'), []],
    ['one write', requests(1, 'patch'), ['I7 1 writes at rest: patch rollouts/status']],
    ['a loop of reads', requests(200, 'get'), ['I10 200 reads at rest, at most 100']],
  ])('at rest: %s', (_, asked, messages) => {
    expect(
      found((report) => {
        inspectRest(asked, report);
      }),
    ).toEqual(messages);
  });

  test.each([
    [200 * 2 ** 20, []],
    [600 * 2 ** 20, ['bounds a controller held 600 MiB, its limit is 512 MiB']],
    [0, ['bounds the memory of no controller was measured']],
    [Number.NaN, ['bounds the memory of no controller was measured']],
  ])('%i bytes', (bytes, messages) => {
    const said = found((report) => {
      inspectMemory(bytes, report);
    });
    expect(said).toEqual(messages);
  });

  test.each([
    ['alone', 4, 'no answer (ECONNREFUSED)', 0],
    ['replicas', 1, 'the lease is lost: the-other holds it now', 0],
    ['alone', 1, 'TypeError: undefined is not a function', 1],
    ['replicas', 1, 'TypeError: undefined is not a function', 1],
    ['alone', null, '', 1],
    ['alone', 0, '', 1],
  ] as const)('a controller (%s) ends with %s: %s', (arrangement, code, said, violations) => {
    expect(
      found((report) => {
        inspectEnds([{ arrangement, code, said }], report);
      }),
    ).toHaveLength(violations);
  });
});

describe('the audit log', () => {
  const line = (auditID: string, verb: string, resource: string, subresource?: string): string =>
    JSON.stringify({
      kind: 'Event',
      auditID,
      verb,
      requestURI: '/apis',
      objectRef: { resource, ...(subresource !== undefined && { subresource }) },
      responseStatus: { code: 200 },
      stageTimestamp: '2026-03-02T06:00:01Z',
    });

  test('a watch counts once, the lease not at all', () => {
    const text = [line('1', 'watch', 'rollouts'), line('1', 'watch', 'rollouts'), line('2', 'update', 'leases'), ''];
    const { requests, torn } = requestsIn(text.join('\n'), new Set());
    expect(requests).toEqual([{ verb: 'watch', resource: 'rollouts', code: 200, at: start + 1000 }]);
    expect(torn).toBe(0);
  });

  test('a line that a kill has cut takes no other one with it', () => {
    const whole = line('2', 'patch', 'rollouts', 'status');
    const { requests, torn, rest } = requestsIn(
      `${line('1', 'get', 'x').slice(0, 40)}${whole}\n${whole.slice(0, 9)}`,
      new Set(),
    );
    expect(requests.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(['patch rollouts/status']);
    expect({ torn, rest }).toEqual({ torn: 1, rest: whole.slice(0, 9) });
  });
});

test('the same seed draws the same fleet, with something of each kind', () => {
  const options = { seed: 7, rollouts: 200, namespaces: 5, firstMinute: 29_000_000, minutes: 10 };
  const fleet = drawFleet(options);
  expect(drawFleet(options)).toEqual(fleet);
  const has = (what: (one: Application) => boolean): boolean => fleet.some(what);
  for (const check of ['foreign', 'kustomization', 'none']) expect(has((each) => each.check === check)).toBe(true);
  expect(has((each) => each.flagGate) && has((each) => each.manualGate)).toBe(true);
  expect(has((each) => each.denied.size > 0) && has((each) => each.isReal)).toBe(true);
  expect(has((each) => each.kustomization !== each.name)).toBe(true);
});
