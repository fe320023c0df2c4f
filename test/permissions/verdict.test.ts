/** The judge at the end of a run can say no: to each of the things that it is there for. */
import { expect, test } from 'vitest';
import { type AuditEvent, controllerUser, type Volume } from '../cluster/permissions/ledger.ts';
import { judge } from '../cluster/permissions/verdict.ts';

const by = (role: string) => ({
  'authorization.k8s.io/decision': 'allow',
  'authorization.k8s.io/reason': `RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "${role}" to ServiceAccount "y"`,
});

function event(verb: string, resource: string, more: Partial<AuditEvent> = {}): AuditEvent {
  const [name = '', subresource] = resource.split('/');
  const objectRef = { resource: name, apiGroup: 'kuberik.com', ...(subresource !== undefined && { subresource }) };
  const user = { username: controllerUser };
  return {
    verb,
    requestURI: '/',
    user,
    objectRef,
    responseStatus: { code: 200 },
    annotations: by('kuberik-controller'),
    ...more,
  };
}

const secret = (verb: string, name?: string): AuditEvent =>
  event(verb, 'secrets', {
    objectRef: { resource: 'secrets', namespace: 'team', ...(name !== undefined && { name }) },
  });

/** Somebody writes an object that names a Secret. */
const names = (namespace: string, requestObject: unknown): AuditEvent => ({
  ...event('patch', 'rolloutgates'),
  user: { username: 'somebody' },
  objectRef: { resource: 'rolloutgates', apiGroup: 'kuberik.com', namespace },
  requestObject,
});

const run = (plane: string, ...events: readonly AuditEvent[]): Volume => ({ plane, flags: [], events });
const named = names('team', { spec: { http: { headersSecretRef: { name: 'access' } } } });

test.each<[string, readonly AuditEvent[], readonly string[]]>([
  ['a right that is shipped and used', [event('list', 'rollouts')], []],
  [
    'a refusal',
    [
      event('delete', 'rollouts', {
        responseStatus: { code: 403 },
        annotations: { 'authorization.k8s.io/decision': 'forbid' },
      }),
    ],
    ['p: it was refused delete rollouts.kuberik.com: ship the right, or do not ask'],
  ],
  ['an admission policy that refuses', [event('list', 'rollouts', { responseStatus: { code: 403 } })], []],
  [
    'a right by a role of somebody else',
    [event('list', 'rollouts', { annotations: by('cluster-admin') })],
    [expect.stringContaining('list rollouts.kuberik.com was allowed by what is not shipped') as string],
  ],
  [
    'a right that the role has not in its file',
    [event('delete', 'rollouts')],
    [expect.stringContaining('delete rollouts.kuberik.com was allowed by what is not shipped') as string],
  ],
  ['what everybody may', [event('get', 'x', { annotations: by('system:discovery') })], []],
  ['requests of others', [event('delete', 'rollouts', { user: { username: 'somebody' } })], []],
  ['a Secret that an object of its namespace names', [named, secret('get', 'access')], []],
  [
    'a list of Secrets',
    [named, secret('list')],
    [expect.stringContaining('list of Secrets'), expect.anything()] as string[],
  ],
  [
    'a watch of Secrets',
    [secret('watch')],
    [expect.stringContaining('watch of Secrets'), expect.anything()] as string[],
  ],
  [
    'a Secret that nobody names',
    [secret('get', 'access')],
    ['p: Secret team/access was read, and nothing in its namespace names it'],
  ],
  [
    'a Secret that another namespace names',
    [names('others', named.requestObject), secret('get', 'access')],
    ['p: Secret team/access was read, and nothing in its namespace names it'],
  ],
])('%s', (_, events, faults) => {
  expect(judge([run('p', ...events)]).faults).toEqual(faults);
});

test('a right that nothing needed is told, with its role', () => {
  const { unused } = judge([run('p', event('list', 'rollouts'))]);
  expect(unused).toContain('patch rollouts.kuberik.com (kuberik-controller)');
  expect(unused).toContain('update leases.coordination.k8s.io (kuberik-leader-election)');
  expect(unused).not.toContain('list rollouts.kuberik.com (kuberik-controller)');
});

test('an apply that makes an object takes the right to create it, and an owner that of its finalizers', () => {
  const owner = { apiVersion: 'kuberik.com/v1alpha1', kind: 'RolloutSchedule', blockOwnerDeletion: true };
  const made = event('create', 'rolloutgates', { requestObject: { metadata: { ownerReferences: [owner] } } });
  const applied = event('patch', 'healthchecks', { responseStatus: { code: 201 } });
  const flags = ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'];
  const right = 'update rolloutschedules.kuberik.com/finalizers (kuberik-controller)';
  const { unused } = judge([{ ...run('p', made, applied), flags }]);
  expect(unused).not.toContain(right);
  expect(unused).not.toContain('create healthchecks.kuberik.com (kuberik-controller)');
  expect(judge([run('p', made)]).unused).toContain(right);
});

test('where tests take rights away nothing is learned', () => {
  const refused = event('list', 'rollouts', {
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
    responseStatus: { code: 403 },
  });
  expect(judge([run('runtime-denied', refused)]).faults).toEqual([]);
});
