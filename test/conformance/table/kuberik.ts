/** Rows about Kuberik's own resources, of the definitions as they are shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { objectOf } from '../../../src/sandbox/apiserver/json.ts';
import { apply, asTable, crds, json, merge, row, type TableRequest, yaml } from './request.ts';

const folder = join(import.meta.dirname, '../../../deploy/crds');

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly group: string; readonly names: { readonly plural: string }; readonly scope: string };
}

const sources = readdirSync(folder)
  .filter((file) => file.includes('_'))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'));

/** As objects. */
export const definitions: readonly object[] = sources.map((source) => parse(source) as object);

/** A person applies the file as it is; what is answered is as long as the file, and is compared where it is read. */
const definitionRows = sources.flatMap((source): TableRequest[] => {
  const { metadata, spec } = parse(source) as Definition;
  const path = `/apis/${spec.group}/v1alpha1/${spec.names.plural}`;
  return [
    {
      ...row(`define ${metadata.name}`, 'PATCH', `${crds}/${metadata.name}?fieldManager=kubectl`, source, apply),
      pick: ({ kind, metadata, status }) => ({ kind, name: objectOf(metadata).name, status }),
      awaits: { path },
    },
    { ...row(`definition of ${metadata.name}`, 'GET', `${crds}/${metadata.name}`), pick: ({ spec: read }) => read },
  ];
});

const home = '/apis/kuberik.com/v1alpha1/namespaces/table';
const places = {
  Rollout: `${home}/rollouts`,
  RolloutGate: `${home}/rolloutgates`,
  RolloutSchedule: `${home}/rolloutschedules`,
  ClusterRolloutSchedule: '/apis/kuberik.com/v1alpha1/clusterrolloutschedules',
  HealthCheck: `${home}/healthchecks`,
  Environment: '/apis/environments.kuberik.com/v1alpha1/namespaces/table/environments',
  RolloutTest: '/apis/rollout.kuberik.com/v1alpha1/namespaces/table/rollouttests',
} as const;
type Kind = keyof typeof places;

const versionOf = (kind: Kind): string => places[kind].split('/').slice(2, 4).join('/');
const written = (kind: Kind, name: string, spec: unknown, rest: object = {}): object => ({
  apiVersion: versionOf(kind),
  kind,
  metadata: { name },
  spec,
  ...rest,
});
const create = (kind: Kind, what: string, spec: unknown, rest: object = {}): TableRequest =>
  row(`${kind}: ${what}`, 'POST', `${places[kind]}?fieldManager=t`, written(kind, nameOf(what), spec, rest));
/** Without the fields that are wrong in each row, which are named. */
const strict = (kind: Kind, what: string, spec: unknown): TableRequest =>
  row(`${kind}: ${what}, strictly`, 'POST', `${places[kind]}?fieldValidation=Strict`, written(kind, 'strict', spec));
const nameOf = (what: string): string => what.toLowerCase().replaceAll(/[^a-z]+/g, '-');
const patch = (kind: Kind, name: string, what: string, body: unknown, type = merge): TableRequest =>
  row(`${kind}: ${what}`, 'PATCH', `${places[kind]}/${name}?fieldManager=p`, body, type);

const policy = { releasesImagePolicy: { name: 'app' } };
const always = { rolloutSelector: { matchLabels: { app: 'a' } }, rules: [{ name: 'always' }] };
const backend = { backend: { type: 'github', project: 'owner/repo' } };
const app = { rolloutRef: { name: 'app' }, name: 'app', environment: 'prod', ...backend };
const pod = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1', env: [{ name: 'A', value: '1' }] }] },
};
const test = { rolloutName: 'app', stepIndex: 1, jobTemplate: { template: pod } };
const now = '2026-01-01T00:00:00Z';
const condition = { type: 'Ready', status: 'True', lastTransitionTime: now, reason: 'Fine', message: '' };

