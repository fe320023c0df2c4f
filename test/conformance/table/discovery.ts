/** Rows about what clients find out first: what is served, its schemas, who they are and what they may do. */
import { type Json, objectOf, objects, text, texts, without } from '../../../src/sandbox/apiserver/json.ts';
import { row, type TableRequest } from './request.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const ours = ['kuberik.com', 'environments.kuberik.com', 'rollout.kuberik.com', 'table.example.com'];
/** Of the many kinds of Kubernetes those that people have to do with here. */
const known = new Set(['configmaps', 'events', 'namespaces', 'pods', 'secrets', 'serviceaccounts', 'services']);
const inApps = new Set(['daemonsets', 'deployments', 'replicasets', 'statefulsets']);
const subresources = new Set(['status', 'scale']);

const resources = (names: ReadonlySet<string>) => (body: Json) => ({
  ...body,
  resources: objects(body.resources).filter((one) => {
    const [name = '', sub] = text(one.name).split('/');
    return names.has(name) && (sub === undefined || subresources.has(sub));
  }),
});
/** Custom resources stand in no order. */
const sorted = (body: Json): unknown => ({
  ...body,
  resources: objects(body.resources).toSorted((left, right) => (text(left.name) < text(right.name) ? -1 : 1)),
});
const groups = (body: Json): unknown => ({ ...body, groups: objects(body.groups).filter(isOurs) });
const isOurs = (group: Json): boolean => ours.includes(text(group.name));
const discovered = (body: Json): unknown => ({
  ...body,
  items: objects(body.items)
    .filter((item) => isOurs(objectOf(item.metadata)))
    .toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1)),
});
const nameOf = (item: Json): string => text(objectOf(item.metadata).name);
const discoveredCore = (body: Json): unknown => ({
  ...body,
  items: objects(body.items).map((item) => ({
    ...item,
    versions: objects(item.versions).map((version) => ({
      ...version,
      resources: objects(version.resources)
        .filter((one) => known.has(text(one.resource)))
        .map((one) => ({
          ...one,
          subresources: objects(one.subresources).filter((sub) => subresources.has(text(sub.subresource))),
        })),
    })),
  })),
});
/** The schema of one kind, without the words about the fields that every object has. */
const schema = (name: string) => (body: Json) => {
  const all = objectOf(objectOf(body.components).schemas ?? body.definitions);
  const found = objectOf(all[name]);
  return { ...found, properties: without(objectOf(found.properties), 'apiVersion', 'kind', 'metadata') };
};
const paths = (prefix: string) => (body: Json) =>
  Object.keys(objectOf(body.paths))
    .filter((path) => path.startsWith(prefix) && path.endsWith('/{name}'))
    .sort();
/** The paths that kubectl reads, and what it may do there. */
const dryRuns = (path: string) => (body: Json) => {
  const patch = objectOf(objectOf(objectOf(body.paths)[path]).patch);
  return {
    kind: patch['x-kubernetes-group-version-kind'],
    parameters: objects(patch.parameters)
      .map((one) => one.name)
      .filter((name) => ['dryRun', 'fieldValidation'].includes(text(name)))
      .sort(),
    types: (texts(patch.consumes).length > 0
      ? texts(patch.consumes)
      : Object.keys(objectOf(objectOf(patch.requestBody).content))
    )
      .filter((type) => !type.includes('cbor'))
      .sort(),
  };
};

const get = (
  name: string,
  path: string,
  pick?: TableRequest['pick'],
  rest: Partial<TableRequest> = {},
): TableRequest => ({
  ...row(`discovery: ${name}`, 'GET', path),
  ...(pick === undefined ? {} : { pick }),
  ...rest,
});
const openApi = { path: '/openapi/v3', text: 'kuberik.com' };
const review = (name: string, kind: string, body: object): TableRequest => ({
  ...row(
    `review: ${name}`,
    'POST',
    `/apis/${kind === 'SelfSubjectReview' ? 'authentication' : 'authorization'}.k8s.io/v1/${kind.toLowerCase()}s`,
    {
      apiVersion: `${kind === 'SelfSubjectReview' ? 'authentication' : 'authorization'}.k8s.io/v1`,
      kind,
      ...body,
    },
  ),
  // What an administrator may depends on who that is; of others it is compared in `authorization.ts`.
  pick: ({ status, ...rest }) => ({
    ...without(rest, 'metadata'),
    allowed: objectOf(status).allowed,
    incomplete: objectOf(status).incomplete,
  }),
});

