/** Rows about what decides when a version goes out: gates with a class, approvals, freezes. */
import { asTable, merge, row, type TableRequest } from './request.ts';

const home = '/apis/kuberik.com/v1alpha1/namespaces/table';
const places = {
  RolloutGate: `${home}/rolloutgates`,
  Approval: `${home}/approvals`,
  Freeze: '/apis/kuberik.com/v1alpha1/freezes',
} as const;
type Kind = keyof typeof places;

const create = (kind: Kind, what: string, spec: unknown): TableRequest =>
  row(`${kind}: ${what}`, 'POST', `${places[kind]}?fieldManager=t`, {
    apiVersion: 'kuberik.com/v1alpha1',
    kind,
    metadata: { name: what.replaceAll(' ', '-') },
    spec,
  });
const patch = (kind: Kind, name: string, what: string, body: unknown): TableRequest =>
  row(`${kind}: ${what}`, 'PATCH', `${places[kind]}/${name}?fieldManager=p`, body, merge);
const table = (kind: Kind, names: string): TableRequest => ({
  ...row(`${kind}: in a table`, 'GET', `${places[kind]}?fieldSelector=metadata.name%3D${names}&includeObject=None`),
  accept: asTable,
});

const gate = { rolloutRef: { name: 'app' } };
const approval = { gateRef: { name: 'qa' }, version: '1.0.0', decision: 'Approve', by: 'jane' };
const digest = `sha256:${'a'.repeat(64)}`;

export const decisionRows: readonly TableRequest[] = [
  create('RolloutGate', 'manual', { ...gate, class: 'manual', approval: { required: 2, notBy: 'deployer' } }),
  create('RolloutGate', 'manual by nobody', { ...gate, class: 'manual', approval: { required: 0 } }),
  create('RolloutGate', 'manual by somebody', { ...gate, class: 'manual', approval: { notBy: 'me' } }),
  create('RolloutGate', 'manual for a while', { ...gate, class: 'manual', approval: { expiresAfter: 'soon' } }),
  create('RolloutGate', 'approval without a class', { ...gate, approval: { required: 1 } }),
  create('RolloutGate', 'asking', { ...gate, class: 'http', http: { url: 'https://example.com/may', timeout: '5s' } }),
  create('RolloutGate', 'asking nobody', { ...gate, class: 'http' }),
  create('RolloutGate', 'asking without a class', { ...gate, http: { url: 'https://example.com/may' } }),
  create('RolloutGate', 'asking somewhere', { ...gate, class: 'http', http: { url: 'example' } }),
  create('RolloutGate', 'asking oddly', {
    ...gate,
    class: 'http',
    http: { url: 'https://example.com', method: 'BREW' },
  }),
  create('RolloutGate', 'of another class', { ...gate, class: 'example.com/moon' }),
  create('RolloutGate', 'of a bad class', { ...gate, class: 'a b' }),
  create('Approval', 'vote', approval),
  create('Approval', 'vote by digest', { ...approval, version: undefined, digest, reason: 'seen it' }),
  create('Approval', 'vote about nothing', { ...approval, version: undefined }),
  create('Approval', 'vote of nobody', { ...approval, by: '' }),
  create('Approval', 'vote without a gate', { ...approval, gateRef: {} }),
  create('Approval', 'another decision', { ...approval, decision: 'Maybe' }),
  create('Approval', 'a bad digest', { ...approval, digest: 'sha256:1' }),
  create('Approval', 'a bad version', { ...approval, version: 'a b' }),
  create('Approval', 'nothing', {}),
  patch('Approval', 'vote', 'is changed', { spec: { decision: 'Reject' } }),
  patch('Approval', 'vote', 'is signed anew', { spec: { by: 'joe' } }),
  patch('Approval', 'vote', 'gets a label', { metadata: { labels: { a: 'b' } } }),
  table('Approval', 'vote'),
  create('Freeze', 'stop', { reason: 'an incident', until: '2026-12-24T00:00:00Z' }),
  create('Freeze', 'stop some', {
    reason: 'an incident',
    namespaceSelector: { matchLabels: { team: 'a' } },
    rolloutSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] },
  }),
  create('Freeze', 'without a reason', {}),
  create('Freeze', 'without words', { reason: '' }),
  create('Freeze', 'until some day', { reason: 'x', until: 'tomorrow' }),
  create('Freeze', 'with a bad selector', {
    reason: 'x',
    rolloutSelector: { matchExpressions: [{ key: 'a', operator: 'Like' }] },
  }),
  patch('Freeze', 'stop', 'goes on', { spec: { until: null, reason: 'still' } }),
  table('Freeze', 'stop'),
];
