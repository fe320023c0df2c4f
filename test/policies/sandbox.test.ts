/** The sandbox enforces what a real API server enforces. */

import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Operation, operations as table } from '../../src/api/operations.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { describeChecks } from './checks.ts';
import { describeIdentity } from './identity.ts';
import { describeOperations, operations } from './operations.ts';
import { describeRoles } from './roles.ts';
import { type Person, people, type Site } from './site.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: systemClock, logger: silentLogger, users: people, controllers: false });
});
afterAll(() => sandbox.close());

/** As kubectl reads the kubeconfig. */
function credentials(person: Person): Record<string, string> {
  if (person === 'administrator') return {};
  const { users } = parse(sandbox.kubeconfigOf(person)) as { users: { user: { token: string } }[] };
  return { authorization: `Bearer ${users[0]?.user.token ?? ''}` };
}

const site: Site = {
  async ask(person, method, path, body, headers) {
    const answer = await request(sandbox.api.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers, ...credentials(person) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { code: answer.statusCode, body: await answer.body.json() };
  },
};

test('every operation is tried', () => {
  const tried = operations.map((one) => `${one.verb} ${'annotation' in one ? one.annotation : one.field}`);
  const known: readonly Operation[] = Object.values(table);
  const all = known.flatMap(({ verb, annotations, fields = [] }) =>
    [...annotations, ...fields].map((key) => `${verb} ${key}`),
  );
  expect(tried.toSorted()).toEqual(all.toSorted());
});

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
