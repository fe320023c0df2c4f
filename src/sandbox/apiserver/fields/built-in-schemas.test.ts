import { describe, expect, it } from 'vitest';
import { type MergeSchema, mergeSchemaOf } from './merge-schema.ts';

/** `at(pod, 'spec', 'containers', '*', 'ports')`; `*` is a list's element. */
function at(schema: MergeSchema, ...path: string[]): MergeSchema {
  return path.reduce((node, step) => {
    if (step === '*' && node.type === 'list') return node.element;
    const field = node.type === 'map' ? (node.fields[step] ?? node.element) : undefined;
    if (field === undefined) throw new Error(`nothing at ${path.join('.')}: ${step}`);
    return field;
  }, schema);
}

function textOf(node: MergeSchema): string {
  if (node.type === 'map') return `map ${node.relation}`;
  if (node.type !== 'list') return node.type;
  const patch = node.patchMergeKey === undefined ? '' : `, patched by "${node.patchMergeKey}"`;
  return `list ${[node.relation, ...node.keys].join(' ')}${patch}`;
}

describe('built-in kinds', () => {
  it.each<[string, string, string, string]>([
    ['', 'Pod', 'spec.containers', 'list map name, patched by "name"'],
    ['', 'Pod', 'spec.initContainers', 'list map name, patched by "name"'],
    ['', 'Pod', 'spec.volumes', 'list map name, patched by "name"'],
    ['', 'Pod', 'spec.imagePullSecrets', 'list map name, patched by "name"'],
    ['', 'Pod', 'spec.containers.*.env', 'list map name, patched by "name"'],
    ['', 'Pod', 'spec.containers.*.ports', 'list map containerPort protocol, patched by "containerPort"'],
    ['', 'Pod', 'spec.containers.*.volumeMounts', 'list map mountPath, patched by "mountPath"'],
    ['', 'Pod', 'spec.containers.*.args', 'list atomic'],
    ['', 'Pod', 'spec.containers.*.resources.limits', 'map granular'],
    ['', 'Pod', 'spec.tolerations', 'list atomic'],
    ['', 'Pod', 'spec.hostAliases', 'list map ip, patched by "ip"'],
    ['', 'Pod', 'spec.nodeSelector', 'map atomic'],
    ['', 'Pod', 'spec.topologySpreadConstraints', 'list map topologyKey whenUnsatisfiable, patched by "topologyKey"'],
    ['', 'Pod', 'status.conditions', 'list map type, patched by "type"'],
    ['', 'Pod', 'metadata.labels', 'map granular'],
    ['', 'Pod', 'metadata.finalizers', 'list set, patched by ""'],
    ['', 'Pod', 'metadata.ownerReferences', 'list map uid, patched by "uid"'],
    ['', 'Service', 'spec.ports', 'list map port protocol, patched by "port"'],
    ['', 'Service', 'spec.selector', 'map atomic'],
    ['', 'ServiceAccount', 'secrets', 'list map name, patched by "name"'],
    ['', 'ServiceAccount', 'imagePullSecrets', 'list atomic'],
    ['', 'ConfigMap', 'data', 'map granular'],
    ['', 'Secret', 'stringData', 'map granular'],
    ['', 'Node', 'spec.podCIDRs', 'list set, patched by ""'],
    ['', 'PersistentVolume', 'spec.claimRef', 'map granular'],
    ['apps', 'Deployment', 'spec.selector', 'map atomic'],
    ['apps', 'Deployment', 'spec.template.spec.containers', 'list map name, patched by "name"'],
    ['apps', 'Deployment', 'status.conditions', 'list map type, patched by "type"'],
    ['batch', 'CronJob', 'spec.jobTemplate.spec.template.spec.containers', 'list map name, patched by "name"'],
    ['networking.k8s.io', 'Ingress', 'spec.rules', 'list atomic'],
    ['rbac.authorization.k8s.io', 'Role', 'rules', 'list atomic'],
    ['rbac.authorization.k8s.io', 'RoleBinding', 'roleRef', 'map atomic'],
    ['autoscaling', 'HorizontalPodAutoscaler', 'spec.minReplicas', 'scalar'],
  ])('%s %s %s is %s', (group, kind, path, expected) => {
    expect(textOf(at(mergeSchemaOf(undefined, { group, kind }), ...path.split('.')))).toBe(expected);
  });

  it('deduces a kind that nobody described, but for its metadata', () => {
    const schema = mergeSchemaOf(undefined, { group: 'example.com', kind: 'Thing' });
    expect(textOf(at(schema, 'metadata', 'finalizers'))).toBe('list set, patched by ""');
    expect(textOf(at(schema, 'spec'))).toBe('deduced');
  });

  it('ends where a definition contains itself', () => {
    const crd = mergeSchemaOf(undefined, { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' });
    expect(textOf(at(crd, 'spec', 'versions', '*', 'schema', 'openAPIV3Schema'))).toBe('map granular');
  });
});
