/**
 * `discovery` is how clients find out what there is and what they may do. Here: what is served, in the old form (one
 * document per group version) and in the aggregated one.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
import type { Json } from '../json.ts';
import type { Registry } from '../registry.ts';
import { apiVersionOf, type ResourceType, type ServedVersion } from '../resource.ts';
import { reviewKinds } from './reviews.ts';

/** Groups in the order of their priority; `''` is the core group. */
export interface ServedGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

const builtInOrder = [
  '',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
];

export function servedGroups(registry: Registry): ServedGroup[] {
  const versions = new Map<string, Set<string>>(builtInOrder.map((group) => [group, new Set<string>()]));
  for (const kind of reviewKinds) versions.get(kind.group)?.add(kind.version);
  for (const type of registry.all()) {
    const known = versions.get(type.group) ?? new Set<string>();
    for (const version of type.versions.keys()) known.add(version);
    versions.set(type.group, known);
  }
  return [...versions].filter(([, known]) => known.size > 0).map(([name, known]) => ({ name, versions: [...known] }));
}

const subVerbs = ['get', 'patch', 'update'];

/** `/api` */
export function coreVersions(address: string): Json {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `/apis` */
export function groupList(registry: Registry): Json {
  const groups = servedGroups(registry).filter((group) => group.name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
}

/** `/apis/<group>`; nothing when it is not served. */
export function oneGroup(registry: Registry, name: string): Json | undefined {
  const group = servedGroups(registry).find((one) => one.name === name);
  return group === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) };
}

function groupOf(group: ServedGroup): Json {
  const versions = group.versions.map((version) => ({ groupVersion: `${group.name}/${version}`, version }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

/** `/api/v1`, `/apis/<group>/<version>`; nothing when it is not served. */
export function resourceList(registry: Registry, group: string, version: string): Json | undefined {
  const served = inVersion(registry, group, version);
  const reviews = reviewKinds.filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0 && reviews.length === 0) return undefined;
  const resources = [
    ...served.flatMap(({ type, served: one }) => [resourceEntry(type), ...subresourceEntries(type, one)]),
    ...reviews.map((kind) => ({
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: ['create'],
    })),
  ];
  // The core group's list comes from before it had a version.
  const head = group === '' ? {} : { apiVersion: 'v1' };
  return { kind: 'APIResourceList', ...head, groupVersion: apiVersionOf(group, version), resources };
}

function inVersion(
  registry: Registry,
  group: string,
  version: string,
): { type: ResourceType; served: ServedVersion }[] {
  return registry.all().flatMap((type) => {
    const served = type.versions.get(version);
    return type.group !== group || served === undefined ? [] : [{ type, served }];
  });
}

function resourceEntry(type: ResourceType): Json {
  return {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
  };
}

function subresourceEntries(type: ResourceType, served: ServedVersion): Json[] {
  const entry = (name: string, rest: Json): Json => ({
    name: `${type.plural}/${name}`,
    singularName: '',
    namespaced: type.namespaced,
    ...rest,
    verbs: subVerbs,
  });
  const scale =
    served.scale === undefined ? [] : [entry('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale' })];
  const status = served.status ? [entry('status', { kind: type.kind })] : [];
  return type.definition === undefined ? [...scale, ...status] : [...status, ...scale];
}

/** Aggregated discovery of `/api` (the core group) or `/apis` (all others). */
export function aggregated(registry: Registry, core: boolean): Json {
  const groups = servedGroups(registry).filter((group) => (group.name === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: core ? {} : { name: group.name },
      versions: group.versions.map((version) => ({
        version,
        resources: [
          ...inVersion(registry, group.name, version).map(({ type, served }) => discoveryEntry(type, served, version)),
          ...reviewKinds.filter((kind) => kind.group === group.name && kind.version === version).map(reviewEntry),
        ],
        freshness: 'Current',
      })),
    })),
  };
}

function discoveryEntry(type: ResourceType, served: ServedVersion, version: string): Json {
  // Built-in resources leave the parts of responseKind that are the group's own empty.
  const own = type.definition === undefined ? { group: '', version: '' } : { group: type.group, version };
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const all = [
    ...(served.scale === undefined ? [] : [{ subresource: 'scale', responseKind: scale, verbs: subVerbs }]),
    ...(served.status ? [{ subresource: 'status', responseKind: { ...own, kind: type.kind }, verbs: subVerbs }] : []),
  ];
  const subresources = type.definition === undefined ? all : all.toReversed();
  return {
    resource: type.plural,
    responseKind: { ...own, kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

function reviewEntry(kind: (typeof reviewKinds)[number]): Json {
  return {
    resource: kind.plural,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: ['create'],
  };
}
