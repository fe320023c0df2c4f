/** Rows about events: what happened to an object, in the old group and in the new one. */
import { merge, ns, row, strategic, type TableRequest } from './request.ts';

const core = `${ns}/events`;
const group = '/apis/events.k8s.io/v1/namespaces/table/events';
const about = { apiVersion: 'kuberik.com/v1alpha1', kind: 'Rollout', namespace: 'table', name: 'app', uid: 'u-1' };
const event = (name: string, rest: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'table' },
  involvedObject: about,
  reason: 'Deployed',
  message: 'version 1.0.0',
  type: 'Normal',
  source: { component: 'kuberik' },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:00:00Z',
  count: 1,
  reportingComponent: 'kuberik',
  reportingInstance: 'kuberik-0',
  ...rest,
});
const newEvent = (name: string, rest: object = {}): object => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name, namespace: 'table' },
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'kuberik.com/controller',
  reportingInstance: 'kuberik-0',
  action: 'Deploy',
  reason: 'Deployed',
  regarding: about,
  note: 'version 1.0.0',
  type: 'Normal',
  ...rest,
});

export const eventRows: readonly TableRequest[] = [
  row('event', 'POST', `${core}?fieldManager=k`, event('told')),
  row(
    'event counts',
    'PATCH',
    `${core}/told?fieldManager=k`,
    { count: 2, lastTimestamp: '2026-01-01T00:01:00Z' },
    strategic,
  ),
  row('event counts on', 'PATCH', `${core}/told?fieldManager=k`, { count: 3 }, merge),
  row('event of the other group', 'GET', `${group}/told`),
  row('event with little in it', 'POST', `${core}?fieldManager=k`, {
    metadata: { name: 'little' },
    involvedObject: { namespace: 'table' },
  }),
  row(
    'event about another namespace',
    'POST',
    core,
    event('far', { involvedObject: { ...about, namespace: 'other' } }),
  ),
  row('event about no namespace', 'POST', core, event('none', { involvedObject: { ...about, namespace: undefined } })),
  row('event of an unknown type', 'POST', `${core}?fieldManager=k`, event('odd', { type: 'Odd' })),
  row('event with a wrong type', 'POST', core, event('wrong', { count: 'x' })),
  row('event with a bad time', 'POST', core, event('late', { firstTimestamp: 'today' })),
  row('new event', 'POST', `${group}?fieldManager=k`, newEvent('new-told')),
  row('new event of the core', 'GET', `${core}/new-told`),
  row('new event without a time', 'POST', group, newEvent('bad', { eventTime: undefined })),
  row('new event without a reason', 'POST', group, newEvent('bad', { reason: undefined })),
  row('new event without an action', 'POST', group, newEvent('bad', { action: undefined })),
  row('new event of an unknown type', 'POST', group, newEvent('bad', { type: 'Odd' })),
  row('new event without a controller', 'POST', group, newEvent('bad', { reportingController: undefined })),
  row(
    'new event in a series',
    'PATCH',
    `${group}/new-told?fieldManager=k`,
    { series: { count: 2, lastObservedTime: '2026-01-01T00:02:00.000000Z' } },
    merge,
  ),
  row('new event tells something else', 'PATCH', `${group}/new-told?fieldManager=k`, { note: 'another' }, merge),
  row(
    'events by object',
    'GET',
    `${core}?fieldSelector=involvedObject.name%3Dapp%2CinvolvedObject.kind%3DRollout%2Creason%3DDeployed`,
  ),
  row('events by source', 'GET', `${core}?fieldSelector=source%3Dkuberik%2Ctype%3DNormal`),
  row('new events by object', 'GET', `${group}?fieldSelector=regarding.name%3Dapp`),
  row('events by an unknown field', 'GET', `${core}?fieldSelector=message%3Dx`),
  row('events away', 'DELETE', core),
];
