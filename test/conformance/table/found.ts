/** Rows about what random requests found out (`random/`): one for each difference that there was. */
import { apply, asMetadataList, json, merge, row, strategic, type TableRequest } from './request.ts';
import { widget } from './widget.ts';

const home = '/api/v1/namespaces/found';
const maps = `${home}/configmaps`;
const deployments = '/apis/apps/v1/namespaces/found/deployments';
const leases = '/apis/coordination.k8s.io/v1/namespaces/found/leases';
const widgets = '/apis/table.example.com/v1/namespaces/found/widgets';
const checks = '/apis/kuberik.com/v1alpha1/namespaces/found/healthchecks';

const found = (name: string, method: string, path: string, body?: unknown, type?: string): TableRequest =>
  row(`found: ${name}`, method, path, body, type);
const as = (place: string, name: string, manager: string, query = ''): string =>
  `${place}/${name}?fieldManager=${manager}${query}`;
const map = (name: string, rest: object = {}, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  ...rest,
});
const check = (name: string, spec: object): object => ({
  apiVersion: 'kuberik.com/v1alpha1',
  kind: 'HealthCheck',
  metadata: { name },
  spec,
});
/** The uid of something that is there. */
const first = '$(found: applied by one: metadata.uid)';
const owner = (name: string, uid: string): object => ({ apiVersion: 'v1', kind: 'Node', name, uid });
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    minReadySeconds: 0,
    paused: false,
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'one', image: 'x' }] },
    },
  },
};
const containers = (list: unknown, rest: object = {}): object => ({
  spec: { template: { spec: { containers: list, ...rest } } },
});

const applies: readonly TableRequest[] = [
  found('applied by one', 'PATCH', as(maps, 'a', 'one'), map('a', { data: { x: '1' } }, { labels: { a: 'b' } }), apply),
  found('a null for a map takes nothing', 'PATCH', as(maps, 'a', 'two'), map('a', {}, { labels: null }), apply),
  found(
    'a conflict is found before an old revision',
    'PATCH',
    as(maps, 'a', 'two'),
    map('a', { data: { x: '2' } }, { resourceVersion: '1' }),
    apply,
  ),
  found(
    'a conflict is found before another name',
    'PATCH',
    as(maps, 'a', 'two'),
    { ...map('b', { data: { x: '2' } }) },
    apply,
  ),
  found('nobody says why nobody is named', 'PATCH', `${maps}/a?dryRun=Some`, map('a'), apply),
  found('no name', 'PATCH', as(maps, 'new', 'one'), map(''), apply),
  found('no revision', 'PATCH', as(maps, 'new', 'one'), map('new', {}, { resourceVersion: 'x' }), apply),
  found(
    'applied with headers',
    'PATCH',
    as(checks, 'h', 'one'),
    check('h', { class: 'http', http: { url: 'https://e.com', headers: { a: 'b' } } }),
    apply,
  ),
  found(
    'a map that is emptied is a null',
    'PATCH',
    as(checks, 'h', 'one'),
    check('h', { class: 'http', http: { url: 'https://e.com', headers: {} } }),
    apply,
  ),
  found(
    'a map that is given up goes',
    'PATCH',
    as(checks, 'h', 'one'),
    check('h', { class: 'http', http: { url: 'https://e.com' } }),
    apply,
  ),
  found('a null that no type has', 'PATCH', as(checks, 'n', 'one'), check('n', { interval: null }), apply),
  found(
    'applied with an empty list',
    'PATCH',
    as(widgets, 'e', 'one'),
    widget('e', { size: 1 }, { metadata: { name: 'e', finalizers: [] } }),
    apply,
  ),
  found(
    'what is stored with an empty list changes once',
    'PATCH',
    as(widgets, 'e', 'two'),
    { metadata: { labels: {} } },
    merge,
  ),
  found('and then no more', 'PATCH', as(widgets, 'e', 'two'), { metadata: { labels: {} } }, merge),
  found(
    'a status is not there',
    'PATCH',
    as(widgets, 'none/status', 'one'),
    { ...widget('none', { size: 1 }), foo: 1 },
    apply,
  ),
];

