/** The roles of the installation, as the API server itself reads them. */
import { expect, test } from 'vitest';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { eventually } from '../../support/eventually.ts';
import { gate, rollout } from '../../support/objects.ts';
import { sharedCluster } from '../support/cluster.ts';
import { NAMESPACE } from '../support/controller.ts';
import { kubectl, kubectlWith } from '../support/kubectl.ts';
import { controllerAccount, may, person } from './access.ts';
import { controllerUser } from './ledger.ts';

const cluster = sharedCluster();

test.concurrent.each([
  'get secrets',
  'patch rollouts.kuberik.com',
  'update rollouts.kuberik.com/status',
  'update healthchecks.kuberik.com/status',
  'patch healthchecks.kuberik.com',
  'delete healthchecks.kuberik.com',
  'create jobs.batch',
  'delete jobs.batch',
  'list pods',
  'create rolloutgates.kuberik.com',
  'update rolloutgates.kuberik.com',
  'delete rolloutgates.kuberik.com',
  'update rolloutschedules.kuberik.com/status',
  'update clusterrolloutschedules.kuberik.com/status',
  'update rolloutgates.kuberik.com/status',
  'patch kustomizations.kustomize.toolkit.fluxcd.io',
  'patch ocirepositories.source.toolkit.fluxcd.io',
  // Of inventories, as far as the kind has a health.
  'watch deployments.apps',
  'watch statefulsets.apps',
  'watch jobs.batch',
  'watch services',
  'watch ingresses.networking.k8s.io',
  'watch customresourcedefinitions.apiextensions.k8s.io',
  'watch validatingwebhookconfigurations.admissionregistration.k8s.io',
  'watch kustomizations.kustomize.toolkit.fluxcd.io',
  'watch helmreleases.helm.toolkit.fluxcd.io',
  'watch rolloutschedules.kuberik.com',
  'watch rollouts.rollouts.kruise.io',
])('the controller may %s', async (request) => {
  await eventually(async () => {
    expect(await may(cluster().client, controllerAccount, request)).toBe(true);
  });
});

test.concurrent.each([
  'list secrets',
  'watch secrets',
  'create secrets',
  'list configmaps',
  'get serviceaccounts',
  'create serviceaccounts/token',
  'update rollouts.kuberik.com',
  'create rollouts.kuberik.com',
  'delete rollouts.kuberik.com',
  'patch rolloutgates.kuberik.com',
  'update rolloutschedules.kuberik.com',
  'create rolloutschedules.kuberik.com',
  'delete clusterrolloutschedules.kuberik.com',
  'update healthchecks.kuberik.com',
  'update jobs.batch',
  'get pods/log',
  'create pods',
  'create kustomizations.kustomize.toolkit.fluxcd.io',
  'delete kustomizations.kustomize.toolkit.fluxcd.io',
  'update kustomizations.kustomize.toolkit.fluxcd.io',
  'patch kustomizations.kustomize.toolkit.fluxcd.io/status',
  'patch imagepolicies.image.toolkit.fluxcd.io',
  'patch deployments.apps',
  'update deployments.apps',
  'delete deployments.apps',
  'update deployments.apps/scale',
  'delete pods',
  'create pods/exec',
  'get pods/log',
  'patch namespaces',
  'get leases.coordination.k8s.io',
  'patch customresourcedefinitions.apiextensions.k8s.io',
  'create clusterrolebindings.rbac.authorization.k8s.io',
  'impersonate users',
])('the controller may not %s', async (request) => {
  expect(await may(cluster().client, controllerAccount, request)).toBe(false);
});

test('the ledger is about the account of the Deployment', () => {
  expect(controllerAccount.user).toBe(controllerUser);
});

test.concurrent('the lease is the only thing that the controller may write in its own namespace alone', async () => {
  const { client } = cluster();
  const asked = ['get', 'create', 'update', 'delete', 'list'].map((verb) =>
    may(client, controllerAccount, `${verb} leases.coordination.k8s.io`, NAMESPACE),
  );
  expect(await Promise.all(asked)).toEqual([true, true, true, false, false]);
});

