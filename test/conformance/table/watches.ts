/** Rows about watches: what is said at the start, what changes of a selection look like, and how a watch ends. */
import { isObject, type Json, objectOf, objects } from '../../../src/sandbox/apiserver/json.ts';
import { asMetadata, asTable, map, merge, row, type TableRequest } from './request.ts';

const home = '/api/v1/namespaces/watched';
const maps = `${home}/configmaps`;
const rollouts = '/apis/kuberik.com/v1alpha1/namespaces/watched/rollouts';

const create = (name: string, labels: object = {}, data: object = {}): TableRequest =>
  row(`watched: ${name} comes`, 'POST', `${maps}?fieldManager=t`, map(name, data, { labels }));
const change = (name: string, body: object, path = maps): TableRequest =>
  row(`watched: ${name} changes`, 'PATCH', `${path}/${name}?fieldManager=t`, body, merge);
const remove = (name: string, path = maps): TableRequest => row(`watched: ${name} goes`, 'DELETE', `${path}/${name}`);
const label = (name: string, value: string | null): TableRequest =>
  change(name, { metadata: { labels: { show: value } } });

const nameIn = (event: Json): unknown => {
  const object = objectOf(event.object);
  const [first] = objects(object.rows);
  return objectOf(objectOf(first?.object ?? object).metadata).name;
};
/** A last object that every watch sees come and go. */
const end = [create('zz-end', { show: 'yes' }), remove('zz-end')];
const goes = (name: string) => (event: Json) => event.type === 'DELETED' && nameIn(event) === name;

/** Writes while the watch is open, until the last object went. */
const watch = (
  name: string,
  query: string,
  writes: readonly TableRequest[],
  rest: Partial<TableRequest> = {},
): TableRequest => ({
  ...row(`watch: ${name}`, 'GET', `${maps}?watch=1${query}`),
  watch: { writes: [...writes, ...end], last: goes('zz-end') },
  ...rest,
});
/** Ends by itself. When it says by a bookmark how far it came, is the server's own business. */
const ending = (name: string, query: string, rest: Partial<TableRequest> = {}): TableRequest => ({
  ...row(`watch: ${name}`, 'GET', `${maps}?watch=1${query}&timeoutSeconds=1`),
  watch: { writes: [] },
  ...rest,
});
const refused = (name: string, query: string): TableRequest => ({
  ...row(`watch: ${name}`, 'GET', `${maps}?watch=1${query}`),
  watch: { writes: [] },
});
const from = '&resourceVersion=$(watched: everything: metadata.resourceVersion)';
const firstEvents = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
const untilBookmark = (event: Json): boolean =>
  event.type === 'BOOKMARK' && isObject(objectOf(objectOf(event.object).metadata).annotations);
const announced = (name: string, query: string, rest: Partial<TableRequest> = {}): TableRequest => ({
  ...row(`watch: ${name}`, 'GET', `${maps}?watch=1${firstEvents}&allowWatchBookmarks=true${query}`),
  watch: { writes: [], last: untilBookmark },
  ...rest,
});