const patches: readonly TableRequest[] = [
  found('patched', 'POST', `${maps}?fieldManager=t`, map('p', { data: { a: '1' } }, { finalizers: ['a/b', 'a/c'] })),
  found('copy of nothing', 'PATCH', as(maps, 'p', 't'), [{ op: 'copy', from: '/data/none', path: '/data/b' }], json),
  found('index from the end', 'PATCH', as(maps, 'p', 't'), [{ op: 'remove', path: '/metadata/finalizers/-1' }], json),
  found('no operation', 'PATCH', as(maps, 'p', 't'), ['x'], json),
  found('no value', 'PATCH', as(maps, 'p', 't'), [{ op: 'add', path: '/data/c' }], json),
  found('move of nothing', 'PATCH', as(maps, 'p', 't'), [{ op: 'move', from: '/data/none', path: '/data/b' }], json),
  found('no name is left', 'PATCH', as(maps, 'p', 't'), { metadata: { $retainKeys: ['labels'] } }, strategic),
  found('a deletion of what is not there', 'PATCH', as(maps, 'p', 't'), { dta: { $patch: 'delete' } }, strategic),
  found('an unknown directive', 'PATCH', as(maps, 'p', 't'), { data: { $patch: 'merge' } }, strategic),
  found('keys that are not retained', 'PATCH', as(maps, 'p', 't'), { data: { $retainKeys: ['a'], b: '1' } }, strategic),
  found(
    'strategic, strictly',
    'PATCH',
    as(maps, 'p', 't', '&fieldValidation=Strict'),
    { foo: { a: ['b'] } },
    strategic,
  ),
  found(
    'a custom resource without its revision',
    'PATCH',
    as(widgets, 'e', 't'),
    { metadata: { resourceVersion: null } },
    merge,
  ),
  found('strategic is known before options are', 'PATCH', as(widgets, 'e', 't', '&fieldValidation=Odd'), {}, strategic),
  found('deployment', 'POST', `${deployments}?fieldManager=t`, deployment),
  found('an annotation counts', 'PATCH', as(deployments, 'd', 't'), { metadata: { annotations: { a: 'b' } } }, merge),
  found(
    'not through the status',
    'PATCH',
    as(deployments, 'd/status', 't'),
    { metadata: { annotations: { a: 'c' }, labels: { a: 'b' }, finalizers: ['a/b'] } },
    merge,
  ),
  found('a status that is put away', 'PUT', as(deployments, 'd/status', 't'), deployment),
  found(
    'another strategy',
    'PATCH',
    as(deployments, 'd', 't'),
    { spec: { strategy: { type: 'Recreate' } } },
    strategic,
  ),
  found(
    'an order of others',
    'PATCH',
    as(deployments, 'd', 't'),
    containers([{ name: 'two', image: 'y' }], { '$setElementOrder/containers': [{ name: 'one' }] }),
    strategic,
  ),
  found('items of other types', 'PATCH', as(deployments, 'd', 't'), containers(['two']), strategic),
  found('no selector', 'PATCH', as(deployments, 'd', 't'), { spec: { selector: null } }, merge),
  found('replicas of nobody', 'PUT', `${deployments}/none/scale`, {
    metadata: { name: 'none' },
    spec: { replicas: 'x' },
  }),
];

