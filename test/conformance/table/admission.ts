/** Rows about ValidatingAdmissionPolicies: in a namespace of their own, where policies look at the data of config maps. */
import { objectOf } from '../../../src/sandbox/apiserver/json.ts';
import { apply, json, map, merge, row, type TableRequest } from './request.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const home = '/api/v1/namespaces/guarded';
const maps = `${home}/configmaps`;
const here = { matchLabels: { 'kubernetes.io/metadata.name': 'guarded' } };
const about = (resources: readonly string[], operations: readonly string[], apiGroups = ['']): object => ({
  apiGroups,
  apiVersions: ['*'],
  operations,
  resources,
});

const policy = (name: string, spec: object): TableRequest =>
  row(`policy: ${name}`, 'POST', `${group}/validatingadmissionpolicies?fieldManager=t`, { metadata: { name }, spec });
/** In force when the server refuses, or warns of, what it is asked for as a trial. */
const bind = (name: string, spec: object, awaits: TableRequest['awaits']): TableRequest => ({
  ...row(`binding: ${name}`, 'POST', `${group}/validatingadmissionpolicybindings?fieldManager=t`, {
    metadata: { name: `${name}-binding` },
    spec: { policyName: name, ...spec },
  }),
  ...(awaits && { awaits }),
});
const refused = (k: string, code = 422, more: object = {}): TableRequest['awaits'] => ({
  path: `${maps}?dryRun=All`,
  method: 'POST',
  body: map('trial', { k, ...more }),
  code,
});
const deny = { validationActions: ['Deny'] };
/** Denies a config map whose key `k` has this value. */
const not = (k: string, rest: object): object => ({ expression: `object.data.?k.orValue('') != '${k}'`, ...rest });
/** What an expression sees, as the reason of a refusal. */
const shows = (k: string, expression: string): object => not(k, { messageExpression: expression });
const create = (name: string, k: string, rest: Partial<TableRequest> = {}): TableRequest => ({
  ...row(`admission: ${name}`, 'POST', `${maps}?fieldManager=t`, map(name.replaceAll(/[^a-z]+/g, '-'), { k })),
  ...rest,
});

const seen = [
  'request.operation',
  'request.name',
  'request.namespace',
  'request.userInfo.username',
  'string(size(request.userInfo.groups))',
  'request.resource.group',
  'request.resource.version',
  'request.resource.resource',
  'request.kind.kind',
  'request.requestKind.kind',
  'string(request.dryRun)',
  'string(has(request.subResource))',
  'string(oldObject == null)',
  'namespaceObject.metadata.name',
  'object.kind',
  'object.apiVersion',
];
/** What the requesting user is found to be allowed; each is refused when it is so. */
const asked = [
  "authorizer.group('').resource('configmaps').namespace('people').check('get').allowed()",
  "authorizer.group('').resource('configmaps').namespace('people').check('get').reason().startsWith('RBAC: allowed by')",
  "authorizer.group('').resource('configmaps').namespace('people').check('delete').allowed()",
  "authorizer.group('').resource('configmaps').check('get').allowed()",
  "authorizer.group('apps').resource('deployments').subresource('scale').namespace('people').name('x').check('get').allowed()",
  "authorizer.path('/version').check('get').allowed()",
  "authorizer.path('/metrics').check('get').allowed()",
  "authorizer.serviceAccount('people', 'robot').group('').resource('pods').namespace('people').check('get').allowed()",
  "authorizer.serviceAccount('people', 'other').group('').resource('pods').namespace('people').check('get').allowed()",
  "authorizer.requestResource.check('create').allowed()",
  "authorizer.requestResource.check('patch').allowed()",
  "authorizer.group('kuberik.com').resource('rollouts').namespace('people').check('deploy').errored()",
].map((expression, index) => ({ k: `authorizer ${index}`, expression }));

