/** Flux `ImageRepository` (image.toolkit.fluxcd.io): an image, how to reach its registry, and the last scan of it. */
import Type from 'typebox';
import { LabelSelector } from '../../api/meta.ts';
import { FluxCondition, foreignType } from './foreign.ts';
import type { ImageApiVersion } from './image-policy.ts';

const reference = Type.Optional(Type.Object({ name: Type.String() }));

const ImageRepositorySpec = Type.Object({
  image: Type.String(),
  secretRef: reference,
  certSecretRef: reference,
  proxySecretRef: reference,
  insecure: Type.Optional(Type.Boolean()),
  provider: Type.Optional(Type.String()),
  /** Regular expressions of tags that Flux leaves out. Default: signatures. */
  exclusionList: Type.Optional(Type.Array(Type.String())),
  accessFrom: Type.Optional(
    Type.Object({
      namespaceSelectors: Type.Optional(Type.Array(Type.Object({ matchLabels: LabelSelector.properties.matchLabels }))),
    }),
  ),
});

const ImageRepositoryStatus = Type.Object({
  conditions: Type.Optional(Type.Array(FluxCondition)),
  lastScanResult: Type.Optional(
    Type.Object({
      revision: Type.Optional(Type.String()),
      scanTime: Type.Optional(Type.String()),
      tagCount: Type.Optional(Type.Integer()),
    }),
  ),
});

const typeFor = (version: ImageApiVersion) =>
  foreignType({
    apiVersion: `image.toolkit.fluxcd.io/${version}`,
    kind: 'ImageRepository',
    plural: 'imagerepositories',
    spec: ImageRepositorySpec,
    status: ImageRepositoryStatus,
  });

const types = { v1: typeFor('v1'), v1beta2: typeFor('v1beta2') } as const;

export const ImageRepository = types.v1;
export type ImageRepository = ReturnType<typeof ImageRepository.parse>;

/** The type to use with a cluster that serves this version; `v1` when it serves both. */
export function imageRepositoryType(served: ImageApiVersion): typeof ImageRepository {
  return types[served];
}
