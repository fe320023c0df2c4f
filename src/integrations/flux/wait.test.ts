import { expect, test } from 'vitest';
import { Kustomization } from './kustomization.ts';
import { fluxWait } from './wait.ts';

type Condition = [type: string, status: string, reason: string];

function kustomization(spec: object, observed: number, ...conditions: Condition[]): Kustomization {
  return Kustomization.parse({
    apiVersion: Kustomization.apiVersion,
    kind: 'Kustomization',
    metadata: { namespace: 'team', name: 'app', generation: 2 },
    spec,
    status: {
      observedGeneration: observed,
      lastAppliedRevision: 'main@sha1:1',
      conditions: conditions.map(([type, status, reason]) => ({
        type,
        status,
        reason,
        message: reason,
        observedGeneration: 2,
        lastTransitionTime: '2026-01-01T12:00:00Z',
      })),
    },
  });
}

const ready: Condition = ['Ready', 'True', 'ReconciliationSucceeded'];
const checking: Condition[] = [
  ['Ready', 'Unknown', 'Progressing'],
  ['Healthy', 'Unknown', 'Progressing'],
];

test.each<[string, object, number, Condition[], object | undefined]>([
  ['nothing to wait for', {}, 2, [ready], undefined],
  [
    'the change is not seen yet',
    {},
    1,
    [ready],
    { suspended: false, blockedUntil: undefined, message: 'ReconciliationSucceeded' },
  ],
  ['suspended', { suspend: true }, 2, [ready], { suspended: true }],
  ['a health check until its timeout', { timeout: '5m' }, 1, checking, { blockedUntil: '2026-01-01T12:05:00Z' }],
  ['a timeout below 30 s counts as 30 s', { timeout: '1s' }, 1, checking, { blockedUntil: '2026-01-01T12:00:30Z' }],
  [
    'without timeout, the interval less 30 s',
    { interval: '10m' },
    1,
    checking,
    { blockedUntil: '2026-01-01T12:09:30Z' },
  ],
  [
    'applying, not checking',
    {},
    1,
    [['Ready', 'Unknown', 'Progressing']],
    { blockedUntil: undefined, since: '2026-01-01T12:00:00Z' },
  ],
])('%s', (_name, spec, observed, conditions, expected) => {
  const wait = fluxWait(kustomization(spec, observed, ...conditions));
  const texts = wait && { ...wait, since: wait.since?.toString(), blockedUntil: wait.blockedUntil?.toString() };
  if (expected === undefined) expect(texts).toBeUndefined();
  else expect(texts).toMatchObject(expected);
});
