import { describe, expect, it } from 'vitest';
import { kustomizationProgress, sourceProgress } from './failure.ts';
import { Kustomization } from './kustomization.ts';
import { OCIRepository } from './oci-repository.ts';

const time = '2026-01-05T12:00:00Z';
const deployedAt = Temporal.Instant.from('2026-01-05T11:59:30Z');
const revision = 'v2@sha256:2';

function kustomization(
  ready: { status: string; reason?: string; message?: string; generation?: number } | undefined,
  status: object = {},
  spec: object = {},
): Kustomization {
  const { generation: observedGeneration = 2, ...rest } = ready ?? {};
  const conditions = ready && [{ type: 'Ready', lastTransitionTime: time, observedGeneration, ...rest }];
  return Kustomization.parse({
    apiVersion: Kustomization.apiVersion,
    kind: 'Kustomization',
    metadata: { name: 'app', namespace: 'apps', generation: 2 },
    spec,
    status: { observedGeneration: 1, ...(conditions && { conditions }), ...status },
  });
}
const named = 'Kustomization.kustomize.toolkit.fluxcd.io apps/app: ';
const build = { status: 'False', reason: 'BuildFailed', message: 'no such file' };
const failed = { message: `${named}BuildFailed: no such file`, since: Temporal.Instant.from(time) };
const applying = 'generation 2';

describe('how far Flux is with a Kustomization', () => {
  it.each([
    ['it does not build', kustomization(build), { failure: failed, applying }],
    [
      'it cannot be applied',
      kustomization({ ...build, reason: 'ReconciliationFailed' }),
      { failure: { message: `${named}ReconciliationFailed: no such file` }, applying },
    ],
    ['it failed before this generation', kustomization({ ...build, generation: 1 }), { applying }],
    [
      'a check of before this deployment failed',
      kustomization({
        status: 'False',
        reason: 'HealthCheckFailed',
        message: 'health check failed after 1m0s: timeout',
      }),
      { applying },
    ],
    [
      'a check of this deployment failed',
      kustomization({
        status: 'False',
        reason: 'HealthCheckFailed',
        message: 'health check failed after 20s: timeout',
      }),
      { failure: {}, applying },
    ],
    ['it is ended for a newer change', kustomization({ status: 'False', reason: 'HealthCheckCanceled' }), { applying }],
    ['it waits for another one', kustomization({ status: 'False', reason: 'DependencyNotReady' }), { applying }],
    ['it is at it', kustomization({ status: 'Unknown', reason: 'Progressing' }), { applying }],
    ['it has applied it', kustomization({ status: 'True' }, { observedGeneration: 2 }), {}],
    ['it applies it again, and fails', kustomization(build, { observedGeneration: 2 }), { failure: failed, applying }],
    ['nobody looks at it', kustomization(undefined), {}],
    ['it is suspended', kustomization(build, {}, { suspend: true }), {}],
  ])('%s', (_name, object, expected) => {
    const progress = kustomizationProgress(object, deployedAt);
    expect(progress).toMatchObject(expected);
    expect(Object.keys(progress).toSorted()).toEqual(Object.keys(expected).toSorted());
  });
});

describe('how far Flux is with a source', () => {
  const source = (status: object): OCIRepository =>
    OCIRepository.parse({
      apiVersion: OCIRepository.apiVersion,
      kind: 'OCIRepository',
      metadata: { name: 'app', namespace: 'apps', generation: 3 },
      spec: { ref: { tag: 'v2' } },
      status,
    });
  const ready = (status: string, observedGeneration = 3) => [
    { type: 'Ready', status, observedGeneration, message: 'no such tag', lastTransitionTime: time },
  ];
  const fetched = source({ artifact: { revision }, conditions: ready('True') });

  it.each([
    ['nobody looks at it', source({}), [], {}],
    [
      'it has not seen the tag',
      source({ artifact: { revision: 'v1@sha256:1' }, conditions: ready('True', 2) }),
      [],
      { applying: 'generation 3' },
    ],
    [
      'it cannot fetch the tag',
      source({ conditions: ready('False') }),
      [],
      { applying: 'generation 3', failure: { message: 'OCIRepository apps/app: no such tag' } },
    ],
    ['nothing applies it', fetched, [], {}],
    [
      'it is not applied yet',
      fetched,
      [kustomization({ status: 'True' }, { lastAppliedRevision: 'v1@sha256:1' })],
      { applying: revision },
    ],
    [
      'what failed before does not count',
      fetched,
      [kustomization(build, { lastAttemptedRevision: 'v1@sha256:1' })],
      { applying: revision },
    ],
    [
      'it does not build',
      fetched,
      [
        kustomization({ status: 'True' }, { lastAppliedRevision: revision }),
        kustomization(build, { lastAttemptedRevision: revision }),
      ],
      { applying: revision, failure: failed },
    ],
    ['it is applied', fetched, [kustomization({ status: 'True' }, { lastAppliedRevision: revision })], {}],
  ])('%s', (_name, object, kustomizations, expected) => {
    const progress = sourceProgress(object, kustomizations);
    expect(progress).toMatchObject(expected);
    expect(Object.keys(progress).toSorted()).toEqual(Object.keys(expected).toSorted());
  });
});
