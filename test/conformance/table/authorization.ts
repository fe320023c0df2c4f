/** Rows about who may do what: the administrator acts as people who have roles, or none. */
import { objectOf } from '../../../src/sandbox/apiserver/json.ts';
import { apply, map, row, type TableRequest } from './request.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const home = '/api/v1/namespaces/people';
const maps = `${home}/configmaps`;
const rules = (resources: readonly string[], verbs: readonly string[], rest: object = {}): object[] => [
  { apiGroups: ['', 'apps'], resources, verbs, ...rest },
];

const role = (name: string, list: readonly object[]): TableRequest =>
  row(`people: role ${name}`, 'POST', `${rbac}/namespaces/people/roles?fieldManager=t`, {
    metadata: { name },
    rules: list,
  });
const subject = (kind: string, name: string): object => ({
  kind,
  name,
  ...(kind === 'ServiceAccount' ? { namespace: 'people' } : { apiGroup: 'rbac.authorization.k8s.io' }),
});
/** Bound when the server says so. */
const bind = (name: string, kind: string, to: object, allows: object, place = 'people'): TableRequest => ({
  ...row(
    `people: binding ${name}`,
    'POST',
    place === '' ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${place}/rolebindings`,
    { metadata: { name }, roleRef: { kind, name, apiGroup: 'rbac.authorization.k8s.io' }, subjects: [to] },
  ),
  pick: ({ roleRef, subjects }) => ({ roleRef, subjects }),
  awaits: {
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    method: 'POST',
    code: 201,
    body: { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: allows },
    text: '"allowed":true',
  },
});
const asks = (user: string, verb: string, resource: string, namespace = 'people', name = ''): object => ({
  user,
  resourceAttributes: { namespace, verb, resource, name },
});

const reader = ['reader@example.com'] as const;
const as = (
  who: TableRequest['as'],
  name: string,
  method: string,
  path: string,
  body?: unknown,
  type?: string,
): TableRequest => ({ ...row(`people: ${name}`, method, path, body, type), ...(who === undefined ? {} : { as: who }) });
const review = (who: TableRequest['as'], name: string, kind: string, spec: object): TableRequest => ({
  ...as(who, name, 'POST', `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
    kind,
    apiVersion: 'authorization.k8s.io/v1',
    spec,
  }),
  pick: ({ status, message }) => status ?? message,
});
const mayI = (who: TableRequest['as'], name: string, attributes: object): TableRequest =>
  review(who, name, 'SelfSubjectAccessReview', { resourceAttributes: { namespace: 'people', ...attributes } });

const setting: readonly TableRequest[] = [
  row('people: namespace', 'POST', '/api/v1/namespaces', { metadata: { name: 'people' } }),
  { ...row('people: a map', 'POST', `${maps}?fieldManager=t`, map('one', { a: '1' })), codeOnly: true },
  role('reader', [
    ...rules(['configmaps', 'namespaces', 'pods/log'], ['get', 'list', 'watch']),
    { apiGroups: ['apps'], resources: ['*/scale'], verbs: ['get'] },
  ]),
  bind('reader', 'Role', subject('User', 'reader@example.com'), asks('reader@example.com', 'get', 'configmaps')),
  role('one', rules(['configmaps'], ['get', 'list'], { resourceNames: ['one'] })),
  bind('one', 'Role', subject('User', 'one'), asks('one', 'get', 'configmaps', 'people', 'one')),
  role('patcher', rules(['configmaps'], ['patch', 'update'])),
  bind('patcher', 'Role', subject('Group', 'patchers'), {
    groups: ['patchers'],
    resourceAttributes: { namespace: 'people', verb: 'patch', resource: 'configmaps' },
  }),
  role('robot', rules(['*'], ['*'])),
  bind('robot', 'Role', subject('ServiceAccount', 'robot'), asks('system:serviceaccount:people:robot', 'get', 'pods')),
  row('people: cluster role', 'POST', `${rbac}/clusterroles?fieldManager=t`, {
    metadata: { name: 'nodes' },
    rules: [...rules(['nodes'], ['list']), { nonResourceURLs: ['/metrics/*'], verbs: ['get'] }],
  }),
  bind('nodes', 'ClusterRole', subject('User', 'nodes'), asks('nodes', 'list', 'nodes', ''), ''),
  row('people: a role that is not there', 'POST', `${rbac}/namespaces/people/rolebindings`, {
    metadata: { name: 'lost' },
    roleRef: { kind: 'Role', name: 'lost', apiGroup: 'rbac.authorization.k8s.io' },
    subjects: [subject('User', 'lost')],
  }),
];

