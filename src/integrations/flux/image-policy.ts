/** Flux `ImagePolicy` (image.toolkit.fluxcd.io): which tags are releases, in which order, and the newest of them. */
import Type from 'typebox';
import { FluxCondition, foreignType } from './foreign.ts';

export const ImagePolicySpec = Type.Object({
  imageRepositoryRef: Type.Object({ name: Type.String(), namespace: Type.Optional(Type.String()) }),
  policy: Type.Object({
    semver: Type.Optional(
      Type.Object({
        range: Type.String(),
        /** Not Flux's: opens the range to prereleases, of the identifiers in `allow` if there are any. */
        prereleases: Type.Optional(
          Type.Object({
            enabled: Type.Optional(Type.Boolean()),
            allow: Type.Optional(Type.Array(Type.String())),
          }),
        ),
      }),
    ),
    alphabetical: Type.Optional(Type.Object({ order: Type.Optional(Type.String()) })),
    numerical: Type.Optional(Type.Object({ order: Type.Optional(Type.String()) })),
  }),
  filterTags: Type.Optional(
    Type.Object({ pattern: Type.Optional(Type.String()), extract: Type.Optional(Type.String()) }),
  ),
});
export type ImagePolicySpec = Type.Static<typeof ImagePolicySpec>;

/** Image kinds have been served in both versions, with the same fields as far as Kuberik reads them. */
export type ImageApiVersion = 'v1' | 'v1beta2';

const ImagePolicyStatus = Type.Object({
  observedGeneration: Type.Optional(Type.Integer()),
  conditions: Type.Optional(Type.Array(FluxCondition)),
  latestRef: Type.Optional(
    Type.Object({
      name: Type.Optional(Type.String()),
      tag: Type.Optional(Type.String()),
      digest: Type.Optional(Type.String()),
    }),
  ),
  /** `name:tag`, of `v1beta2` objects that were never written again. */
  latestImage: Type.Optional(Type.String()),
});

const typeFor = (version: ImageApiVersion) =>
  foreignType({
    apiVersion: `image.toolkit.fluxcd.io/${version}`,
    kind: 'ImagePolicy',
    plural: 'imagepolicies',
    spec: ImagePolicySpec,
    status: ImagePolicyStatus,
  });

const types = { v1: typeFor('v1'), v1beta2: typeFor('v1beta2') } as const;

export const ImagePolicy = types.v1;
export type ImagePolicy = ReturnType<typeof ImagePolicy.parse>;

/** The type to use with a cluster that serves this version; `v1` when it serves both. */
export function imagePolicyType(served: ImageApiVersion): typeof ImagePolicy {
  return types[served];
}
