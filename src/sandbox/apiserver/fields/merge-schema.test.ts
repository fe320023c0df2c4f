import { describe, expect, it } from 'vitest';
import { extractFields } from './extract.ts';
import { mergeSchemaOf } from './merge-schema.ts';

const crd = mergeSchemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        selector: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: { type: 'string' } } },
        names: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            properties: {
              port: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              name: { type: 'string' },
            },
          },
        },
        plain: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
        size: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
});

describe('extractFields', () => {
  it('follows the markers of a CRD', () => {
    const object = {
      metadata: { labels: { app: 'x' }, finalizers: ['f'], ownerReferences: [{ uid: '1', name: 'o' }] },
      spec: {
        labels: { a: '1' },
        selector: { a: '1' },
        names: ['n'],
        ports: [{ port: 80, name: 'web' }],
        plain: [{ a: '1' }],
        size: '1Gi',
        free: { deep: { er: 1 }, list: [1] },
      },
    };
    expect(extractFields(object, crd).print()).toEqual({
      'f:metadata': {
        'f:finalizers': { 'v:"f"': {} },
        'f:labels': { 'f:app': {} },
        'f:ownerReferences': { 'k:{"uid":"1"}': {} },
      },
      'f:spec': {
        'f:labels': { 'f:a': {} },
        'f:selector': {},
        'f:names': { 'v:"n"': {} },
        'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
        'f:plain': {},
        'f:size': {},
        'f:free': { 'f:deep': { '.': {}, 'f:er': {} }, 'f:list': {} },
      },
    });
  });

  it('knows the built-in kinds, as the documentation shows a Deployment', () => {
    const deployment = mergeSchemaOf(undefined, { group: 'apps', kind: 'Deployment' });
    const object = {
      metadata: { name: 'nginx-deployment', labels: { app: 'nginx' } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'nginx' } },
        template: {
          metadata: { labels: { app: 'nginx' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx:1.14.2', ports: [{ containerPort: 80 }], args: ['x'] }] },
        },
      },
    };
    expect(extractFields(object, deployment).print()).toEqual({
      'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:name': {} },
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"nginx"}': {
                '.': {},
                'f:args': {},
                'f:image': {},
                'f:name': {},
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
              },
            },
          },
        },
      },
    });
  });

  it('owns each key of a ConfigMap', () => {
    const configMap = mergeSchemaOf(undefined, { group: '', kind: 'ConfigMap' });
    expect(extractFields({ data: { a: '1' } }, configMap).print()).toEqual({ 'f:data': { 'f:a': {} } });
  });

  it('deduces what nobody described', () => {
    expect(extractFields({ spec: { a: [1], b: { c: 1 } } }, mergeSchemaOf(undefined)).print()).toEqual({
      'f:spec': { '.': {}, 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} } },
    });
  });
});
