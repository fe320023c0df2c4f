import { describe, expect, it } from 'vitest';
import { mergeSchemaOf } from '../fields/merge-schema.ts';
import { PatchError } from './errors.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

const deployment = mergeSchemaOf(undefined, { group: 'apps', kind: 'Deployment' });
const service = mergeSchemaOf(undefined, { group: '', kind: 'Service' });

function pod(spec: unknown): unknown {
  return { spec: { template: { spec } } };
}

const cases: readonly { name: string; document: unknown; patch: unknown; result: unknown }[] = [
  {
    name: 'containers merge by name',
    document: pod({ containers: [{ name: 'nginx', image: 'nginx' }] }),
    patch: pod({ containers: [{ name: 'redis', image: 'redis' }] }),
    result: pod({
      containers: [
        { name: 'redis', image: 'redis' },
        { name: 'nginx', image: 'nginx' },
      ],
    }),
  },
  {
    name: 'a container is patched in place',
    document: pod({ containers: [{ name: 'a', image: 'a:1', args: ['x'] }, { name: 'b' }] }),
    patch: pod({ containers: [{ name: 'a', image: 'a:2', args: ['y', 'z'] }] }),
    result: pod({ containers: [{ name: 'a', image: 'a:2', args: ['y', 'z'] }, { name: 'b' }] }),
  },
  {
    name: '$patch: delete of an item',
    document: pod({ containers: [{ name: 'nginx' }, { name: 'log-tailer' }] }),
    patch: pod({ containers: [{ $patch: 'delete', name: 'log-tailer' }] }),
    result: pod({ containers: [{ name: 'nginx' }] }),
  },
  {
    name: '$patch: replace of a list',
    document: pod({ containers: [{ name: 'nginx' }, { name: 'log-tailer' }] }),
    patch: pod({ containers: [{ $patch: 'replace' }, { name: 'only' }] }),
    result: pod({ containers: [{ name: 'only' }] }),
  },
  {
    name: '$patch: replace of a map',
    document: { metadata: { labels: { a: '1', b: '2' } } },
    patch: { metadata: { labels: { $patch: 'replace', c: '3' } } },
    result: { metadata: { labels: { c: '3' } } },
  },
  {
    name: '$patch: delete of a map',
    document: pod({ securityContext: { runAsUser: 1 } }),
    patch: pod({ securityContext: { $patch: 'delete' } }),
    result: pod({ securityContext: {} }),
  },
  {
    name: '$retainKeys',
    document: { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
    patch: { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    result: { spec: { strategy: { type: 'Recreate' } } },
  },
  {
    name: '$deleteFromPrimitiveList',
    document: { metadata: { finalizers: ['a', 'b', 'c'] } },
    patch: { metadata: { '$deleteFromPrimitiveList/finalizers': ['b'] } },
    result: { metadata: { finalizers: ['a', 'c'] } },
  },
  {
    name: 'finalizers merge',
    document: { metadata: { finalizers: ['a'] } },
    patch: { metadata: { finalizers: ['a', 'b'] } },
    result: { metadata: { finalizers: ['a', 'b'] } },
  },
  {
    name: '$setElementOrder',
    document: pod({ containers: [{ name: 'a' }, { name: 'b' }, { name: 'server' }] }),
    patch: pod({
      '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
      containers: [{ name: 'c' }],
    }),
    result: pod({ containers: [{ name: 'c' }, { name: 'b' }, { name: 'a' }, { name: 'server' }] }),
  },
  {
    name: 'null removes, also what was never there',
    document: { spec: { replicas: 1, paused: true } },
    patch: { spec: { paused: null, minReadySeconds: null } },
    result: { spec: { replicas: 1 } },
  },
  {
    name: 'lists without a key are replaced',
    document: pod({ tolerations: [{ key: 'a' }] }),
    patch: pod({ tolerations: [{ key: 'b' }] }),
    result: pod({ tolerations: [{ key: 'b' }] }),
  },
  {
    name: 'container ports merge by containerPort alone',
    document: pod({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }] }),
    patch: pod({ containers: [{ name: 'a', ports: [{ containerPort: 80, name: 'web' }] }] }),
    result: pod({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }] }),
  },
  {
    name: 'a directive in what is new leaves nothing of it',
    document: { metadata: {} },
    patch: { metadata: { labels: { $patch: 'delete' }, annotations: { a: 'b', c: null } } },
    result: { metadata: { annotations: { a: 'b' } } },
  },
  {
    name: 'what takes the place of a list that is not merged keeps its directives',
    document: pod({ tolerations: [{ key: 'a' }] }),
    patch: pod({ tolerations: [{ $patch: 'replace' }] }),
    result: pod({ tolerations: [{ $patch: 'replace' }] }),
  },
  {
    name: 'directives leave no trace in what is new',
    document: {},
    patch: pod({ containers: [{ name: 'a', env: [{ $patch: 'delete', name: 'x' }], image: null }] }),
    result: pod({ containers: [{ name: 'a', env: [] }] }),
  },
];

describe('applyStrategicMerge', () => {
  it.each(cases)('$name', ({ document, patch, result }) => {
    const before = JSON.stringify([document, patch]);
    expect(applyStrategicMerge(document, patch, deployment)).toEqual(result);
    expect(JSON.stringify([document, patch])).toBe(before);
  });

  it('merges the ports of a service by port', () => {
    const document = { spec: { ports: [{ port: 80, targetPort: 8080 }] } };
    const patch = { spec: { ports: [{ port: 80, targetPort: 9090 }] } };
    expect(applyStrategicMerge(document, patch, service)).toEqual(patch);
  });

  it.each([
    ['no object', []],
    ['an unknown directive', { spec: { $patch: 'remove' } }],
    ['an item without its key', pod({ containers: [{ image: 'a' }] })],
    [
      'an item that the order does not name',
      pod({ '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'a' }] }),
    ],
    ['an order of nothing', pod({ '$setElementOrder/containers': 'a' })],
    ['a field that is not to be kept', { spec: { $retainKeys: ['a'], b: 1 } }],
    ['a list of what to delete without its name', { metadata: { $deleteFromPrimitiveList: ['a'] } }],
    ['items of different types', pod({ containers: ['a'] })],
    ['a key that reaches a prototype', JSON.parse('{"spec":{"__proto__":{"polluted":true}}}')],
  ])('refuses %s', (_name, patch) => {
    const document = { metadata: {}, ...(pod({ containers: [{ name: 'z' }] }) as object) };
    expect(() => applyStrategicMerge(document, patch, deployment)).toThrow(PatchError);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
