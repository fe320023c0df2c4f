/** Nobody signs for somebody else. */
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { editing, Room, type Site } from './site.ts';

const rbac = 'rbac.authorization.k8s.io';
const approving = {
  apiGroups: ['kuberik.com'],
  resources: ['approvals'],
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};

function approval(name: string, by: string, decision = 'Approve'): object {
  return { kind: 'Approval', metadata: { name }, spec: { gateRef: { name: 'qa' }, version: 'v1.1.0', decision, by } };
}

export function describeIdentity(site: () => Site): void {
  test.concurrent('two people approve, each for themselves', async () => {
    const room = await Room.open(site(), 'approvals');
    for (const person of ['alice', 'bob'] as const) {
      await room.allow(person, editing(), approving);
      expect(await room.create(person, 'approvals', approval(`of-${person}`, person))).toBe('');
    }
    const forged = await room.create('alice', 'approvals', approval('forged', 'bob'));
    expect(forged).toMatch(/^403 approvals\.kuberik\.com "forged" is forbidden: /);
    expect(forged).toContain('spec.by must be your own user name, alice, not bob');
    // Not even an administrator signs for somebody.
    expect(await room.create('administrator', 'approvals', approval('forged', 'bob'))).toContain(', not bob');
    const { items } = (await room.done('alice', 'GET', room.path('approvals'))) as {
      items: { spec: { by: string } }[];
    };
    expect(items.map(({ spec }) => spec.by)).toEqual(['alice', 'bob']);
  });

  test.concurrent('an approval never changes', async () => {
    const room = await Room.open(site(), 'unchanged');
    await room.allow('alice', editing(), approving);
    expect(await room.create('alice', 'approvals', approval('a', 'alice', 'Reject'))).toBe('');
    const path = room.path('approvals/a');
    for (const spec of [{ decision: 'Approve' }, { by: 'bob' }, { version: 'v1.2.0' }, { reason: 'because' }]) {
      for (const person of ['alice', 'administrator'] as const)
        expect(await room.patch(person, { spec }, path)).toContain('an Approval never changes: create another one');
    }
    expect(await room.patch('alice', { metadata: { labels: { a: 'b' } } }, path)).toBe('');
    expect(await room.said('alice', 'DELETE', path)).toBe('');
  });

  test.concurrent('deploy-user is who writes it', async () => {
    const room = await Room.open(site(), 'deploy-user');
    await room.deliver();
    await room.allow('alice', editing());
    await room.allow('bob', editing());
    const forged = await room.annotate('alice', { 'deploy-user': 'bob' });
    expect(forged).toMatch(/^403 /);
    expect(forged).toContain('the annotation rollout.kuberik.com/deploy-user must name you, alice, not bob');
    expect(await room.annotate('alice', { 'deploy-user': ' bob' })).toContain('must name you');
    expect(await room.annotate('bob', { 'deploy-user': 'bob' })).toBe('');
    expect(await room.annotate('alice', { 'deploy-message': 'bob is in it already' })).toBe('');
    expect(await room.annotate('alice', { 'deploy-user': 'carol' })).toContain('must name you');
    expect(await room.annotate('alice', { 'deploy-user': null })).toBe('');
    expect(await room.annotate('alice', { 'deploy-user': 'alice' })).toBe('');
  });

  test.concurrent('nobody signs what somebody else asked for, nor asks under a name that is there', async () => {
    const room = await Room.open(site(), 'signature');
    await room.deliver();
    await room.allow('alice', editing('deploy', 'force-deploy', 'revoke', 'pin', 'retry'));
    await room.allow('bob', editing('deploy', 'force-deploy', 'revoke', 'pin', 'retry'));
    expect(await room.annotate('alice', { deploy: 'v1.1.0', 'deploy-user': 'alice' })).toBe('');
    // Taking the request over would let alice approve it.
    expect(await room.annotate('bob', { 'deploy-user': 'bob' })).toContain('a request is waiting already');
    expect(await room.annotate('bob', { 'deploy-user': null })).toBe('');
    expect(await room.annotate('bob', { 'deploy-user': 'bob' })).toContain('a request is waiting already');
    expect(await room.annotate('alice', { deploy: 'v1.2.0', 'deploy-user': 'alice' })).toBe('');
    // Under alice's name.
    expect(await room.annotate('bob', { 'force-deploy': 'v1.1.0' })).toContain('must name you, bob, not alice');
    expect(await room.patch('bob', { spec: { wantedVersion: 'v1.1.0' } })).toContain('must name you, bob, not alice');
    // Beside her request, and not about it.
    expect(await room.annotate('bob', { revoke: 'v1.0.0' })).toBe('');
    expect(await room.annotate('bob', { deploy: null, 'force-deploy': 'v1.1.0', 'deploy-user': 'bob' })).toBe('');
    expect(await room.annotate('alice', { 'force-deploy': null })).toBe('');
    expect(await room.annotate('alice', { retry: '' })).toContain('must name you, alice, not bob');
    expect(await room.annotate('alice', { retry: '', 'deploy-user': 'alice' })).toBe('');
  });

  test.concurrent('whoever may impersonate a user may write for that one', async () => {
    const room = await Room.open(site(), 'dashboard');
    await room.deliver();
    await room.allow('alice', editing());
    const name = `dashboard-${room.namespace}`;
    const path = `/apis/${rbac}/v1`;
    const rules = [{ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['dave'] }];
    await room.done('administrator', 'POST', `${path}/clusterroles`, { metadata: { name }, rules });
    await room.done('administrator', 'POST', `${path}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: 'alice' }],
    });
    const dave = { verb: 'impersonate', group: '', resource: 'users', name: 'dave', namespace: '' };
    await eventually(async () => {
      expect(await room.may('alice', dave)).toBe(true);
    });
    expect(await room.annotate('alice', { 'deploy-user': 'dave' })).toBe('');
    expect(await room.annotate('alice', { 'deploy-user': 'bob' })).toContain('must name you');
    await room.done('administrator', 'DELETE', `${path}/clusterrolebindings/${name}`);
  });

  test.concurrent('an administrator who acts as somebody is judged as that one', async () => {
    const room = await Room.open(site(), 'as');
    await room.deliver();
    await room.allow('bob', editing());
    const as = { 'impersonate-user': 'bob', 'content-type': 'application/merge-patch+json' };
    const annotations = { 'rollout.kuberik.com/force-deploy': 'v1.1.0' };
    const patch = { metadata: { annotations } };
    expect(await room.said('administrator', 'PATCH', room.rollout, patch, as)).toContain('which bob does not have');
    expect(await room.said('administrator', 'DELETE', room.path('rolloutgates/a'), undefined, as)).toContain(
      'User "bob" cannot delete resource "rolloutgates"',
    );
    const alice = { 'impersonate-user': 'alice' };
    expect(await room.said('bob', 'GET', room.rollout, undefined, alice)).toContain(
      'User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });
}
