import { expect, test } from 'vitest';
import { Kustomization } from './kustomization.ts';
import { OCIRepository } from './oci-repository.ts';
import { kustomizationWait, sourceWaits } from './wait.ts';

type Condition = [type: string, status: string, generation: number, at: string, message?: string];

const checking = 'Running health checks for revision v1@sha256:1 with a timeout of 30s';
const subject = 'Kustomization.kustomize.toolkit.fluxcd.io team/app';

/** Generation 2; conditions and times as kustomize-controller writes them. */
function kustomization(spec: object, observed: number, conditions: readonly Condition[], attempted = 'v1@sha256:1') {
  return Kustomization.parse({
    apiVersion: Kustomization.apiVersion,
    kind: 'Kustomization',
    metadata: { namespace: 'team', name: 'app', generation: 2 },
    spec: { sourceRef: { kind: 'OCIRepository', name: 'app' }, ...spec },
    status: {
      observedGeneration: observed,
      lastAttemptedRevision: attempted,
      conditions: conditions.map(([type, status, observedGeneration, time, message = '']) => ({
        type,
        status,
        reason: status === 'True' && type === 'Ready' ? 'ReconciliationSucceeded' : 'Progressing',
        message,
        observedGeneration,
        lastTransitionTime: `2026-01-01T${time}Z`,
      })),
    },
  });
}

const checkOf = (generation: number): Condition[] => [
  ['Reconciling', 'True', generation, '12:00:00', checking],
  ['Ready', 'Unknown', generation, '11:59:59', 'Reconciliation in progress'],
  ['Healthy', 'Unknown', generation, '12:00:00', checking],
];
const ready = (generation: number): Condition[] => [['Ready', 'True', generation, '11:00:00']];

test.each<[string, Kustomization, string | undefined]>([
  ['nothing to wait for', kustomization({}, 2, ready(2)), undefined],
  ['a change that Flux is about to see', kustomization({}, 1, ready(1)), undefined],
  ['its own health check', kustomization({}, 1, checkOf(2)), undefined],
  ['the check of the change before, until its timeout', kustomization({ timeout: '5m' }, 1, checkOf(1)), '12:05:00'],
  ['a timeout below 30 s counts as 30 s', kustomization({ timeout: '1s' }, 1, checkOf(1)), '12:00:30'],
  ['without timeout, the interval less 30 s', kustomization({ interval: '10m' }, 1, checkOf(1)), '12:09:30'],
  [
    'a check that was given up is no check',
    kustomization({}, 1, [
      ['Reconciling', 'True', 1, '12:00:10', 'Building manifests for revision v1@sha256:1 with a timeout of 30s'],
      ['Ready', 'Unknown', 1, '12:00:10'],
      ['Healthy', 'Unknown', 1, '12:00:00', checking],
    ]),
    undefined,
  ],
  [
    'a check that goes on where another one was given up counts from its own beginning',
    kustomization({ timeout: '30s' }, 1, [
      ['Reconciling', 'True', 1, '12:00:20', checking],
      ['Ready', 'Unknown', 1, '12:00:20'],
      ['Healthy', 'Unknown', 1, '12:00:00', checking],
    ]),
    '12:00:50',
  ],
])('a version in a variable: %s', (_name, object, until) => {
  const wait = kustomizationWait(object);
  expect(wait?.until?.toString()).toBe(until === undefined ? undefined : `2026-01-01T${until}Z`);
  if (until === undefined) return;
  expect(wait?.message).toBe(
    `${subject}: Flux still runs the health check of an earlier change, until 2026-01-01T${until}Z at the latest`,
  );
  expect(wait?.remedy).toContain('CancelHealthCheckOnNewRevision');
});

test('a suspended Kustomization waits for somebody to resume it, unless it has the version', () => {
  const message = `${subject} is suspended: Flux leaves it as it is`;
  const remedy = 'resume it: flux resume kustomization app';
  expect(kustomizationWait(kustomization({ suspend: true }, 1, ready(1)))).toEqual({ message, remedy });
  // What Flux writes of a generation that it only looked at.
  expect(kustomizationWait(kustomization({ suspend: true }, 2, ready(1)))).toEqual({ message, remedy });
  expect(kustomizationWait(kustomization({ suspend: true }, 2, ready(2)))).toBeUndefined();
});

function source(tag: string, revision: string, spec: object = {}): OCIRepository {
  return OCIRepository.parse({
    apiVersion: OCIRepository.apiVersion,
    kind: 'OCIRepository',
    metadata: { namespace: 'team', name: 'app' },
    spec: { ref: { tag }, ...spec },
    status: { artifact: { revision } },
  });
}

const v2 = 'v2@sha256:2';
const source2 = source('v2', v2);
const stopped = source('v2', 'v1@sha256:1', { suspend: true });

test.each<[string, OCIRepository, Kustomization, readonly string[]]>([
  ['nothing to wait for', source2, kustomization({}, 2, ready(2), v2), []],
  ['not fetched yet', source('v2', 'v1@sha256:1'), kustomization({}, 2, ready(2)), []],
  ['the check of the version itself', source2, kustomization({}, 2, checkOf(2), v2), []],
  ['the check of the version before', source2, kustomization({ timeout: '5m' }, 2, checkOf(2)), ['12:05:00']],
  ['fetched for a suspended Kustomization', source2, kustomization({ suspend: true }, 2, ready(2)), ['resume']],
  ['not fetched by a suspended source', stopped, kustomization({}, 2, ready(2)), ['flux resume source oci app']],
  [
    'a Kustomization of another source',
    source2,
    kustomization({ sourceRef: { kind: 'OCIRepository', name: 'b' } }, 2, checkOf(2)),
    [],
  ],
])('a version in the tag of a source: %s', (_name, from, object, told) => {
  const waits = sourceWaits(from, [object]);
  expect(waits).toHaveLength(told.length);
  for (const [index, text] of told.entries()) expect(JSON.stringify(waits[index])).toContain(text);
});
