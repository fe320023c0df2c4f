/** What the sandbox does by itself about roles; that it judges as kube-apiserver does is shown in `test/conformance`. */
import { expect, test } from 'vitest';
import { TestServer } from '../testing.fixture.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const reading = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }];
const bearer = { authorization: 'Bearer secret' };

const role = (name: string, label: string, rules: object[] = reading, rest: object = {}): object => ({
  metadata: { name, labels: { [label]: 'true' } },
  rules,
  ...rest,
});
const madeOf = (label: string): object => ({
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
});

async function rulesOf(server: TestServer, name: string): Promise<unknown> {
  return (await server.get(`${rbac}/clusterroles/${name}`)).body.rules;
}

test('a role is made of those with its label, and of what they are made of', async () => {
  await using server = await TestServer.start();
  const create = (body: object) => server.ask('POST', `${rbac}/clusterroles`, body);
  await create(role('outer', 'none', [], madeOf('middle')));
  await create(role('middle', 'middle', [], madeOf('inner')));
  await create(role('inner', 'inner'));
  await create(role('again', 'inner'));
  expect(await rulesOf(server, 'outer')).toEqual(reading);
  const other = [{ apiGroups: ['apps'], resources: ['*'], verbs: ['*'] }];
  await server.ask('PATCH', `${rbac}/clusterroles/inner`, { rules: other });
  expect(await rulesOf(server, 'outer')).toEqual([...reading, ...other]);
  await server.ask('DELETE', `${rbac}/clusterroles/again`);
  expect(await rulesOf(server, 'outer')).toEqual(other);
});

test('the roles that every cluster has take up those with their labels', async () => {
  await using server = await TestServer.start();
  const rules = [{ apiGroups: ['example.com'], resources: ['things'], verbs: ['get'] }];
  await server.ask(
    'POST',
    `${rbac}/clusterroles`,
    role('things', 'rbac.authorization.k8s.io/aggregate-to-view', rules),
  );
  for (const name of ['view', 'edit', 'admin'])
    expect(await rulesOf(server, name)).toEqual(expect.arrayContaining(rules));
  expect(await rulesOf(server, 'cluster-admin')).not.toEqual(expect.arrayContaining(rules));
});

test("an open server is an administrator's without a token, and asks for roles with one", async () => {
  const tokens = { secret: { username: 'jane', groups: ['devs'] } };
  await using server = await TestServer.start({ tokens, open: true });
  expect((await server.get(maps)).code).toBe(200);
  expect((await server.ask('GET', maps, undefined, { authorization: 'Bearer other' })).code).toBe(401);
  expect((await server.ask('GET', maps, undefined, bearer)).code).toBe(403);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'devs' }];
  await server.ask('POST', `${rbac}/namespaces/default/rolebindings`, { metadata: { name: 'r' }, roleRef, subjects });
  expect((await server.ask('GET', maps, undefined, bearer)).code).toBe(200);
  expect((await server.ask('GET', '/api/v1/configmaps', undefined, bearer)).code).toBe(403);
});