const requests: readonly TableRequest[] = [
  as(reader, 'reads', 'GET', `${maps}/one`),
  { ...as(reader, 'lists', 'GET', maps), codeOnly: true },
  as(reader, 'lists everywhere', 'GET', '/api/v1/configmaps'),
  as(reader, 'lists elsewhere', 'GET', '/api/v1/namespaces/table/configmaps'),
  as(reader, 'reads another kind', 'GET', `${home}/secrets/a`),
  as(reader, 'lists another kind', 'GET', `${home}/secrets`),
  as(reader, 'creates', 'POST', maps, map('two', {})),
  as(reader, 'replaces', 'PUT', `${maps}/one`, map('one', {})),
  as(reader, 'patches', 'PATCH', `${maps}/one`, {}, 'application/merge-patch+json'),
  as(reader, 'deletes', 'DELETE', `${maps}/one`),
  as(reader, 'deletes all', 'DELETE', maps),
  as(reader, 'watches another kind', 'GET', `${home}/secrets?watch=1`),
  as(reader, 'a status of its group', 'PATCH', '/apis/apps/v1/namespaces/people/deployments/a/status', {}, apply),
  as(reader, 'a scale of its group', 'GET', '/apis/apps/v1/namespaces/people/deployments/a/scale'),
  as(reader, 'its namespace', 'GET', home),
  as(reader, 'all namespaces', 'GET', '/api/v1/namespaces'),
  as(reader, 'another namespace', 'GET', '/api/v1/namespaces/table'),
  as(reader, 'a kind that is not there', 'GET', '/apis/none.example.com/v1/namespaces/people/things'),
  as(reader, 'metrics', 'GET', '/metrics'),
  as(reader, 'a path that is not there', 'POST', '/nothing', {}),
  { ...as(reader, 'version', 'GET', '/version'), codeOnly: true },
  { ...as(reader, 'discovery', 'GET', '/apis/apps'), codeOnly: true },
  as(['one'], 'reads by name', 'GET', `${maps}/one`),
  as(['one'], 'reads by another name', 'GET', `${maps}/two`),
  as(['one'], 'lists what it may read', 'GET', maps),
  { ...as(['one'], 'lists the one', 'GET', `${maps}?fieldSelector=metadata.name%3Done`), codeOnly: true },
  as(
    ['p', 'patchers'],
    'patches by a group',
    'PATCH',
    `${maps}/one?fieldManager=p`,
    { data: { b: '1' } },
    'application/merge-patch+json',
  ),
  as(['p', 'patchers'], 'applies what is not there', 'PATCH', `${maps}/new?fieldManager=p`, map('new', {}), apply),
  as(['p', 'patchers'], 'replaces what is not there', 'PUT', `${maps}/new`, map('new', {})),
  as(['p'], 'patches without the group', 'PATCH', `${maps}/one`, {}, 'application/merge-patch+json'),
  as(['', 'patchers'], 'a group without a user', 'GET', maps),
  { ...as(['system:serviceaccount:people:robot'], 'a service account', 'GET', `${home}/pods`), codeOnly: true },
  as(['system:serviceaccount:people:other'], 'another service account', 'GET', `${home}/pods`),
  { ...as(['nodes'], 'cluster-scoped', 'GET', '/api/v1/nodes'), codeOnly: true },
  as(['nodes'], 'one node', 'GET', '/api/v1/nodes/a'),
  as(['lost'], 'without its role', 'GET', maps),
  as(['system:anonymous'], 'nobody', 'GET', maps),
  { ...as(['system:anonymous'], 'nobody asks for the version', 'GET', '/version'), codeOnly: true },
  as(['system:anonymous'], 'nobody asks what there is', 'GET', '/apis'),
  { ...as(['boss', 'system:masters'], 'a master', 'GET', `${home}/secrets`), codeOnly: true },
];

const reviews: readonly TableRequest[] = [
  mayI(reader, 'may I read', { verb: 'get', resource: 'configmaps' }),
  mayI(reader, 'may I write', { verb: 'create', resource: 'configmaps' }),
  mayI(reader, 'may I read logs', { verb: 'get', resource: 'pods', subresource: 'log' }),
  mayI(reader, 'may I read pods', { verb: 'get', resource: 'pods' }),
  mayI(reader, 'may I do something new', { verb: 'juggle', group: 'kuberik.com', resource: 'rollouts', name: 'app' }),
  mayI(['p', 'patchers'], 'may I by a group', { verb: 'patch', resource: 'configmaps' }),
  mayI(['system:serviceaccount:people:robot'], 'may a robot', { verb: 'get', group: 'apps', resource: 'deployments' }),
  mayI(['one'], 'may I read the one', { verb: 'get', resource: 'configmaps', name: 'one' }),
  mayI(['lost'], 'may I without a role', { verb: 'get', resource: 'configmaps' }),
  mayI(['boss', 'system:masters'], 'may a master', { verb: '*', group: '*', resource: '*' }),
  review(['nodes'], 'may I list nodes', 'SelfSubjectAccessReview', {
    resourceAttributes: { verb: 'list', resource: 'nodes' },
  }),
  review(['nodes'], 'may I see a path', 'SelfSubjectAccessReview', {
    nonResourceAttributes: { verb: 'get', path: '/metrics/slis' },
  }),
  review(['nodes'], 'may I see another path', 'SelfSubjectAccessReview', {
    nonResourceAttributes: { verb: 'get', path: '/metrics' },
  }),
  review(undefined, 'may she', 'SubjectAccessReview', asks('one', 'get', 'configmaps', 'people', 'one')),
  review(reader, 'may I ask about her', 'SubjectAccessReview', asks('one', 'get', 'configmaps', 'people', 'one')),
  {
    ...review(reader, 'what may I', 'SelfSubjectRulesReview', { namespace: 'people' }),
    // Bindings of everybody, which the servers have in another order.
    pick: ({ status }) => {
      const { resourceRules, nonResourceRules, ...rest } = objectOf(status);
      return { resourceRules: ordered(resourceRules), nonResourceRules: ordered(nonResourceRules), ...rest };
    },
  },
  {
    ...as(['p', 'patchers'], 'who am I', 'POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
    }),
    pick: ({ status }) => status,
  },
];

function ordered(rules: unknown): unknown {
  return Array.isArray(rules) ? rules.map((one) => JSON.stringify(Object.entries(objectOf(one)).sort())).sort() : rules;
}

export const authorizationRows: readonly TableRequest[] = [...setting, ...requests, ...reviews];
