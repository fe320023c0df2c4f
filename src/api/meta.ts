/**
 * What every Kubernetes object shares: metadata, conditions, selectors, references. Schemas here are the parts that
 * the resources beside this file are made of.
 */
import Type, { type Static } from 'typebox';

const stringMap = Type.Record(Type.String(), Type.String());

/** `metadata.managedFields[]`; present only on objects read live, the informer store drops it. */
export const ManagedFieldsEntry = Type.Object({
  manager: Type.Optional(Type.String()),
  operation: Type.Optional(Type.String()),
  apiVersion: Type.Optional(Type.String()),
  time: Type.Optional(Type.String()),
  fieldsType: Type.Optional(Type.String()),
  fieldsV1: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  subresource: Type.Optional(Type.String()),
});
export type ManagedFieldsEntry = Static<typeof ManagedFieldsEntry>;

export const OwnerReference = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  uid: Type.String(),
  controller: Type.Optional(Type.Boolean()),
  blockOwnerDeletion: Type.Optional(Type.Boolean()),
});
export type OwnerReference = Static<typeof OwnerReference>;

export const ObjectMeta = Type.Object({
  name: Type.String(),
  namespace: Type.Optional(Type.String()),
  generateName: Type.Optional(Type.String()),
  uid: Type.Optional(Type.String()),
  resourceVersion: Type.Optional(Type.String()),
  generation: Type.Optional(Type.Integer()),
  creationTimestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  deletionTimestamp: Type.Optional(Type.String()),
  labels: Type.Optional(stringMap),
  annotations: Type.Optional(stringMap),
  finalizers: Type.Optional(Type.Array(Type.String())),
  ownerReferences: Type.Optional(Type.Array(OwnerReference)),
  managedFields: Type.Optional(Type.Array(ManagedFieldsEntry)),
});
export type ObjectMeta = Static<typeof ObjectMeta>;

/** Any Kubernetes object: identity is known, the rest is whatever its kind says. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** `namespace` is empty for cluster-scoped objects. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

export function keyText(key: ObjectKey): string {
  return key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
}

export function keyOf(object: { readonly metadata: ObjectMeta }): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** metav1.Condition. */
export const Condition = Type.Object(
  {
    type: Type.String({
      description: 'What the condition is about, in CamelCase.',
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    }),
    status: Type.Enum(['True', 'False', 'Unknown'], { description: 'Whether the condition holds.' }),
    observedGeneration: Type.Optional(
      Type.Integer({
        description: 'The metadata.generation that the condition was set upon.',
        format: 'int64',
        minimum: 0,
      }),
    ),
    lastTransitionTime: Type.String({ description: 'When `status` last changed.', format: 'date-time' }),
    reason: Type.String({
      description: 'Machine-readable reason of the last transition, in CamelCase.',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: Type.String({ description: 'What a person should know about it.', maxLength: 32768 }),
  },
  { description: 'One observation about the state of the object.' },
);
export type Condition = Static<typeof Condition>;

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const LabelValue = (description?: string) =>
  Type.String({
    ...(description !== undefined && { description }),
    maxLength: 63,
    pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$',
  });

export const LabelSelectorRequirement = Type.Object(
  {
    key: Type.String({ description: 'The label key, with its prefix if it has one.', minLength: 1, maxLength: 317 }),
    operator: Type.String({ description: 'One of `In`, `NotIn`, `Exists`, `DoesNotExist`.', maxLength: 16 }),
    values: Type.Optional(
      Type.Array(LabelValue(), {
        description: 'The values for `In` and `NotIn`; not for the others.',
        'x-kubernetes-list-type': 'atomic',
        maxItems: 256,
      }),
    ),
  },
  {
    description: 'One requirement on one label.',
    'x-kubernetes-validations': [
      {
        rule: "self.operator in ['In', 'NotIn', 'Exists', 'DoesNotExist']",
        message: 'operator must be In, NotIn, Exists or DoesNotExist',
        fieldPath: '.operator',
      },
      {
        rule: "!(self.operator in ['In', 'NotIn']) || (has(self.values) && self.values.size() > 0)",
        message: 'In and NotIn need at least one value',
      },
      {
        rule: "!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || self.values.size() == 0",
        message: 'Exists and DoesNotExist take no values',
      },
    ],
  },
);

/** metav1.LabelSelector: both parts are ANDed; an empty one matches everything. */
export const LabelSelector = Type.Object(
  {
    matchLabels: Type.Optional(
      Type.Record(Type.String(), LabelValue(), {
        description: 'Labels that must all be there with these values.',
        maxProperties: 64,
      }),
    ),
    matchExpressions: Type.Optional(
      Type.Array(LabelSelectorRequirement, {
        description: 'Requirements that must all hold.',
        'x-kubernetes-list-type': 'atomic',
        maxItems: 64,
      }),
    ),
  },
  { description: 'Selects objects by their labels; `{}` selects every one.', 'x-kubernetes-map-type': 'atomic' },
);
export type LabelSelector = Static<typeof LabelSelector>;

/** The conditions of a status, one of each type. */
export const Conditions = (description: string) =>
  Type.Array(Condition, { description, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] });

/** A label selector that says what it selects. */
export const SelectorOf = (description: string) =>
  Type.Object(LabelSelector.properties, { description, 'x-kubernetes-map-type': 'atomic' });

/** The namespaces that something of the whole cluster is for. */
export const NamespaceSelector = SelectorOf(
  'The namespaces whose Rollouts are meant, by their labels. Absent or `{}`: every namespace.',
);

/** A reference to an object of a known kind in the same namespace. */
export const ReferenceTo = (description: string) =>
  Type.Object(
    { name: Type.Optional(Type.String({ default: '', description: 'Name of the object.' })) },
    { description, 'x-kubernetes-map-type': 'atomic' },
  );
