/**
 * `flux` reads and writes the Flux objects that Kuberik works through: releases come from image policies, deployments
 * go to OCIRepositories and Kustomizations. This file holds what all of their shapes share.
 */
import Type, { type TSchema } from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { Condition, ObjectMeta } from '../../api/meta.ts';
import { groupOf } from '../../api/resource-type.ts';

/** A condition as Flux writes it; older releases left out fields that are required today. */
export const FluxCondition = Type.Object({
  type: Condition.properties.type,
  status: Type.String(),
  reason: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  observedGeneration: Type.Optional(Type.Integer()),
  lastTransitionTime: Type.Optional(Type.String()),
});
export type FluxCondition = Type.Static<typeof FluxCondition>;

/** Field managers of single fields, by variable name or field; derived from `metadata.managedFields`. */
const Managers = Type.Record(Type.String(), Type.Array(Type.String()));

/** Only the fields that Kuberik uses; whatever else the object carries survives. */
export function foreignType<Spec extends TSchema, Status extends TSchema>(options: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly spec: Spec;
  readonly status: Status;
}) {
  const schema = Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: ObjectMeta,
    spec: options.spec,
    status: Type.Optional(options.status),
    /** Ours, never on the wire: see `Managers`. */
    managers: Type.Optional(Managers),
  });
  return {
    apiVersion: options.apiVersion,
    kind: options.kind,
    plural: options.plural,
    namespaced: true,
    parse: parserFor(options.kind, schema),
  };
}

export function findCondition(
  conditions: readonly FluxCondition[] | undefined,
  type: string,
): FluxCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** `ImagePolicy.image.toolkit.fluxcd.io team/app`: how every message names a Flux object. */
export function describeObject(
  type: { readonly apiVersion: string; readonly kind: string },
  namespace: string,
  name: string,
): string {
  return `${type.kind}.${groupOf(type)} ${namespace}/${name}`;
}
