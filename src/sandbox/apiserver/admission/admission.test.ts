/** What the sandbox does by itself about policies; that it judges as kube-apiserver does is shown in `test/conformance`. */
import { expect, test } from 'vitest';
import { configMap, TestServer } from '../testing.fixture.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };

function objects(expression: string): readonly object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const spec = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression, message: 'no' }] };
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'p' }, spec },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions: ['Deny'] },
    },
  ];
}

test('a policy is in force from the write that stores it to the one that takes it away', async () => {
  await using server = await TestServer.start();
  const [policy, binding] = objects('false');
  const create = async (name: string) => (await server.ask('POST', maps, configMap(name))).code;
  await server.ask('POST', `${group}/validatingadmissionpolicies`, policy);
  expect(await create('unbound')).toBe(201);
  await server.ask('POST', `${group}/validatingadmissionpolicybindings`, binding);
  expect(await create('denied')).toBe(422);
  await server.ask('PATCH', `${group}/validatingadmissionpolicies/p`, {
    spec: { validations: [{ expression: 'true' }] },
  });
  expect(await create('changed')).toBe(201);
  await server.ask('PATCH', `${group}/validatingadmissionpolicies/p`, { spec: { validations: [{ expression: '1' }] } });
  expect(await create('no-bool')).toBe(422);
  await server.ask('DELETE', `${group}/validatingadmissionpolicies/p`);
  expect(await create('gone')).toBe(201);
});

test('objects of the options are there at the start, and brought up to date at the next', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const dataDir = await mkdtemp('/tmp/admission-');
  try {
    for (const [expression, code] of [
      ['false', 422],
      ['true', 201],
    ] as const) {
      await using server = await TestServer.start({ dataDir, objects: objects(expression) });
      expect((await server.ask('POST', maps, configMap(`a-${code}`))).code).toBe(code);
    }
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('neither the server itself nor policies are judged', async () => {
  await using server = await TestServer.start({ objects: objects('false').map(everything) });
  expect((await server.ask('POST', '/api/v1/namespaces', { metadata: { name: 'refused' } })).code).toBe(422);
  // Nor is anybody about policies, which could never be taken back.
  expect((await server.ask('DELETE', `${group}/validatingadmissionpolicybindings/b`)).code).toBe(200);
  // The account of a namespace is made after it.
  expect((await server.get('/api/v1/namespaces/default/serviceaccounts/default')).code).toBe(200);
});

function everything(object: object): object {
  const { spec, ...rest } = object as { spec: { matchConstraints?: object } };
  if (spec.matchConstraints === undefined) return object;
  const resourceRules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }];
  return { ...rest, spec: { ...spec, matchConstraints: { resourceRules } } };
}

test('what cannot be enforced is not taken', async () => {
  await using server = await TestServer.start();
  const [policy = {}, binding = {}] = objects('true') as { spec: object }[];
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const refused = await server.ask('POST', `${group}/validatingadmissionpolicies`, {
    ...policy,
    spec: { ...(policy as { spec: object }).spec, paramKind },
  });
  expect(refused).toMatchObject({
    code: 422,
    body: { message: expect.stringContaining('spec.paramKind: Forbidden') as string },
  });
  const bound = await server.ask('POST', `${group}/validatingadmissionpolicybindings`, {
    ...binding,
    spec: { ...(binding as { spec: object }).spec, paramRef: { name: 'x', parameterNotFoundAction: 'Deny' } },
  });
  expect(bound).toMatchObject({
    code: 422,
    body: { message: expect.stringContaining('spec.paramRef: Forbidden') as string },
  });
  const lost = await server.ask('POST', `${group}/validatingadmissionpolicybindings`, {
    ...binding,
    spec: {
      ...(binding as { spec: object }).spec,
      matchResources: { objectSelector: { matchLabels: { 'a b': 'c' } } },
    },
  });
  expect(lost).toMatchObject({ code: 422 });
  const broken = await server.ask('POST', `${group}/validatingadmissionpolicies`, objects('object.')[0]);
  expect(broken.body.message).toContain(
    'spec.validations[0].expression: Invalid value: "object.": compilation failed: ',
  );
});
