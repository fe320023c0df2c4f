/** `crds` holds the CustomResourceDefinitions of the Flux kinds that the sandbox serves; this file is how they are put together. */

import type { PrinterColumn, ValidationRule } from '../../api/define-resource.ts';
import { DURATION_PATTERN } from '../../api/duration.ts';
import type { KubeObject } from '../../api/meta.ts';

/** A node of a structural schema. */
export interface Schema {
  readonly type?: string;
  readonly [keyword: string]: unknown;
}

export const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
export const flag = (description: string, more: Schema = {}): Schema => ({ type: 'boolean', description, ...more });
export const integer = (description: string): Schema => ({ type: 'integer', format: 'int64', description });
export const duration = (description: string, more: Schema = {}): Schema =>
  text(description, { pattern: DURATION_PATTERN, ...more });
export const choice = (description: string, values: readonly string[], more: Schema = {}): Schema =>
  text(description, { enum: values, ...more });
export const list = (description: string, items: Schema, more: Schema = {}): Schema => ({
  type: 'array',
  description,
  items,
  ...more,
});
export const map = (description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
});
/** What the sandbox keeps as it is and does not look into. */
export const anything = (description: string): Schema => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
});

export function object(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  more: {
    readonly required?: readonly string[];
    readonly rules?: readonly ValidationRule[];
    readonly default?: unknown;
  } = {},
): Schema {
  const { rules, ...rest } = more;
  return {
    type: 'object',
    description,
    properties,
    ...rest,
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
  };
}

export const reference = (description: string): Schema =>
  object(description, { name: text('Name of the object.') }, { required: ['name'] });

export const namespacedReference = (description: string): Schema =>
  object(
    description,
    { name: text('Name of the object.'), namespace: text('Its namespace. Default: that of the object itself.') },
    { required: ['name'] },
  );

const condition = object(
  'One observation about the state of the object.',
  {
    type: text('What it is about.', { maxLength: 316 }),
    status: choice('Whether it holds.', ['True', 'False', 'Unknown']),
    observedGeneration: { ...integer('The generation it was set upon.'), minimum: 0 },
    lastTransitionTime: text('When it last changed.', { format: 'date-time' }),
    reason: text('Machine-readable reason.', { minLength: 1, maxLength: 1024 }),
    message: text('For people.', { maxLength: 32768 }),
  },
  { required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'] },
);

/** Every status of Flux; -1 says that no generation was ever reconciled. */
export function status(properties: Readonly<Record<string, Schema>>): Schema {
  const common = {
    conditions: list('What is going on.', condition),
    observedGeneration: integer('The last generation that was reconciled.'),
    lastHandledReconcileAt: text('The last value of the annotation reconcile.fluxcd.io/requestedAt that was handled.'),
  };
  return object('What was observed last.', { ...common, ...properties }, { default: { observedGeneration: -1 } });
}

interface VersionOptions {
  readonly name: string;
  readonly spec: Schema;
  readonly status: Schema;
}

export interface DefinitionOptions {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly columns: readonly PrinterColumn[];
  /** Newest first; the first is stored, all are served and differ in nothing but the name. */
  readonly versions: readonly VersionOptions[];
}

export const readyColumns: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

export function definition({ group, kind, plural, shortNames, columns, versions }: DefinitionOptions): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames },
      versions: versions.map((version, index) => ({
        name: version.name,
        served: true,
        storage: index === 0,
        subresources: { status: {} },
        additionalPrinterColumns: columns,
        schema: {
          openAPIV3Schema: object(`${kind} of Flux, as far as the sandbox stands in for it.`, {
            apiVersion: text('Version of the schema.'),
            kind: text('Kind of the object.'),
            metadata: { type: 'object' },
            spec: version.spec,
            status: version.status,
          }),
        },
      })),
    },
  };
}