export const discoveryRows: readonly TableRequest[] = [
  get('versions of the core', '/api', ({ kind, versions }) => ({ kind, versions })),
  get('groups', '/apis', groups),
  ...ours.map((group) => get(`group ${group}`, `/apis/${group}`)),
  get('group apps', '/apis/apps'),
  get('unknown group', '/apis/none.example.com'),
  ...ours.map((group) =>
    get(`resources of ${group}`, `/apis/${group}/${group === 'table.example.com' ? 'v1' : 'v1alpha1'}`, sorted),
  ),
  get('resources of the core', '/api/v1', resources(known)),
  get('resources of apps', '/apis/apps/v1', resources(inApps)),
  get('resources of batch', '/apis/batch/v1'),
  get('resources of events', '/apis/events.k8s.io/v1'),
  get('resources of leases', '/apis/coordination.k8s.io/v1'),
  get('unknown version', '/apis/apps/v9'),
  get('aggregated groups', '/apis', discovered, { accept: aggregated }),
  get('aggregated core', '/api', discoveredCore, { accept: aggregated }),
  get('version', '/version', ({ major, minor, gitVersion }) => ({ major, minor, gitVersion })),
  get(
    'a first look at the schemas',
    '/openapi/v3',
    (body) =>
      Object.keys(objectOf(body.paths))
        .filter((path) => path.includes('kuberik'))
        .sort(),
    { awaits: openApi },
  ),
  ...[
    ['kuberik.com', 'Rollout'],
    ['kuberik.com', 'RolloutGate'],
    ['kuberik.com', 'RolloutSchedule'],
    ['kuberik.com', 'ClusterRolloutSchedule'],
    ['kuberik.com', 'HealthCheck'],
    ['kuberik.com', 'Approval'],
    ['kuberik.com', 'Freeze'],
    ['environments.kuberik.com', 'Environment'],
    ['rollout.kuberik.com', 'RolloutTest'],
  ].map(([group = '', kind = '']) =>
    get(
      `schema of ${kind}`,
      `/openapi/v3/apis/${group}/v1alpha1`,
      schema(`${group.split('.').toReversed().join('.')}.v1alpha1.${kind}`),
    ),
  ),
  get('paths of Kuberik', '/openapi/v3/apis/kuberik.com/v1alpha1', paths('/apis/kuberik.com/v1alpha1/')),
  get(
    'how a Rollout is patched',
    '/openapi/v3/apis/kuberik.com/v1alpha1',
    dryRuns('/apis/kuberik.com/v1alpha1/namespaces/{namespace}/rollouts/{name}'),
  ),
  get(
    'how a deployment is patched',
    '/openapi/v3/apis/apps/v1',
    dryRuns('/apis/apps/v1/namespaces/{namespace}/deployments/{name}'),
  ),
  get(
    'how a Rollout was patched',
    '/openapi/v2',
    dryRuns('/apis/kuberik.com/v1alpha1/namespaces/{namespace}/rollouts/{name}'),
    { accept: 'application/json' },
  ),
  review('may I', 'SelfSubjectAccessReview', {
    spec: { resourceAttributes: { namespace: 'table', verb: 'create', group: 'apps', resource: 'deployments' } },
  }),
  review('may I, no namespace', 'SelfSubjectAccessReview', {
    spec: { resourceAttributes: { verb: '*', group: '*', resource: '*' } },
  }),
  review('may I see a path', 'SelfSubjectAccessReview', {
    spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } },
  }),
  review('nothing', 'SelfSubjectAccessReview', { spec: {} }),
  review('both', 'SelfSubjectAccessReview', {
    spec: { resourceAttributes: { verb: 'get' }, nonResourceAttributes: { verb: 'get', path: '/' } },
  }),
  review('what may I', 'SelfSubjectRulesReview', { spec: { namespace: 'table' } }),
  review('may she', 'SubjectAccessReview', {
    spec: { user: 'admin', groups: ['system:masters'], resourceAttributes: { verb: 'get', resource: 'pods' } },
  }),
  review('may nobody', 'SubjectAccessReview', { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }),
  { ...review('who am I', 'SelfSubjectReview', {}), pick: ({ kind, apiVersion }) => ({ kind, apiVersion }) },
  row('review: cannot be read', 'GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'),
];
