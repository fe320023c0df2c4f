/** The real API server with what `kubectl apply -k deploy/kustomize` installs, asked by people with certificates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { describeChecks, expectGuarded } from '../../policies/checks.ts';
import { describeIdentity } from '../../policies/identity.ts';
import { describeOperations } from '../../policies/operations.ts';
import { describeRoles } from '../../policies/roles.ts';
import { type Person, people, Room, type Site } from '../../policies/site.ts';
import { eventually } from '../../support/eventually.ts';
import { run } from '../control-plane/command.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { ADMIN_TOKEN } from '../control-plane/credentials.ts';

const parts = new AsyncDisposableStack();
const agents = new Map<Person, Agent>();
let plane: ControlPlane;
let site: Site;

beforeAll(async () => {
  plane = parts.use(await startControlPlane({ name: 'policies', flux: false }));
  const ca = readFileSync(plane.caFile);
  agents.set('administrator', new Agent({ connect: { ca } }));
  for (const person of people) agents.set(person, new Agent({ connect: { ca, ...(await certificateOf(person)) } }));
  for (const agent of agents.values()) parts.defer(() => agent.destroy());
  site = { ask };
  await eventually(enforced);
});
afterAll(() => parts.disposeAsync());

/** Signed by the authority that the API server trusts. */
async function certificateOf(person: string): Promise<{ cert: Buffer; key: Buffer }> {
  const { clientCa, clientCaKey } = plane.keys;
  const folder = plane.run.folder(`people/${person}`);
  const file = (name: string): string => join(folder, name);
  await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file('key')]);
  await run('openssl', ['req', '-new', '-key', file('key'), '-subj', `/CN=${person}`, '-out', file('request')]);
  const authority = ['-CA', clientCa, '-CAkey', clientCaKey, '-CAcreateserial', '-days', '1'];
  await run('openssl', ['x509', '-req', '-in', file('request'), ...authority, '-out', file('certificate')]);
  return { cert: readFileSync(file('certificate')), key: readFileSync(file('key')) };
}

const ask: Site['ask'] = async (person, method, path, body, headers) => {
  const dispatcher = agents.get(person);
  if (dispatcher === undefined) throw new Error(`nobody knows ${person}`);
  const answer = await request(plane.server + path, {
    method,
    dispatcher,
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(person === 'administrator' ? { authorization: `Bearer ${ADMIN_TOKEN}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: answer.statusCode, body: await answer.body.json() };
};

/** A policy is in force a moment after it is stored; the roles of Kubernetes are put together a moment later, too. */
async function enforced(): Promise<void> {
  const room = await Room.open(site, 'ready');
  await room.deliver();
  await room.bind('alice', 'ClusterRole', 'edit');
  expect(await room.annotate('alice', { 'force-deploy': 'v1.0.0' })).toContain('force-deploy');
  const approval = { gateRef: { name: 'qa' }, version: 'v1.0.0', decision: 'Approve', by: 'nobody' };
  const forged = { kind: 'Approval', metadata: { name: 'forged' }, spec: approval };
  expect(await room.create('administrator', 'approvals', forged)).toContain('not nobody');
  await expectGuarded(room);
}

describe('operations', () => {
  describeOperations(() => site);
});
describe('identity', () => {
  describeIdentity(() => site);
});
describe('checks', () => {
  describeChecks(() => site);
});
describe('roles', () => {
  describeRoles(() => site);
});