export const watchRows: readonly TableRequest[] = [
  row('namespace to be watched', 'POST', '/api/v1/namespaces', { metadata: { name: 'watched' } }),
  create('b', { show: 'yes' }),
  create('a', { show: 'yes' }),
  create('c'),
  row('watched: everything', 'GET', maps),
  // How it begins.
  watch('from now on, with the state first', '', [change('a', { data: { x: '1' } })]),
  watch('from revision zero', '&resourceVersion=0', [change('a', { data: { x: '2' } })]),
  watch('from the list', from, [change('a', { data: { x: '3' } })]),
  watch('from the list, by name', `${from}&fieldSelector=metadata.name%3Dzz-end`, [change('a', { data: { x: '4' } })]),
  watch('without the state', '&sendInitialEvents=false&resourceVersionMatch=NotOlderThan', [
    change('a', { data: { x: '5' } }),
  ]),
  refused('from a revision that is none', '&resourceVersion=x'),
  refused('with a match alone', '&resourceVersionMatch=NotOlderThan'),
  refused('with an exact match', '&resourceVersion=0&resourceVersionMatch=Exact'),
  refused('with the state and no match', '&sendInitialEvents=true'),
  refused('with the state and an exact match', '&sendInitialEvents=true&resourceVersionMatch=Exact'),
  refused('without the state and no match', '&sendInitialEvents=false'),
  refused('by a bad label', '&labelSelector=a%3D%3D%3Db'),
  refused('by a bad field', '&fieldSelector=foo%3Db'),
  refused('with a timeout that is no number', '&timeoutSeconds=x'),
  { ...refused('as a picture', ''), accept: 'image/png' },
  row('watch: a single object', 'GET', `${maps}/a?watch=1&timeoutSeconds=1`),
  // A selection changes.
  watch('by label', '&labelSelector=show', [
    create('d'),
    label('d', 'yes'),
    change('d', { data: { x: '1' } }),
    label('d', null),
    change('d', { data: { x: '2' } }),
    label('d', 'yes'),
    remove('d'),
    create('e'),
    remove('e'),
  ]),
  watch('all that happens', from, []),
  watch('by name', '&fieldSelector=metadata.name%3Df', [], {
    watch: { writes: [create('f'), change('f', { data: { x: '1' } }), remove('f')], last: goes('f') },
  }),
  watch('no change is no event', '', [change('c', {}), change('c', { data: null })]),
  watch('a finalizer holds', '', [
    create('g'),
    change('g', { metadata: { finalizers: ['example.com/g'] } }),
    remove('g'),
    change('g', { metadata: { finalizers: null } }),
  ]),
  watch('a dry-run is no event', '', [row('watched: dry-run', 'POST', `${maps}?dryRun=All`, map('dry', {}))]),
  watch('a collection goes', '', [
    create('h', { gone: '1' }),
    create('i', { gone: '1' }),
    row('watched: collection goes', 'DELETE', `${maps}?labelSelector=gone`),
  ]),
  // Forms.
  watch('as table', '', [change('a', { data: { x: '6', y: '1' } })], { accept: asTable }),
  watch('as table without objects', `&includeObject=None${from}`, [], {
    accept: asTable,
    watch: { writes: end, last: (event) => event.type === 'DELETED' },
  }),
  watch('as table with objects', `&includeObject=Object&labelSelector=show`, [], { accept: asTable }),
  watch('as metadata', '', [change('a', { data: { x: '7' } })], { accept: asMetadata }),
  watch('over all namespaces', '&fieldSelector=metadata.namespace%3Dwatched', [], {
    path: '/api/v1/configmaps?watch=1&fieldSelector=metadata.namespace%3Dwatched',
  }),
  // Bookmarks and ends.
  announced('the state is announced', ''),
  announced('the state of nothing is announced', '&labelSelector=none'),
  announced('the state by label is announced', '&labelSelector=show'),
  announced('the state is announced at revision zero', '&resourceVersion=0'),
  announced('the state is announced as metadata', '', { accept: asMetadata }),
  announced('the state is announced in a table', '', {
    accept: asTable,
    watch: { writes: [], last: (event) => event.type === 'BOOKMARK' },
  }),
  watch('the state without bookmarks', firstEvents, []),
  ending('it ends', from.replace('everything', 'b comes')),
  ending('it ends at once', '', {
    path: `${maps}?watch=1&allowWatchBookmarks=true&labelSelector=none&timeoutSeconds=1`,
  }),
  // Custom resources.
  {
    ...row('watch: from a revision that is gone', 'GET', `${rollouts}?watch=1&resourceVersion=1`),
    watch: { writes: [] },
  },
  row('Rollout to be watched', 'POST', `${rollouts}?fieldManager=t`, {
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'seen' },
    spec: { releasesImagePolicy: { name: 'a' } },
  }),
  ...[undefined, asTable, asMetadata].map(
    (accept): TableRequest => ({
      ...row(`watch: a Rollout ${accept ?? ''}`, 'GET', `${rollouts}?watch=1`),
      ...(accept === undefined ? {} : { accept }),
      watch: {
        writes: [
          row('watched: Rollout comes', 'POST', `${rollouts}?fieldManager=t`, {
            apiVersion: 'kuberik.com/v1alpha1',
            kind: 'Rollout',
            metadata: { name: 'r' },
            spec: { releasesImagePolicy: { name: 'a' } },
          }),
          change('r', { spec: { wantedVersion: '1' } }, rollouts),
          row(
            'watched: Rollout status',
            'PATCH',
            `${rollouts}/r/status?fieldManager=s`,
            { status: { history: [{ version: { tag: '1' }, timestamp: '2026-01-01T00:00:00Z' }] } },
            merge,
          ),
          remove('r', rollouts),
        ],
        last: goes('r'),
      },
    }),
  ),
];
