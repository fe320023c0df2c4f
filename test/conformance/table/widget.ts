/** The custom resource of the table. */

const widgetSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'What a widget is like.',
      required: ['size'],
      'x-kubernetes-validations': [{ rule: 'self.size <= self.limit', message: 'size must not exceed limit' }],
      properties: {
        size: { type: 'integer', minimum: 1 },
        limit: { type: 'integer', default: 10 },
        color: { type: 'string', enum: ['red', 'blue'] },
        frozen: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'frozen' }] },
        replicas: { type: 'integer' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, value: { type: 'string' } },
          },
        },
        tags: {
          type: 'array',
          'x-kubernetes-list-type': 'set',
          items: { type: 'string' },
          'x-kubernetes-validations': [{ rule: 'self.size() < 3', message: 'too many' }],
        },
        odd: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self % 2 == 1', message: 'must be odd' }] },
        loud: { type: 'boolean', 'x-kubernetes-validations': [{ rule: 'self', message: 'must be loud' }] },
        ratio: { type: 'number', 'x-kubernetes-validations': [{ rule: 'self < 1.0', message: 'must be a part' }] },
        again: { type: 'string', 'x-kubernetes-validations': [{ rule: 'false', reason: 'FieldValueDuplicate' }] },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' }, replicas: { type: 'integer' } } },
  },
};

export const version = (name: string, storage: boolean): object => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: widgetSchema },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
  additionalPrinterColumns: [
    { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});

/** The definition that the table's custom resources are of. */
export const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.table.example.com' },
  spec: {
    group: 'table.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
    versions: [version('v1', true), version('v1beta2', false)],
  },
};

export const widget = (name: string, spec: object, rest: object = {}): object => ({
  apiVersion: 'table.example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
  ...rest,
});
