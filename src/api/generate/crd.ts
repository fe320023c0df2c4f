/**
 * Generated files are printed from the definitions of `src/api`. This one makes a CustomResourceDefinition out of a
 * definition: TypeBox schemas become structural schemas.
 */
import type { PrinterColumn, ResourceOptions } from '../define-resource.ts';
import type { KubeObject } from '../meta.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

/** apiextensions.k8s.io/v1, as far as we use it. */
export interface CustomResourceDefinition extends KubeObject {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames?: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CustomResourceVersion[];
  };
}

export interface CustomResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly subresources: { readonly status: Readonly<Record<string, never>> };
  readonly additionalPrinterColumns: readonly PrinterColumn[];
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
}

export function crdObject(options: ResourceOptions): CustomResourceDefinition {
  const { group, kind, plural, singular, shortNames, scope, version } = options;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames && { shortNames }) },
      scope,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: options.columns,
          schema: { openAPIV3Schema: rootSchema(options) },
        },
      ],
    },
  };
}

/** The API server fills in and checks `metadata`; a spec without required fields may be left out altogether. */
function rootSchema(options: ResourceOptions): StructuralSchema {
  const spec = structuralSchema(options.spec);
  const specIsRequired = spec.required !== undefined && spec.required.length > 0;
  return {
    description: options.description,
    type: 'object',
    ...(specIsRequired && { required: ['spec'] }),
    properties: {
      apiVersion: { description: `\`${options.group}/${options.version}\`.`, type: 'string' },
      kind: { description: `\`${options.kind}\`.`, type: 'string' },
      metadata: { type: 'object' },
      spec,
      status: structuralSchema(options.status),
    },
  };
}