const creations: readonly TableRequest[] = [
  found('dry-run at a revision', 'POST', `${maps}?dryRun=All&fieldManager=t`, map('r', {}, { resourceVersion: '1' })),
  found('at no revision', 'POST', `${maps}?fieldManager=t`, map('r', {}, { resourceVersion: 'x' })),
  found('again, at a revision', 'POST', maps, map('r', {}, { resourceVersion: '1' })),
  found('a generation that nobody counts', 'POST', `${maps}?fieldManager=t`, map('g', {}, { generation: 7 })),
  found(
    'owners of one uid',
    'POST',
    `${maps}?fieldManager=t`,
    map('o', {}, { finalizers: ['a/b'], ownerReferences: [owner('a', first), owner('b', first)] }),
  ),
  found(
    'owners that are patched twice',
    'PATCH',
    as(maps, 'o', 't'),
    { metadata: { ownerReferences: [owner('a', first), owner('a', first)] } },
    merge,
  ),
  found(
    'a finalizer of a widget',
    'POST',
    widgets,
    widget('f', { size: 1 }, { metadata: { name: 'f', finalizers: ['a b/c'] } }),
  ),
  found(
    'an old finalizer is not told of',
    'POST',
    `${widgets}?fieldManager=t`,
    widget('f', { size: 1 }, { metadata: { name: 'f', finalizers: ['old'] } }),
  ),
  found('only a new one', 'PATCH', as(widgets, 'f', 't'), { metadata: { finalizers: ['old', 'new'] } }, merge),
  found(
    'metadata of a widget',
    'POST',
    `${widgets}?fieldManager=t`,
    widget('m', { size: 1 }, { metadata: { name: 'm', foo: 1 } }),
  ),
  found('no name and a rule', 'POST', widgets, widget('', { size: 11 })),
  found('no version', 'POST', widgets, { kind: 'Widget', metadata: { name: 'v' }, spec: { size: 1 } }),
  found('replicas below zero', 'POST', widgets, widget('s', { size: 1, replicas: -1 })),
  found('replicas in words', 'POST', widgets, widget('s', { size: 1, replicas: 'x' })),
  found('parts in words', 'POST', widgets, widget('s', { size: 1, parts: ['a'] })),
  found('a spec in words', 'POST', widgets, widget('s', 'x' as never)),
  found('a secret of numbers', 'POST', `${home}/secrets`, { metadata: { name: 's' }, data: { a: 1 } }),
  found('a secret for ever', 'POST', `${home}/secrets?fieldManager=t`, {
    metadata: { name: 's' },
    immutable: true,
    data: { a: 'AAEC' },
  }),
  found('all of it is changed', 'PUT', `${home}/secrets/s`, { metadata: { name: 's' } }),
  found('half a time', 'POST', leases, { metadata: { name: 'l' }, spec: { renewTime: '2026-01-01T00:00:00Z' } }),
  found('a lease of nothing', 'POST', `${leases}?fieldManager=t`, { metadata: { name: 'l', finalizers: ['old'] } }),
  found('put absent, of a uid', 'PUT', `${leases}/new`, { metadata: { name: 'new', uid: 'x' }, spec: {} }),
  found('put absent, at no revision', 'PUT', `${leases}/new`, {
    metadata: { name: 'new', resourceVersion: 'x' },
    spec: {},
  }),
  found('put absent, unknown field', 'PUT', `${maps}/absent`, map('absent', { dta: {} })),
  found('a kind that there is not', 'POST', maps, { ...map('k'), kind: 'Other' }),
  found('an event of nobody', 'POST', `${home}/events`, {
    metadata: { name: 'e', labels: { a: 'b c' } },
    involvedObject: { namespace: 'other' },
  }),
];

const rest: readonly TableRequest[] = [
  found('a body is all that is said', 'DELETE', `${maps}/g?dryRun=All`, { propagationPolicy: 'Background' }),
  found('so it is gone', 'GET', `${maps}/g`),
  found('going with what it owns', 'DELETE', `${maps}/p`, { orphanDependents: false }),
  found('another namespace', 'DELETE', home, { preconditions: { uid: 'x' } }),
  found('a namespace without a phase', 'PUT', `${home}/status?fieldManager=t`, {
    metadata: { name: 'found' },
    status: {},
  }),
  found('a value that is none', 'GET', `${maps}?fieldSelector=a%3Db%3Dc`),
  found('two faults of options', 'GET', `${maps}?resourceVersionMatch=Any`),
  found('a limit that is none', 'GET', `${maps}?limit=x&resourceVersion=0`),
  found('a page that is full', 'GET', `${maps}?limit=1&labelSelector=a%3Db`),
  found('a page of one name', 'GET', `${maps}?limit=1&fieldSelector=metadata.name%3Da`),
  { ...found('metadata of nothing', 'GET', `${home}/pods`), accept: asMetadataList },
  found('event at no revision', 'GET', `${home}/events/none?resourceVersion=x`),
];

export const foundRows: readonly TableRequest[] = [
  row('namespace of what was found', 'POST', '/api/v1/namespaces?fieldManager=t', {
    metadata: { name: 'found' },
    spec: { finalizers: ['example.com/hold'] },
  }),
  ...applies,
  ...patches,
  ...creations,
  ...rest,
];
