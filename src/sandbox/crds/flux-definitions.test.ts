import { describe, expect, test } from 'vitest';
import { compileSchema } from '../apiserver/schema/structural.ts';
import { structuralViolations } from '../apiserver/schema/structural-rules.ts';
import { fluxDefinitions } from './flux-definitions.ts';

interface Version {
  readonly name: string;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: unknown };
}
interface Spec {
  readonly names: { readonly kind: string };
  readonly versions: readonly Version[];
}
type Body = Parameters<ReturnType<typeof compileSchema>['validate']>[0];

const versionsOf = (kind: string) => {
  const found = fluxDefinitions.map(({ spec }) => spec as Spec).find(({ names }) => names.kind === kind);
  return found?.versions ?? [];
};

/** What the API server would store, and what it would refuse. */
const admit = (kind: string, spec: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  const schema = compileSchema(versionsOf(kind)[0]!.schema.openAPIV3Schema);
  const object = structuredClone({ apiVersion: 'x/v1', kind, metadata: { name: 'a' }, spec, ...more }) as Body;
  schema.prune(object);
  schema.applyDefaults(object);
  return { object, errors: schema.validate(object) };
};

test('every version has a structural schema; the newest is stored, the older one served', () => {
  for (const { spec } of fluxDefinitions) {
    for (const { schema, name, storage } of (spec as Spec).versions) {
      expect(structuralViolations(schema.openAPIV3Schema)).toEqual([]);
      expect(storage).toBe(name === 'v1');
    }
  }
  expect(versionsOf('ImagePolicy').map(({ name }) => name)).toEqual(['v1', 'v1beta2']);
});

describe('what is admitted', () => {
  test.each([
    ['ImageRepository', { image: 'ghcr.io/me/app', interval: '1m0s', secretRef: { name: 's' } }],
    [
      'ImagePolicy',
      {
        imageRepositoryRef: { name: 'app' },
        policy: { semver: { range: '>=1.0.0', prereleases: { enabled: true, allow: ['rc'] } } },
        digestReflectionPolicy: 'IfNotPresent',
      },
    ],
    [
      'ImagePolicy',
      { imageRepositoryRef: { name: 'app' }, policy: { numerical: { order: 'asc' } }, filterTags: { pattern: 'x' } },
    ],
    ['OCIRepository', { url: 'oci://ghcr.io/me/app', interval: '10m', ref: { tag: '1.0.0' }, insecure: true }],
    [
      'Kustomization',
      {
        interval: '10m',
        prune: true,
        sourceRef: { kind: 'OCIRepository', name: 'app' },
        postBuild: { substitute: { VERSION: '1.0.0' } },
        healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', namespace: 'b' }],
      },
    ],
  ])('%s', (kind, spec) => {
    const { object, errors } = admit(kind, spec);
    expect(errors).toEqual([]);
    expect(object.spec).toMatchObject(spec);
  });

  test('defaults are filled in', () => {
    const { object } = admit(
      'ImagePolicy',
      { imageRepositoryRef: { name: 'a' }, policy: { alphabetical: {} } },
      { status: {} },
    );
    expect(object.spec).toMatchObject({ digestReflectionPolicy: 'Never', policy: { alphabetical: { order: 'asc' } } });
    const repository = admit('ImageRepository', { image: 'a/b', interval: '1m' }).object;
    expect(repository).toMatchObject({ spec: { exclusionList: ['^.*\\.sig$'] }, status: { observedGeneration: -1 } });
  });
});

describe('what is refused', () => {
  const policy = { imageRepositoryRef: { name: 'a' }, policy: { semver: { range: '*' } } };
  const source = { url: 'oci://a/b', interval: '1m' };
  const kustomization = { interval: '1m', prune: true, sourceRef: { kind: 'OCIRepository', name: 'a' } };
  test.each([
    ['an ImageRepository without an image', 'ImageRepository', { interval: '1m' }],
    ['an interval that is none', 'ImageRepository', { image: 'a/b', interval: 'soon' }],
    ['a digest policy that is none', 'ImagePolicy', { ...policy, digestReflectionPolicy: 'Sometimes' }],
    ['Always without an interval', 'ImagePolicy', { ...policy, digestReflectionPolicy: 'Always' }],
    ['an interval without Always', 'ImagePolicy', { ...policy, interval: '1m' }],
    ['a URL of another scheme', 'OCIRepository', { ...source, url: 'https://a/b' }],
    ['an apply of the tag alone to an absent OCIRepository', 'OCIRepository', { ref: { tag: '1' } }],
    ['a source of no kind of Flux', 'Kustomization', { ...kustomization, sourceRef: { kind: 'Pod', name: 'a' } }],
    [
      'an apply of variables alone to an absent Kustomization',
      'Kustomization',
      { postBuild: { substitute: { A: '1' } } },
    ],
  ])('%s', (_, kind, spec) => {
    expect(admit(kind, spec).errors).not.toEqual([]);
  });
});