export const kuberikRows: readonly TableRequest[] = [
  ...definitionRows,
  create('Rollout', 'defaults', policy),
  create('Rollout', 'everything', {
    releasesImagePolicy: { name: 'app', wantedVersion: '1.0.0' },
    wantedVersion: '1.0.0',
    versionHistoryLimit: 3,
    availableReleasesRetentionDays: 1,
    availableReleasesMinCount: 1,
    bakeTime: '1h30m',
    deployTimeout: '90s',
    healthCheckSelector: {
      selector: { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] },
      namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
    },
    failurePolicy: 'Halt',
    releaseUpdateInterval: '1m',
  }),
  create('Rollout', 'no spec', undefined),
  create('Rollout', 'null spec', null),
  create('Rollout', 'empty spec', {}),
  create('Rollout', 'spec that is text', 'x'),
  create('Rollout', 'policy that is text', { releasesImagePolicy: 'app' }),
  create('Rollout', 'empty policy', { releasesImagePolicy: {} }),
  create('Rollout', 'null policy', { releasesImagePolicy: null }),
  create('Rollout', 'history of none', { ...policy, versionHistoryLimit: 0 }),
  create('Rollout', 'history that is text', { ...policy, versionHistoryLimit: '10' }),
  create('Rollout', 'history that is a fraction', { ...policy, versionHistoryLimit: 1.5 }),
  create('Rollout', 'large history', { ...policy, versionHistoryLimit: 3_000_000_000 }),
  create('Rollout', 'null history', { ...policy, versionHistoryLimit: null }),
  create('Rollout', 'bad bake time', { ...policy, bakeTime: 'soon' }),
  create('Rollout', 'bake time that is a number', { ...policy, bakeTime: 10 }),
  create('Rollout', 'bad wanted version', { ...policy, wantedVersion: 'a b' }),
  create('Rollout', 'long wanted version', { ...policy, wantedVersion: 'v'.repeat(129) }),
  create('Rollout', 'two wanted versions', {
    releasesImagePolicy: { name: 'app', wantedVersion: '1' },
    wantedVersion: '2',
  }),
  create('Rollout', 'unknown failure policy', { ...policy, failurePolicy: 'Panic' }),
  create('Rollout', 'both forms of a selector', {
    ...policy,
    healthCheckSelector: { selector: {}, matchLabels: { a: 'b' } },
  }),
  create('Rollout', 'unknown operator', {
    ...policy,
    healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'Like' }] },
  }),
  create('Rollout', 'operator without values', {
    ...policy,
    healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
  }),
  create('Rollout', 'operator with values', {
    ...policy,
    healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
  }),
  create('Rollout', 'bad label value', { ...policy, healthCheckSelector: { matchLabels: { a: '-' } } }),
  create('Rollout', 'many faults', { versionHistoryLimit: 0, bakeTime: 'soon', failurePolicy: 'Panic' }),
  create('Rollout', 'unknown fields', { ...policy, wanted: '1', releasesImagePolicy: { name: 'app', tag: 'x' } }),
  strict('Rollout', 'unknown fields', { ...policy, wanted: '1', releasesImagePolicy: { name: 'app', tag: 'x' } }),
  create('Rollout', 'status is not for creation', policy, { status: { title: 'x' } }),
  create('Rollout', 'fields beside the spec', policy, { data: {} }),
  patch('Rollout', 'defaults', 'a version is wanted', { spec: { wantedVersion: '1.2.3' } }),
  patch('Rollout', 'defaults', 'a default is taken away', { spec: { versionHistoryLimit: null } }),
  patch('Rollout', 'defaults', 'a patch that is refused', { spec: { wantedVersion: 'a b' } }),
  patch('Rollout', 'defaults', 'a patch of nothing', [{ op: 'remove', path: '/spec/failurePolicy' }], json),
  patch('Rollout', 'defaults', 'the annotation of a person', {
    metadata: { annotations: { 'rollout.kuberik.com/unblock-failed': 'true' } },
  }),
  row(
    'Rollout: its status',
    'PATCH',
    `${places.Rollout}/defaults/status?fieldManager=s`,
    {
      status: {
        title: 'App',
        history: [{ id: 1, version: { tag: '1' }, timestamp: now, bakeStatus: 'Succeeded' }],
        conditions: [condition],
      },
    },
    merge,
  ),
  row(
    'Rollout: status with a bad time',
    'PATCH',
    `${places.Rollout}/defaults/status`,
    { status: { history: [{ version: { tag: '1' }, timestamp: 'today' }] } },
    merge,
  ),
  row(
    'Rollout: status without a time',
    'PATCH',
    `${places.Rollout}/defaults/status`,
    { status: { history: [{ version: { tag: '1' } }] } },
    merge,
  ),
  row(
    'Rollout: status with a bad condition',
    'PATCH',
    `${places.Rollout}/defaults/status`,
    { status: { conditions: [{ ...condition, status: 'Yes', reason: 'not a word' }] } },
    merge,
  ),
  row(
    'Rollout: status with equal conditions',
    'PATCH',
    `${places.Rollout}/defaults/status`,
    { status: { conditions: [condition, condition] } },
    merge,
  ),
  row(
    'Rollout: status that is applied',
    'PATCH',
    `${places.Rollout}/defaults/status?fieldManager=a`,
    { ...written('Rollout', 'defaults', undefined), status: { conditions: [{ ...condition, type: 'Stalled' }] } },
    apply,
  ),
  row('Rollout: status of another is kept', 'GET', `${places.Rollout}/defaults/status`),
  {
    ...row('Rollout: table', 'GET', `${places.Rollout}?fieldSelector=metadata.name%3Ddefaults&includeObject=None`),
    accept: asTable,
  },
  row(
    'Rollout: applied',
    'PATCH',
    `${places.Rollout}/applied?fieldManager=a`,
    written('Rollout', 'applied', policy),
    apply,
  ),
  row(
    'Rollout: applied by another',
    'PATCH',
    `${places.Rollout}/applied?fieldManager=b`,
    written('Rollout', 'applied', { ...policy, bakeTime: '1h' }),
    apply,
  ),
  row(
    'Rollout: an atomic policy is contested',
    'PATCH',
    `${places.Rollout}/applied?fieldManager=b`,
    written('Rollout', 'applied', { releasesImagePolicy: { name: 'other' } }),
    apply,
  ),
  row(
    'Rollout: applied in YAML',
    'PATCH',
    `${places.Rollout}/applied?fieldManager=b`,
    'apiVersion: kuberik.com/v1alpha1\nkind: Rollout\nmetadata: {name: applied}\nspec:\n  releasesImagePolicy: {name: app}\n  bakeTime: 2h\n',
    apply,
  ),
  row(
    'Rollout: applied, unknown field',
    'PATCH',
    `${places.Rollout}/applied?fieldManager=b`,
    written('Rollout', 'applied', { ...policy, wanted: 'x' }),
    apply,
  ),
  row(
    'Rollout: put',
    'PUT',
    `${places.Rollout}/applied?fieldManager=u`,
    written('Rollout', 'applied', policy, {
      metadata: { name: 'applied', resourceVersion: '$(Rollout: applied in YAML: metadata.resourceVersion)' },
    }),
  ),
  row(
    'Rollout: created from YAML',
    'POST',
    `${places.Rollout}?fieldManager=y`,
    'apiVersion: kuberik.com/v1alpha1\nkind: Rollout\nmetadata: {name: yaml}\nspec: {releasesImagePolicy: {name: app}}\n',
    yaml,
  ),
  create('RolloutGate', 'defaults', { rolloutRef: { name: 'app' } }),
  create('RolloutGate', 'closed', { rolloutRef: { name: 'app' }, passing: false, allowedVersions: [] }),
  create('RolloutGate', 'no rollout', {}),
  create('RolloutGate', 'nameless rollout', { rolloutRef: {} }),
  create('RolloutGate', 'passing that is text', { rolloutRef: { name: 'app' }, passing: 'yes' }),
  create('RolloutGate', 'versions that are text', { rolloutRef: { name: 'app' }, allowedVersions: '1' }),
  create('RolloutGate', 'versions that are numbers', { rolloutRef: { name: 'app' }, allowedVersions: [1] }),
  strict('RolloutGate', 'unknown field', { rolloutRef: { name: 'app' }, pasing: true }),
  row(
    'RolloutGate: its empty status',
    'PATCH',
    `${places.RolloutGate}/defaults/status?fieldManager=s`,
    { status: { x: 1 } },
    merge,
  ),
  create('RolloutSchedule', 'defaults', always),
  create('RolloutSchedule', 'no rules', { ...always, rules: [] }),
  create('RolloutSchedule', 'no selector', { rules: always.rules }),
  create('RolloutSchedule', 'empty rule', { ...always, rules: [{}] }),
  create('RolloutSchedule', 'bad time', { ...always, rules: [{ timeRange: { start: '24:00', end: '7' } }] }),
  create('RolloutSchedule', 'half a range', { ...always, rules: [{ timeRange: { start: '08:00' } }] }),
  create('RolloutSchedule', 'unknown day', { ...always, rules: [{ daysOfWeek: ['Caturday'] }] }),
  create('RolloutSchedule', 'dates the wrong way round', {
    ...always,
    rules: [{ dateRange: { start: '2026-02-01', end: '2026-01-01' } }],
  }),
  create('RolloutSchedule', 'bad date', {
    ...always,
    rules: [{ dateRange: { start: '2026-02-30', end: '2026-13-01' } }],
  }),
  create('RolloutSchedule', 'unknown action', { ...always, action: 'Maybe' }),
  create('RolloutSchedule', 'two bad rules', { ...always, rules: [{}, { name: 'x' }, { daysOfWeek: [1] }] }),
  strict('RolloutSchedule', 'unknown field', { ...always, rules: [{ name: 'x', day: 'Monday' }] }),
  create('ClusterRolloutSchedule', 'defaults', { ...always, namespaceSelector: { matchLabels: { team: 'a' } } }),
  create('ClusterRolloutSchedule', 'bad namespaces', {
    ...always,
    namespaceSelector: { matchExpressions: [{ key: '', operator: 'In' }] },
  }),
  row('ClusterRolloutSchedule: in a namespace', 'GET', `${home}/clusterrolloutschedules`),
  create('HealthCheck', 'defaults', {}),
  create('HealthCheck', 'no spec', undefined),
  create('HealthCheck', 'class that is a number', { class: 1 }),
  row(
    'HealthCheck: its verdict',
    'PATCH',
    `${places.HealthCheck}/defaults/status?fieldManager=judge`,
    { status: { status: 'Healthy', lastChangeTime: now } },
    merge,
  ),
  row(
    'HealthCheck: a bad time',
    'PATCH',
    `${places.HealthCheck}/defaults/status`,
    { status: { lastErrorTime: 'never' } },
    merge,
  ),
  create('Environment', 'defaults', app),
  create('Environment', 'github without project', { ...app, backend: { type: 'github' } }),
  create('Environment', 'bad project', { ...app, backend: { type: 'github', project: 'repo' } }),
  create('Environment', 'unknown backend', { ...app, backend: { type: 'pigeon' } }),
  create('Environment', 'waits for itself', { ...app, relationship: { environment: 'prod', type: 'After' } }),
  create('Environment', 'waits without a name', {
    ...app,
    environment: undefined,
    relationship: { environment: 'dev', type: 'After' },
  }),
  create('Environment', 'unknown relationship', { ...app, relationship: { environment: 'dev', type: 'Before' } }),
  create('Environment', 'nothing', {}),
  create('RolloutTest', 'defaults', test),
  create('RolloutTest', 'whole job', {
    ...test,
    jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { backoffLimit: 0, template: pod } },
  }),
  create('RolloutTest', 'no pod', { ...test, jobTemplate: {} }),
  create('RolloutTest', 'two pods', { ...test, jobTemplate: { template: pod, spec: { template: pod } } }),
  create('RolloutTest', 'no container', { ...test, jobTemplate: { template: { spec: { containers: [] } } } }),
  create('RolloutTest', 'nameless container', {
    ...test,
    jobTemplate: { template: { spec: { containers: [{ image: 'x' }] } } },
  }),
  create('RolloutTest', 'step zero', { ...test, stepIndex: 0 }),
  create('RolloutTest', 'no rollout', { ...test, rolloutName: '' }),
  strict('RolloutTest', 'unknown fields are kept in the pod alone', {
    ...test,
    jobTemplate: { backof: 1, template: { spec: { ...pod.spec, any: 1 } } },
  }),
  ...Object.entries(places).map(([kind, path]) => ({
    ...row(`${kind}: table of all`, 'GET', `${path}?includeObject=None`),
    accept: asTable,
  })),
  ...Object.entries(places).map(([kind, path]) =>
    row(`${kind}: away with all`, 'DELETE', `${path}?labelSelector=none`),
  ),
];