const guarding: readonly TableRequest[] = [
  row('guarded: namespace', 'POST', '/api/v1/namespaces', { metadata: { name: 'guarded' } }),
  { ...row('guarded: a map from before', 'POST', maps, map('old', { k: 'plain' })), codeOnly: true },
  {
    ...row('guarded: a map with a label', 'POST', maps, map('labelled', { k: 'x' }, { labels: { tier: 'web' } })),
    codeOnly: true,
  },
  row('guarded: role', 'POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/guarded/roles', {
    metadata: { name: 'creator' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }],
  }),
  row('guarded: binding', 'POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/guarded/rolebindings', {
    metadata: { name: 'creator' },
    roleRef: { kind: 'Role', name: 'creator', apiGroup: 'rbac.authorization.k8s.io' },
    subjects: [{ kind: 'User', name: 'reader@example.com', apiGroup: 'rbac.authorization.k8s.io' }],
  }),
  policy('table-maps', {
    matchConstraints: { namespaceSelector: here, resourceRules: [about(['configmaps'], ['CREATE', 'UPDATE'])] },
    matchConditions: [{ name: 'has-data', expression: 'has(object.data)' }],
    variables: [
      { name: 'kind', expression: "object.data.?k.orValue('')" },
      { name: 'never', expression: 'object.nothing.at.all' },
      { name: 'length', expression: 'size(variables.kind)' },
    ],
    validations: [
      not('plain', {}),
      not('message', { message: 'not this one' }),
      not('expression', { message: 'not this one', messageExpression: "'not ' + object.metadata.name" }),
      not('bad expression', { message: 'not this one', messageExpression: "'no ' + object.nothing" }),
      not('empty expression', { message: 'not this one', messageExpression: "' '" }),
      not('two lines', { message: 'not this one', messageExpression: "'a\\nb'" }),
      not('forbidden', { message: 'no', reason: 'Forbidden' }),
      not('large', { message: 'no', reason: 'RequestEntityTooLarge' }),
      not('invalid', { message: 'no', reason: 'Invalid' }),
      { expression: "object.data.?k.orValue('') != 'error' || object.data.missing == 'x'" },
      { expression: "variables.kind != 'variable error' || variables.never == 1" },
      { expression: "variables.kind != 'length' || variables.length > 10", message: 'too short' },
      shows('request', seen.join(" + ' ' + ")),
      ...asked.map(({ k, expression }) => ({
        expression: `object.data.?k.orValue('') != '${k}' || !${expression}`,
        message: `it is so: ${expression}`,
      })),
    ],
  }),
  bind('table-maps', deny, refused('plain')),
  policy('table-warns', {
    failurePolicy: 'Ignore',
    matchConstraints: {
      matchPolicy: 'Exact',
      resourceRules: [{ ...about(['configmaps'], ['CREATE']), scope: 'Namespaced' }],
    },
    validations: [
      not('warned', { message: 'a "quoted" warning' }),
      { expression: "object.data.?k.orValue('') != 'ignored' || object.data.missing == 'x'" },
    ],
  }),
  bind('table-warns', { validationActions: ['Warn', 'Audit'], matchResources: { namespaceSelector: here } }, undefined),
  policy('table-subresources', {
    matchConstraints: {
      namespaceSelector: here,
      resourceRules: [about(['deployments/scale', 'widgets/status'], ['*'], ['apps', 'table.example.com'])],
    },
    validations: [
      {
        expression: 'false',
        messageExpression:
          "object.kind + ' of ' + request.kind.kind + ' ' + request.resource.resource + '/' + request.subResource",
      },
    ],
  }),
  bind('table-subresources', deny, undefined),
  // Policies are taken up in their order: with the last of them all are.
  policy('table-changes', {
    matchConstraints: {
      namespaceSelector: here,
      objectSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] },
      excludeResourceRules: [{ ...about(['configmaps'], ['*']), resourceNames: ['excluded'] }],
      resourceRules: [about(['configmaps'], ['UPDATE', 'DELETE'])],
    },
    validations: [
      {
        expression: 'object == null || object.data == oldObject.data',
        messageExpression: "'from ' + oldObject.data.k + ' to ' + object.data.k",
      },
      {
        expression: 'object != null',
        messageExpression: "'it stays: ' + request.operation + ' ' + request.name",
        reason: 'Forbidden',
      },
    ],
  }),
  bind('table-changes', deny, {
    path: `${maps}/labelled?dryRun=All`,
    method: 'DELETE',
    code: 403,
  }),
  row('policy: as it is stored', 'GET', `${group}/validatingadmissionpolicies/table-changes`),
  {
    ...policy('no-expression', {
      matchConstraints: { resourceRules: [about(['configmaps'], ['CREATE'])] },
      validations: [{ expression: 'object.' }],
    }),
    codeOnly: true,
  },
  {
    ...policy('authorizer-in-a-message', {
      matchConstraints: { resourceRules: [about(['configmaps'], ['CREATE'])] },
      validations: [{ expression: 'true', messageExpression: "authorizer.path('/').check('get').reason()" }],
    }),
    codeOnly: true,
  },
  policy('no-such-reason', {
    matchConstraints: { resourceRules: [about(['configmaps'], ['CREATE'])] },
    validations: [{ expression: 'true', reason: 'Unauthorized' }],
  }),
  { ...policy('no-rules', { validations: [{ expression: 'true' }] }), codeOnly: true },
  { ...bind('', {}, undefined), codeOnly: true },
];

