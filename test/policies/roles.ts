/** What the ready-made roles allow, and those of Kubernetes that they are a part of. */
import { expect, test } from 'vitest';
import { objectOf, text } from '../../src/sandbox/apiserver/json.ts';
import { eventually } from '../support/eventually.ts';
import { asking, nameOf, operations } from './operations.ts';
import { mergePatch, Room, rollout, type Site } from './site.ts';

const [viewer, deployer, approver, operator] = [
  'kuberik-viewer',
  'kuberik-deployer',
  'kuberik-approver',
  'kuberik-operator',
];
const everybody = [viewer, deployer, approver, operator, 'view', 'edit', 'admin'];
const operators = [operator, 'admin'];
const editors = ['edit', ...operators];
const deployers = [deployer, ...editors];

interface Deed {
  readonly name: string;
  readonly by: readonly (string | undefined)[];
  readonly method: string;
  readonly path: (room: Room) => string;
  readonly body?: object;
}

const kind = (name: string, apiVersion = 'kuberik.com/v1alpha1') => ({
  apiVersion,
  kind: name,
  metadata: { name: 'made' },
});
const reads = (plural: string, group?: string): Deed => {
  return { name: `read ${plural}`, by: everybody, method: 'GET', path: (room) => room.path(plural, group) };
};
const patches = (name: string, by: Deed['by'], path: Deed['path'], body: object): Deed => {
  return { name, by, method: 'PATCH', path, body };
};
const creates = (plural: string, by: Deed['by'], body: object, group?: string): Deed => {
  return { name: `create ${plural}`, by, method: 'POST', path: (room) => room.path(plural, group), body };
};
const inRollout = (room: Room): string => room.rollout;

const schedule = { rolloutSelector: { matchLabels: { a: 'b' } }, rules: [{ name: 'always' }] };
const environment = {
  rolloutRef: { name: 'app' },
  name: 'app',
  environment: 'prod',
  backend: { type: 'github', project: 'a/b' },
};
const approval = { gateRef: { name: 'qa' }, version: 'v1.0.0', decision: 'Approve', by: 'alice' };

const deeds: readonly Deed[] = [
  ...['rollouts', 'rolloutgates', 'approvals', 'rolloutschedules', 'healthchecks'].map((plural) => reads(plural)),
  reads('environments', 'environments.kuberik.com'),
  reads('rollouttests', 'rollout.kuberik.com'),
  patches('edit a Rollout', deployers, inRollout, { spec: { bakeTime: '9m' } }),
  patches('write a status', [], (room) => `${room.rollout}/status`, { status: { title: 'x' } }),
  creates('rollouts', editors, { ...rollout(), metadata: { name: 'made' } }),
  { name: 'delete a Rollout', by: editors, method: 'DELETE', path: inRollout },
  ...operations.map((operation) => {
    const everyday = ['deploy', 'retry', 'rollback'].includes(operation.verb);
    return patches(nameOf(operation), everyday ? deployers : operators, inRollout, asking(operation));
  }),
  patches('open a gate', operators, (room) => room.path('rolloutgates/qa'), { spec: { passing: true } }),
  { name: 'delete a gate', by: operators, method: 'DELETE', path: (room) => room.path('rolloutgates/qa') },
  creates('rolloutschedules', operators, { ...kind('RolloutSchedule'), spec: schedule }),
  creates('approvals', [approver, ...operators], { ...kind('Approval'), spec: approval }),
  { name: 'delete an approval', by: operators, method: 'DELETE', path: (room) => room.path('approvals/there') },
  patches('edit a HealthCheck', editors, (room) => room.path('healthchecks/app'), { metadata: { labels: { a: 'b' } } }),
  creates(
    'environments',
    editors,
    { ...kind('Environment', 'environments.kuberik.com/v1alpha1'), spec: environment },
    'environments.kuberik.com',
  ),
  {
    name: 'freeze',
    by: [],
    method: 'POST',
    path: () => freezes,
    body: { ...kind('Freeze'), spec: { reason: 'stop' } },
  },
  { name: 'read freezes', by: [], method: 'GET', path: () => freezes },
];
const freezes = '/apis/kuberik.com/v1alpha1/freezes';

/** Nothing is changed by a trial. */
async function mayDo(room: Room, { method, path, body }: Deed): Promise<boolean> {
  const trial = method === 'GET' ? path(room) : `${path(room)}?dryRun=All`;
  const headers = method === 'PATCH' ? mergePatch : {};
  // The storage of a definition that is new is there a moment later.
  const { code, body: answer } = await eventually(async () => {
    const said = await room.site.ask('alice', method, trial, body, headers);
    expect(said.code).not.toBe(429);
    return said;
  });
  if (code >= 300) expect([403, JSON.stringify(answer)]).toEqual([code, JSON.stringify(answer)]);
  return code < 300;
}

async function furnished(site: Site, name: string): Promise<Room> {
  const room = await Room.open(site, name);
  await room.deliver();
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const me = objectOf(objectOf(objectOf(await room.done('administrator', 'POST', path, review)).status).userInfo);
  const others = {
    rolloutgates: { kind: 'RolloutGate', metadata: { name: 'qa' }, spec: { rolloutRef: { name: 'app' } } },
    healthchecks: { kind: 'HealthCheck', metadata: { name: 'app' }, spec: {} },
    approvals: { kind: 'Approval', metadata: { name: 'there' }, spec: { ...approval, by: text(me.username) } },
  };
  for (const [plural, object] of Object.entries(others))
    expect(await room.create('administrator', plural, object)).toBe('');
  return room;
}

export function describeRoles(site: () => Site): void {
  test.concurrent.each(everybody)('%s allows what it says', async (role = '') => {
    const room = await furnished(site(), `role-${role}`);
    await room.bind('alice', 'ClusterRole', role);
    for (const deed of deeds) expect([deed.name, await mayDo(room, deed)]).toEqual([deed.name, deed.by.includes(role)]);
  });

  test.concurrent('an operator of the whole cluster stops the line', async () => {
    const room = await Room.open(site(), 'freezer');
    const rbac = 'rbac.authorization.k8s.io';
    const name = room.namespace;
    const bindings = `/apis/${rbac}/v1/clusterrolebindings`;
    await room.done('administrator', 'POST', bindings, {
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: operator },
      subjects: [{ apiGroup: rbac, kind: 'Group', name }],
    });
    const as = { 'impersonate-user': 'carol', 'impersonate-group': name };
    const freeze = { ...kind('Freeze'), spec: { reason: 'stop' } };
    await eventually(async () => {
      expect(await room.said('administrator', 'POST', `${freezes}?dryRun=All`, freeze, as)).toBe('');
    });
    const other = { 'impersonate-user': 'carol' };
    expect(await room.said('administrator', 'POST', `${freezes}?dryRun=All`, freeze, other)).toMatch(/^403 /);
    await room.done('administrator', 'DELETE', `${bindings}/${name}`);
  });
}
