/** Flux `OCIRepository` (source.toolkit.fluxcd.io/v1): a source whose tag is a version. */
import Type from 'typebox';
import { FluxCondition, foreignType } from './foreign.ts';
import { managersBelow } from './managers.ts';

/** Where the reference stands; the last segment is `tag`. */
export const REFERENCE_PATH = ['spec', 'ref'] as const;

const base = foreignType({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'OCIRepository',
  plural: 'ocirepositories',
  spec: Type.Object({
    url: Type.Optional(Type.String()),
    suspend: Type.Optional(Type.Boolean()),
    ref: Type.Optional(
      Type.Object({
        tag: Type.Optional(Type.String()),
        semver: Type.Optional(Type.String()),
        digest: Type.Optional(Type.String()),
      }),
    ),
  }),
  status: Type.Object({
    observedGeneration: Type.Optional(Type.Integer()),
    conditions: Type.Optional(Type.Array(FluxCondition)),
    artifact: Type.Optional(
      Type.Object({
        /** `<tag>@<digest>`. */
        revision: Type.Optional(Type.String()),
        digest: Type.Optional(Type.String()),
        lastUpdateTime: Type.Optional(Type.String()),
      }),
    ),
  }),
});

export const OCIRepository = {
  ...base,
  /** Also derives `managers`: who owns each field of the reference. */
  parse: (object: unknown): OCIRepository => {
    const parsed = base.parse(object);
    const { managedFields } = parsed.metadata;
    return managedFields === undefined ? parsed : { ...parsed, managers: managersBelow(managedFields, REFERENCE_PATH) };
  },
};
export type OCIRepository = ReturnType<typeof base.parse>;