const creating: readonly TableRequest[] = [
  create('fine', 'fine'),
  ...[
    'plain',
    'message',
    'expression',
    'bad expression',
    'empty expression',
    'two lines',
    'forbidden',
    'large',
    'invalid',
    'error',
    'variable error',
    'length',
  ].map((k) => create(k, k)),
  create('request of somebody', 'request', { as: ['reader@example.com', 'team'] }),
  ...asked.flatMap(({ k }): TableRequest[] => {
    const trial = row(`admission: ${k}`, 'POST', `${maps}?dryRun=All`, map('trial', { k }));
    const pick: TableRequest['pick'] = ({ message }) => message;
    return [
      { ...trial, name: `${trial.name} of the administrator`, pick },
      { ...trial, name: `${trial.name} of somebody`, pick, as: ['reader@example.com'] },
    ];
  }),
  {
    ...row('admission: as a trial', 'POST', `${maps}?dryRun=All`, map('trial', { k: 'request' })),
    as: ['reader@example.com'],
  },
  row('admission: without data', 'POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'no-data' } }),
  row('admission: one that is there', 'POST', maps, map('fine', { k: 'plain' })),
  row('admission: wrong in itself', 'POST', maps, map('wrong', { k: 'plain', 'a b': '' })),
  row('admission: a name to come', 'POST', maps, {
    ...map('', { k: 'expression' }),
    metadata: { generateName: 'gen-' },
  }),
  row('admission: elsewhere', 'POST', '/api/v1/namespaces/table/configmaps?dryRun=All', map('else', { k: 'plain' })),
  create('warned', 'warned'),
  create('ignored', 'ignored'),
];

const boss = ['boss', 'system:masters'] as const;

const changing: readonly TableRequest[] = [
  row('admission: replaced', 'PUT', `${maps}/fine`, map('fine', { k: 'message' })),
  row('admission: patched', 'PATCH', `${maps}/fine`, { data: { k: 'message' } }, merge),
  row('admission: patched by paths', 'PATCH', `${maps}/fine`, [{ op: 'add', path: '/data/k', value: 'message' }], json),
  row('admission: applied', 'PATCH', `${maps}/fine?fieldManager=a&force=1`, map('fine', { k: 'message' }), apply),
  {
    ...row(
      'admission: applied anew',
      'PATCH',
      `${maps}/applied?fieldManager=a`,
      map('applied', { k: 'request' }),
      apply,
    ),
    as: boss,
  },
  { ...row('admission: an update', 'PATCH', `${maps}/fine`, { data: { k: 'request' } }, merge), as: boss },
  row('admission: no change of what was wrong', 'PATCH', `${maps}/old`, {}, merge),
  row('admission: a label', 'PATCH', `${maps}/fine?fieldManager=l`, { metadata: { labels: { tier: 'web' } } }, merge),
  row('admission: from and to', 'PATCH', `${maps}/fine`, { data: { k: 'other' } }, merge),
  row(
    'admission: the label goes with the change',
    'PATCH',
    `${maps}/fine`,
    { data: { k: 'other' }, metadata: { labels: null } },
    merge,
  ),
  row('admission: deleted', 'DELETE', `${maps}/fine`),
  row('admission: deleted as a trial', 'DELETE', `${maps}/fine?dryRun=All`),
  row('admission: deleted with others', 'DELETE', `${maps}?labelSelector=tier%3Dweb`),
  {
    ...row('admission: excluded', 'POST', maps, map('excluded', { k: 'x' }, { labels: { tier: 'web' } })),
    codeOnly: true,
  },
  {
    ...row('admission: excluded is changed', 'PATCH', `${maps}/excluded`, { data: { k: 'y' } }, merge),
    codeOnly: true,
  },
  { ...row('admission: excluded is deleted', 'DELETE', `${maps}/excluded`), codeOnly: true },
];

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'x:1' }] } },
  },
};
const deployments = '/apis/apps/v1/namespaces/guarded/deployments';
const widgets = '/apis/table.example.com/v1/namespaces/guarded/widgets';
const subresources: readonly TableRequest[] = [
  { ...row('admission: a deployment', 'POST', deployments, deployment), codeOnly: true },
  row('admission: its scale', 'PATCH', `${deployments}/web/scale`, { spec: { replicas: 2 } }, merge),
  {
    ...row('admission: its replicas', 'PATCH', `${deployments}/web`, { spec: { replicas: 2 } }, merge),
    codeOnly: true,
  },
  {
    ...row('admission: a widget', 'POST', widgets, {
      apiVersion: 'table.example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { size: 1 },
    }),
    pick: ({ kind, metadata }) => ({ kind, name: objectOf(metadata).name }),
  },
  row('admission: its status', 'PATCH', `${widgets}/w/status`, { status: { phase: 'x' } }, merge),
];

/** Gone, so that nothing else is judged by them. */
const ending: readonly TableRequest[] = ['table-maps', 'table-changes', 'table-warns', 'table-subresources'].flatMap(
  (name) => [
    {
      ...row(`no binding: ${name}`, 'DELETE', `${group}/validatingadmissionpolicybindings/${name}-binding`),
      codeOnly: true,
    },
    { ...row(`no policy: ${name}`, 'DELETE', `${group}/validatingadmissionpolicies/${name}`), codeOnly: true },
  ],
);

export const admissionRows: readonly TableRequest[] = [
  ...guarding,
  ...creating,
  ...changing,
  ...subresources,
  ...ending,
];
