/**
 * `flux` stands in for the Flux controllers in the sandbox: image reflection, OCI sources and kustomize builds, with
 * Flux's conditions, reasons and timing. On a cluster Flux is Flux; nothing of this room runs there.
 */
import Type, { type Static } from 'typebox';
import { Condition } from '../../api/meta.ts';
import { defineType } from '../define-type.ts';

const text = Type.Optional(Type.String());
const flag = Type.Optional(Type.Boolean());
const stringMap = Type.Optional(Type.Record(Type.String(), Type.String()));
const reference = Type.Object({ name: Type.String(), namespace: text });

/** Fields that every status of Flux has. */
const common = {
  conditions: Type.Optional(Type.Array(Condition)),
  observedGeneration: Type.Optional(Type.Integer()),
  lastHandledReconcileAt: text,
};

/** https://fluxcd.io/flux/components/image/imagerepositories/ */
export const ImageRepository = defineType(
  'image.toolkit.fluxcd.io/v1',
  'ImageRepository',
  'imagerepositories',
  Type.Object({
    image: Type.String(),
    interval: text,
    timeout: text,
    suspend: flag,
    insecure: flag,
    exclusionList: Type.Optional(Type.Array(Type.String())),
  }),
  Type.Object({
    ...common,
    canonicalImageName: text,
    observedExclusionList: Type.Optional(Type.Array(Type.String())),
    lastScanResult: Type.Optional(
      Type.Object({
        revision: text,
        tagCount: Type.Integer(),
        scanTime: text,
        latestTags: Type.Optional(Type.Array(Type.String())),
      }),
    ),
  }),
);
export type ImageRepository = ReturnType<typeof ImageRepository.parse>;

const ImageRef = Type.Object({ name: Type.String(), tag: Type.String(), digest: text });
export type ImageRef = Static<typeof ImageRef>;

/** https://fluxcd.io/flux/components/image/imagepolicies/ */
export const ImagePolicy = defineType(
  'image.toolkit.fluxcd.io/v1',
  'ImagePolicy',
  'imagepolicies',
  Type.Object({
    imageRepositoryRef: reference,
    policy: Type.Object({
      semver: Type.Optional(
        Type.Object({
          range: Type.String(),
          /** Not Flux's; the seeds have it. */
          prereleases: Type.Optional(Type.Object({ enabled: flag, allow: Type.Optional(Type.Array(Type.String())) })),
        }),
      ),
      numerical: Type.Optional(Type.Object({ order: Type.Optional(Type.Enum(['asc', 'desc'])) })),
      alphabetical: Type.Optional(Type.Object({ order: Type.Optional(Type.Enum(['asc', 'desc'])) })),
    }),
    filterTags: Type.Optional(Type.Object({ pattern: text, extract: text })),
    digestReflectionPolicy: Type.Optional(Type.Enum(['Always', 'IfNotPresent', 'Never'])),
    interval: text,
    suspend: flag,
  }),
  Type.Object({
    ...common,
    latestRef: Type.Optional(ImageRef),
    observedPreviousRef: Type.Optional(ImageRef),
  }),
);
export type ImagePolicy = ReturnType<typeof ImagePolicy.parse>;

const Artifact = Type.Object({
  revision: Type.String(),
  digest: text,
  url: Type.String(),
  path: text,
  lastUpdateTime: Type.String(),
  size: Type.Optional(Type.Integer()),
  metadata: stringMap,
});
export type Artifact = Static<typeof Artifact>;

/** https://fluxcd.io/flux/components/source/ocirepositories/ */
export const OCIRepository = defineType(
  'source.toolkit.fluxcd.io/v1',
  'OCIRepository',
  'ocirepositories',
  Type.Object({
    url: Type.String(),
    interval: Type.String(),
    timeout: text,
    suspend: flag,
    insecure: flag,
    ref: Type.Optional(Type.Object({ tag: text, semver: text, semverFilter: text, digest: text })),
  }),
  Type.Object({ ...common, artifact: Type.Optional(Artifact), url: text }),
);
export type OCIRepository = ReturnType<typeof OCIRepository.parse>;

/** https://fluxcd.io/flux/components/kustomize/kustomizations/ */
export const Kustomization = defineType(
  'kustomize.toolkit.fluxcd.io/v1',
  'Kustomization',
  'kustomizations',
  Type.Object({
    interval: Type.String(),
    retryInterval: text,
    timeout: text,
    path: text,
    prune: Type.Boolean(),
    suspend: flag,
    wait: flag,
    targetNamespace: text,
    namePrefix: text,
    nameSuffix: text,
    sourceRef: Type.Object({ apiVersion: text, kind: Type.String(), name: Type.String(), namespace: text }),
    dependsOn: Type.Optional(Type.Array(reference)),
    healthChecks: Type.Optional(
      Type.Array(Type.Object({ apiVersion: text, kind: Type.String(), name: Type.String(), namespace: text })),
    ),
    images: Type.Optional(Type.Array(Type.Object({ name: Type.String(), newName: text, newTag: text, digest: text }))),
    commonMetadata: Type.Optional(Type.Object({ labels: stringMap, annotations: stringMap })),
    postBuild: Type.Optional(
      Type.Object({
        substitute: stringMap,
        substituteFrom: Type.Optional(
          Type.Array(Type.Object({ kind: Type.Enum(['ConfigMap', 'Secret']), name: Type.String(), optional: flag })),
        ),
      }),
    ),
    patches: Type.Optional(Type.Array(Type.Unknown())),
    components: Type.Optional(Type.Array(Type.Unknown())),
  }),
  Type.Object({
    ...common,
    lastAppliedRevision: text,
    lastAppliedOriginRevision: text,
    lastAttemptedRevision: text,
    inventory: Type.Optional(
      Type.Object({ entries: Type.Array(Type.Object({ id: Type.String(), v: Type.String() })) }),
    ),
  }),
);
export type Kustomization = ReturnType<typeof Kustomization.parse>;
