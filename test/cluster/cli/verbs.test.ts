/** The main verbs against the real API server: real credentials, real roles, the real policies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Approval } from '../../../src/api/approval.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { ExitCode } from '../../../src/cli/errors.ts';
import { type Run, start, wordsOf } from '../../cli/command.ts';
import { eventually } from '../../support/eventually.ts';
import { gate } from '../../support/objects.ts';
import { writeKubeconfig } from '../control-plane/credentials.ts';
import { sharedCluster } from '../support/cluster.ts';
import { serviceAccountToken } from '../support/controller.ts';
import type { ClusterSpace } from '../support/space.ts';

const cluster = sharedCluster();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-cluster-cli-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Say = (line: string) => Promise<Run>;

/** A person with a token of their own and a role in the namespace; for the API server a service account. */
async function person(space: ClusterSpace, name: string, role: string): Promise<Say> {
  const { connection } = cluster();
  const rbac = 'rbac.authorization.k8s.io';
  await space.put(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace: space.namespace }],
    },
  );
  const token = await serviceAccountToken(connection, name, space.namespace);
  const path = join(folder, `${space.namespace}-${name}`);
  const config = writeKubeconfig(path, connection.server, connection.caFile, { token }, space.namespace);
  return (line) => start(['--kubeconfig', config, ...wordsOf(line)]).ended;
}

function administrator(space: ClusterSpace): Say {
  const { kubeconfig } = cluster().connection;
  return (line) => start(['-n', space.namespace, '--kubeconfig', kubeconfig, ...wordsOf(line)]).ended;
}

const userName = (space: ClusterSpace, name: string) => `system:serviceaccount:${space.namespace}:${name}`;

async function held(name: string, spec: Readonly<Record<string, unknown>>): Promise<ClusterSpace> {
  const space = await cluster().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('board', 'app', spec));
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag)).toEqual(['v1.1.0']);
  });
  return space;
}

test.concurrent('one deploys, two others approve, each as whom the API server knows them', async () => {
  const space = await held('cli-approve', { class: 'manual', approval: { required: 2, notBy: 'deployer' } });
  const jane = await person(space, 'jane', 'kuberik-deployer');
  const bob = await person(space, 'bob', 'kuberik-approver');
  const ann = await person(space, 'ann', 'kuberik-approver');
  const deployed = await jane('deploy app v1.1.0 -m CHG-7');
  expect([deployed.code, deployed.err]).toEqual([ExitCode.Ok, '']);
  expect(deployed.out).toContain(`as soon as gate board lets it through.\n`);
  expect(deployed.out).toContain(`requested by ${userName(space, 'jane')}: `);
  expect((await bob('approve board')).out).toContain('which makes 1 of 2 approvals: 1 more is needed.\n');
  const last = await ann('approve board v1.1.0 -m fine --wait');
  expect([last.code, last.err]).toEqual([ExitCode.Ok, '']);
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]).toMatchObject({
    message: 'CHG-7',
    triggeredBy: { kind: 'User', name: userName(space, 'jane') },
  });
  const { items } = await space.client.list(Approval, { namespace: space.namespace });
  const approvals = items.map((item) => Approval.parse(item).spec);
  expect(approvals.map(({ by }) => by).toSorted()).toEqual([userName(space, 'ann'), userName(space, 'bob')]);
  const { version } = (await space.entries())[0] ?? {};
  expect(approvals.map(({ digest }) => digest)).toEqual([version?.digest, version?.digest]);
});

test.concurrent('without the verb it is refused before anything is written, and as somebody else only by who may', async () => {
  const space = await held('cli-refused', { passing: false });
  const jane = await person(space, 'jane', 'kuberik-deployer');
  const forced = await jane('deploy app v1.1.0 --force');
  expect([forced.code, forced.out]).toEqual([ExitCode.Forbidden, '']);
  expect(forced.err).toContain(
    `the verb "force-deploy" on rollouts.kuberik.com in namespace ${space.namespace} is missing`,
  );
  expect((await jane('approve board')).code).toBe(ExitCode.Failure);
  expect((await jane('freeze stop -m x')).err).toContain('kuberik-operator');
  const other = await jane('deploy app v1.1.0 --as admin');
  expect(other.code).toBe(ExitCode.Forbidden);
  expect(other.err).toContain('impersonate');
  const say = administrator(space);
  const asJane = await say(`deploy app v1.1.0 --force --as ${userName(space, 'jane')}`);
  expect(asJane.err).toContain(`${userName(space, 'jane')} may not deploy a version past gates`);
  // Each group is a header of its own: the API server takes one with a comma for one group.
  const asMaster = await say('get rollouts -o name --as nobody --as-group devs --as-group system:masters');
  expect(asMaster.out).toBe('rollout.kuberik.com/app\n');
  expect((await space.get(Rollout)).metadata.annotations ?? {}).toEqual({});
});

test.concurrent('force, roll back, pin, revoke: each with its wait', async () => {
  const space = await held('cli-verbs', { passing: false });
  const say = administrator(space);
  expect(await say('deploy app v1.1.1 --force')).toMatchObject({
    code: ExitCode.NotFound,
    err: expect.stringContaining('did you mean v1.1.0'),
  });
  const dry = await say('deploy app v1.1.0 --force --dry-run=server');
  expect([dry.code, dry.out.includes('nothing was changed')]).toEqual([ExitCode.Ok, true]);
  const forced = await say('deploy app v1.1.0 --force --wait -m hotfix');
  expect([forced.code, forced.err]).toEqual([ExitCode.Ok, '']);
  expect(forced.out).toMatch(/^Deploys v1\.1\.0 to \S+ now, past the closed gate board\.\n/);
  const back = await say('rollback app --wait -o json');
  expect(JSON.parse(back.out)).toMatchObject({
    operation: 'rollback',
    version: 'v1.0.0',
    user: 'admin',
    result: 'done',
  });
  expect((await say('pin app v1.1.0 --wait')).code).toBe(ExitCode.Ok);
  expect((await say('revoke app v1.0.0 --wait')).out).toContain('v1.0.0 is revoked');
  expect((await say('unpin app --wait')).code).toBe(ExitCode.Ok);
  expect(await space.history()).toEqual([
    'v1.1.0 Succeeded Manual',
    'v1.0.0 Succeeded Manual',
    'v1.1.0 Succeeded Manual',
    'v1.0.0 Succeeded Automatic',
  ]);
  const history = await say('history app');
  expect(history.out).toMatch(/ admin .* hotfix\n/);
});

test.concurrent('a freeze holds, is named, is passed by force, and ends', async () => {
  const space = await held('cli-freeze', { passing: false });
  const name = space.namespace;
  const { kubeconfig } = cluster().connection;
  const say = administrator(space);
  const everywhere: Say = (line) => start(['--kubeconfig', kubeconfig, ...wordsOf(line)]).ended;
  const freeze = await everywhere(
    `freeze ${name} -m "no changes" --for 1h --namespace-selector kubernetes.io/metadata.name=${name}`,
  );
  expect([freeze.code, freeze.err]).toEqual([ExitCode.Ok, '']);
  expect(freeze.out).toContain('(1 now) until ');
  await space.put(gate('board', 'app', { passing: true }));
  await space.says('Progressing', 'False', 'Frozen');
  const forced = await say('deploy app v1.1.0 --force --wait');
  expect(forced.out).toContain(`past freeze ${name}.\n`);
  expect((await space.entries())[0]?.freezes).toEqual([name]);
  expect((await everywhere(`unfreeze ${name}`)).code).toBe(ExitCode.Ok);
});
