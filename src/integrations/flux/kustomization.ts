/** Flux `Kustomization` (kustomize.toolkit.fluxcd.io/v1): the fields that carry, apply and report a version. */
import Type from 'typebox';
import { FluxCondition, foreignType } from './foreign.ts';
import { managersBelow } from './managers.ts';

/** Where the variables of a Kustomization stand; the last segment is the variable. */
export const SUBSTITUTE_PATH = ['spec', 'postBuild', 'substitute'] as const;

const base = foreignType({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  plural: 'kustomizations',
  spec: Type.Object({
    interval: Type.Optional(Type.String()),
    timeout: Type.Optional(Type.String()),
    suspend: Type.Optional(Type.Boolean()),
    wait: Type.Optional(Type.Boolean()),
    /** The objects are in another cluster. */
    kubeConfig: Type.Optional(Type.Unknown()),
    postBuild: Type.Optional(
      Type.Object({ substitute: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]))) }),
    ),
    sourceRef: Type.Optional(
      Type.Object({
        kind: Type.Optional(Type.String()),
        name: Type.Optional(Type.String()),
        namespace: Type.Optional(Type.String()),
      }),
    ),
  }),
  status: Type.Object({
    observedGeneration: Type.Optional(Type.Integer()),
    conditions: Type.Optional(Type.Array(FluxCondition)),
    lastAppliedRevision: Type.Optional(Type.String()),
    lastAttemptedRevision: Type.Optional(Type.String()),
    inventory: Type.Optional(
      Type.Object({ entries: Type.Array(Type.Object({ id: Type.String(), v: Type.Optional(Type.String()) })) }),
    ),
  }),
});

export const Kustomization = {
  ...base,
  /** Also derives `managers`: who owns each variable. */
  parse: (object: unknown): Kustomization => {
    const parsed = base.parse(object);
    const { managedFields } = parsed.metadata;
    return managedFields === undefined
      ? parsed
      : { ...parsed, managers: managersBelow(managedFields, SUBSTITUTE_PATH) };
  },
};
export type Kustomization = ReturnType<typeof base.parse>;