const everyday = [
  'rollouts.kuberik.com',
  'healthchecks.kuberik.com',
  'environments.environments.kuberik.com',
  'rollouttests.rollout.kuberik.com',
];
/** Whoever may edit these decides when a version goes out. */
const deciding = ['rolloutgates.kuberik.com', 'rolloutschedules.kuberik.com'];
const kinds = [...everyday, ...deciding];

const people = [
  { role: 'view', edits: [] },
  { role: 'edit', edits: everyday },
  { role: 'admin', edits: kinds },
];

/** Binds somebody to a role that every cluster has. */
async function bind(role: string): Promise<{ namespace: string; user: string }> {
  const space = await cluster().space(`people-${role}`);
  const user = `${space.namespace}@example.com`;
  const binding = ['create', 'rolebinding', role, `--clusterrole=${role}`, `--user=${user}`];
  await kubectl(cluster().connection, '-n', space.namespace, ...binding);
  return { namespace: space.namespace, user };
}

test.concurrent.each(people)('whoever has $role in a namespace has it for Kuberik too, there alone', async (row) => {
  const { namespace, user } = await bind(row.role);
  const { client } = cluster();
  const who = person(user);
  const verdicts = async (verbs: readonly string[], those: readonly string[], where: string) => {
    const requests = those.flatMap((kind) => verbs.map((verb) => `${verb} ${kind}`));
    return Promise.all(requests.map((request) => may(client, who, request, where)));
  };
  const [reading, editing] = [
    ['get', 'list', 'watch'],
    ['create', 'update', 'patch', 'delete'],
  ];
  await eventually(async () => {
    expect(await verdicts(reading, [...kinds, 'approvals.kuberik.com'], namespace)).not.toContain(false);
    expect(await verdicts(editing, row.edits, namespace)).not.toContain(false);
  });
  const others = kinds.filter((kind) => !row.edits.includes(kind));
  expect(await verdicts(editing, others, namespace)).not.toContain(true);
  expect(await verdicts([...reading, ...editing], kinds, 'default')).not.toContain(true);
  // What is for a whole cluster is not given with a namespace, nor is what controllers write.
  for (const request of ['create clusterrolloutschedules.kuberik.com', 'create freezes.kuberik.com']) {
    expect(await may(client, who, request)).toBe(false);
  }
  expect(await may(client, who, 'update rollouts.kuberik.com/status', namespace)).toBe(false);
});

test.concurrent('an editor makes a Rollout, a viewer is told what is missing', async () => {
  for (const [role, outcome] of [
    ['edit', 'rollout.kuberik.com/app created'],
    ['view', 'cannot create resource "rollouts" in API group "kuberik.com"'],
  ] as const) {
    const { namespace, user } = await bind(role);
    const create = ['-n', namespace, `--as=${user}`, 'create', '-f', '-'];
    await eventually(async () => {
      const said = await kubectlWith(cluster().connection, JSON.stringify(rollout('app')), ...create).catch(String);
      expect(said).toContain(outcome);
    });
  }
});

test.concurrent('an approval is the edit of one gate, and can be given alone', async () => {
  const space = await cluster().space('approver');
  await space.put(gate('mine', 'app', { passing: false }), gate('other', 'app', { passing: false }));
  const verbs = ['get', 'patch'];
  const rules = [{ apiGroups: ['kuberik.com'], resources: ['rolloutgates'], resourceNames: ['mine'], verbs }];
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'approver' }, rules };
  await kubectlWith(cluster().connection, JSON.stringify(role), '-n', space.namespace, 'create', '-f', '-');
  const { connection } = cluster();
  const user = `${space.namespace}@example.com`;
  await kubectl(connection, '-n', space.namespace, 'create', 'rolebinding', 'a', '--role=approver', `--user=${user}`);
  const open = (name: string) => {
    const patch = ['patch', 'rolloutgate', name, '--type=merge', '-p', '{"spec":{"passing":true}}'];
    return kubectl(connection, '-n', space.namespace, `--as=${user}`, ...patch);
  };
  await eventually(() => open('mine'));
  await expect(open('other')).rejects.toThrow('forbidden');
  expect((await space.get(RolloutGate, 'mine')).spec.passing).toBe(true);
});
