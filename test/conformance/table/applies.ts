/** Rows about server-side apply: who owns what, in maps, lists and sets, and what a body may look like. */
import {
  apply,
  configMaps,
  deployments,
  json,
  map,
  merge,
  ns,
  row,
  type TableRequest,
  widgets,
  yaml,
} from './request.ts';
import { widget } from './widget.ts';

const applied = (name: string, path: string, body: unknown): TableRequest =>
  row(`apply: ${name}`, 'PATCH', path, body, apply);
const by = (manager: string, rest = ''): string => `${configMaps}/owned?fieldManager=${manager}${rest}`;
const widgetBy = (manager: string, rest = ''): string => `${widgets}/owned?fieldManager=${manager}${rest}`;
const part = (spec: object): object => ({ ...widget('owned', spec) });
const web = (manager: string, rest = ''): string => `${deployments}/owned?fieldManager=${manager}${rest}`;
const deployment = (spec: object): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'owned' },
  spec,
});
const containers = (...list: readonly object[]): object => deployment({ template: { spec: { containers: list } } });
const status = (manager: string, rest = ''): string => `${widgets}/owned/status?fieldManager=${manager}${rest}`;

export const applyRows: readonly TableRequest[] = [
  // What a body may look like.
  applied(
    'YAML',
    by('a'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\n  labels: {x: "1"}\ndata:\n  k: "1" # one\n  l: |\n    text\n',
  ),
  applied('JSON', by('a'), map('owned', { k: '1', l: 'text\n' }, { labels: { x: '1' } })),
  applied('no YAML', by('a'), 'apiVersion: v1\nkind: [ConfigMap\n'),
  applied(
    'an equal key',
    by('a'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned}\ndata: {k: "1", k: "2"}\n',
  ),
  applied('a list', by('a'), '[]'),
  applied('nothing', by('a'), ''),
  applied('no kind', by('a'), { apiVersion: 'v1', metadata: { name: 'owned' } }),
  applied('no version', by('a'), { kind: 'ConfigMap', metadata: { name: 'owned' } }),
  applied('no name', by('a'), { apiVersion: 'v1', kind: 'ConfigMap', data: { k: '1', l: 'text\n' } }),
  applied('another namespace', by('a'), map('owned', {}, { namespace: 'other' })),
  applied('a wrong type', by('a'), map('owned', { k: 1 })),
  applied('a bad label', by('a'), map('owned', {}, { labels: { x: '-' } })),
  applied('a null', by('a'), {
    ...map('owned', { k: '1', l: 'text\n' }, { labels: { x: '1' } }),
    data: { k: '1', l: null },
  }),
  applied('strictly', by('a', '&fieldValidation=Strict'), { ...map('owned', { k: '1' }), dta: {} }),
  applied('carelessly', by('a', '&fieldValidation=Ignore'), { ...map('owned', { k: '1' }), dta: {} }),
  applied('a long manager', by('m'.repeat(129)), map('owned', {})),
  applied('force that is no boolean', by('a', '&force=maybe'), map('owned', { k: '1' })),
  applied('dry-run that is none', by('a', '&dryRun=Some'), map('owned', { k: '1' })),
  // Locks.
  applied('an old revision', by('a'), map('owned', { k: '1' }, { resourceVersion: '1' })),
  applied('another uid', by('a'), map('owned', { k: '1' }, { uid: 'x' })),
  applied(
    'the right revision',
    by('a'),
    map('owned', { k: '1' }, { resourceVersion: '$(apply: a null: metadata.resourceVersion)' }),
  ),
  applied('a uid of what is not there', `${configMaps}/none?fieldManager=a`, map('none', {}, { uid: 'x' })),
  applied(
    'a revision of what is not there',
    `${configMaps}/none?fieldManager=a`,
    map('none', {}, { resourceVersion: '1' }),
  ),
  // Ownership.
  applied('a second owner', by('b'), map('owned', { k: '1', m: '1' })),
  applied('one lets go', by('a'), map('owned', {})),
  applied('the last lets go', by('b'), map('owned', { m: '1' })),
  row('apply: an update takes over', 'PATCH', by('u'), { data: { m: '2' } }, merge),
  applied('against the update', by('b'), map('owned', { m: '1' })),
  applied('what the update says', by('b'), map('owned', { m: '2' })),
  applied('against an updater and an applier', by('c'), map('owned', { m: '3' })),
  applied('by force', by('c', '&force=true'), map('owned', { m: '3' })),
  applied('nothing more of the second', by('b'), map('owned', {})),
  row('apply: an updater removes', 'PATCH', by('u'), { data: { m: null } }, merge),
  applied('it is back', by('c'), map('owned', { m: '3' })),
  row('apply: an updater of all', 'PUT', by('c'), map('owned', { n: '1' })),
  applied('the same name applies and updates', by('c'), map('owned', { n: '2' })),
  applied('annotations', by('d'), map('owned', {}, { annotations: { 'example.com/a': '1' } })),
  applied('no annotations any more', by('d'), map('owned', {})),
  row(
    'apply: managers away',
    'PATCH',
    by('x'),
    [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }],
    json,
  ),
  applied('after managers went', by('e'), map('owned', { n: '9' })),
  row(
    'apply: bad managers',
    'PATCH',
    by('x'),
    { metadata: { managedFields: [{ manager: 'x', operation: 'Frob' }] } },
    merge,
  ),
  // Lists by key, sets and what is atomic.
  applied('widget', widgetBy('a'), part({ size: 2, parts: [{ name: 'p', value: '1' }], tags: ['x'] })),
  applied('widget part of another', widgetBy('b'), part({ size: 2, parts: [{ name: 'q', value: '2' }], tags: ['y'] })),
  applied(
    'widget part twice',
    widgetBy('b'),
    part({
      size: 2,
      parts: [
        { name: 'q', value: '2' },
        { name: 'p', value: '9' },
      ],
    }),
  ),
  applied(
    'widget part by force',
    widgetBy('b', '&force=true'),
    part({
      size: 2,
      parts: [
        { name: 'q', value: '2' },
        { name: 'p', value: '9' },
      ],
    }),
  ),
  applied('widget part let go', widgetBy('b'), part({ size: 2 })),
  applied('widget parts let go', widgetBy('a'), part({ size: 2, tags: ['x'] })),
  applied('widget, wrong type', widgetBy('a'), part({ size: 'x' })),
  applied('widget, no list', widgetBy('a'), part({ size: 2, tags: 'x' })),
  applied('widget against a rule', widgetBy('a'), part({ size: 20 })),
  applied('widget required field let go', widgetBy('c'), part({})),
  applied('widget in its other version', widgetBy('v').replace('/v1/', '/v1beta2/'), {
    ...part({ size: 2, color: 'red' }),
    apiVersion: 'table.example.com/v1beta2',
  }),
  applied('widget status', status('s'), { ...part({ size: 5 }), status: { phase: 'Ready' } }),
  applied('widget status conflict', status('z'), { ...part({}), spec: undefined, status: { phase: 'Lost' } }),
  applied('widget status in the main resource', widgetBy('s'), { ...part({ size: 2 }), status: { phase: 'Lost' } }),
  applied('widget status let go', status('s'), { ...part({}), spec: undefined }),
  applied('status of no widget', `${widgets}/none/status?fieldManager=s`, { ...widget('none', {}), status: {} }),
  applied('widget scale', `${widgets}/owned/scale?fieldManager=s`, {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'owned' },
    spec: { replicas: 2 },
  }),
  // Built-in lists.
  applied('deployment', web('a'), {
    ...deployment({
      selector: { matchLabels: { app: 'o' } },
      template: {
        metadata: { labels: { app: 'o' } },
        spec: { containers: [{ name: 'web', image: 'example/web:1', ports: [{ containerPort: 80 }] }] },
      },
    }),
  }),
  applied('a container of another', web('b'), containers({ name: 'side', image: 'example/side:1' })),
  applied('a variable of another', web('c'), containers({ name: 'web', env: [{ name: 'A', value: '1' }] })),
  applied('a port of another', web('d'), containers({ name: 'web', ports: [{ containerPort: 81, protocol: 'UDP' }] })),
  applied('an image of another', web('c'), containers({ name: 'web', image: 'example/web:2' })),
  applied('the container let go', web('b'), deployment({})),
  applied('replicas and a selector', web('e'), deployment({ replicas: 2, selector: { matchLabels: { app: 'x' } } })),
  applied('a container without image', web('f'), containers({ name: 'new' })),
  applied('a service with ports', `${ns}/services/owned?fieldManager=a`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'owned' },
    spec: { clusterIP: 'None', ports: [{ name: 'a', port: 80 }] },
  }),
  applied('a port of the service by another', `${ns}/services/owned?fieldManager=b`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'owned' },
    spec: { ports: [{ name: 'b', port: 81, protocol: 'TCP' }] },
  }),
  row(
    'apply under a plain type',
    'POST',
    `${configMaps}?fieldManager=t`,
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\n',
    yaml,
  ),
];
