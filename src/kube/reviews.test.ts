import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { mayI, whoAmI } from './reviews.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

let server: ScriptedServer;
let client: HttpKubeClient;

beforeEach(async () => {
  server = await startScriptedServer();
  const impersonate = { user: 'jane', groups: ['devs', 'qa'] };
  client = createKubeClient({ cluster: { ...server.cluster, impersonate }, clock: systemClock });
});

afterEach(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

it('asks who it is, as whom it acts', async () => {
  server.on('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', (_, reply) => {
    const status = { userInfo: { username: 'jane', groups: ['devs'] } };
    reply.json(201, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {}, status });
  });
  expect(await whoAmI(client)).toBe('jane');
  expect(server.requests[0]?.headers).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'devs, qa' });
});

it.each([true, false])('asks whether it may: %s', async (allowed) => {
  server.on('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', (_, reply) => {
    const kind = 'SelfSubjectAccessReview';
    reply.json(201, { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec: {}, status: { allowed } });
  });
  const access = { verb: 'force-deploy', group: 'kuberik.com', resource: 'rollouts', namespace: 'shop', name: 'app' };
  expect(await mayI(client, access)).toBe(allowed);
  expect(server.requests[0]?.body).toMatchObject({ spec: { resourceAttributes: access } });
});
