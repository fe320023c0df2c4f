/** An API check: a service is asked about a release, and decides when it goes out. */
import { expect, test } from 'vitest';
import { type GateVerdict, RolloutGate } from '../../src/api/rollout-gate.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { sharedGateService } from '../support/gate-service.ts';
import { gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();
const service = sharedGateService();

/** The application runs v1.0.0, and everything newer has to pass the service. */
async function gated(space: Space, http: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('change', 'app', { class: 'http', http: { url: service().url, ...http } }));
}

/** What is written in the status about a version. */
function verdictOn(space: Space, tag: string): Promise<GateVerdict | undefined> {
  return eventually(async () => {
    const { status } = await space.get(RolloutGate, 'change');
    const verdict = status?.verdicts?.find((one) => one.tag === tag);
    expect(verdict, `${tag} in ${JSON.stringify(status)}`).toBeDefined();
    return verdict;
  });
}

test.concurrent('what the service allows is deployed, and asked about once', async () => {
  const space = await world().space('api-allowed');
  await gated(space);
  const digest = await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const [about] = service().asked(space.namespace);
  expect(about?.question).toMatchObject({ rollout: 'app', version: 'v1.1.0', digest });
  await space.push('v1.2.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.2.0 Succeeded Automatic');
  });
  const versions = service()
    .asked(space.namespace)
    .map(({ question }) => question.version);
  expect(versions).toEqual(['v1.1.0', 'v1.2.0']);
});

test.concurrent('what it refuses waits, with its words, and goes out as soon as it allows it', async () => {
  const space = await world().space('api-refused');
  let open = false;
  service().answer(space.namespace, () => ({
    body: open ? { allowed: true } : { allowed: false, message: 'change CHG-17 is not approved', retryAfter: '10s' },
  }));
  const stringData = { Authorization: 'Bearer hunter2secret' };
  await space.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'service' }, stringData });
  await gated(space, { headersSecretRef: { name: 'service' } });
  await space.push('v1.1.0');
  await eventually(async () => {
    expect(await space.condition('GatesPassing')).toMatchObject({ status: 'False' });
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('change CHG-17 is not approved');
  });
  expect(await verdictOn(space, 'v1.1.0')).toMatchObject({ allowed: false });
  expect(service().asked(space.namespace)[0]?.authorization).toBe('Bearer hunter2secret');
  expect(JSON.stringify(await space.get(RolloutGate, 'change'))).not.toContain('hunter2secret');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  open = true;
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a service that is broken keeps the gate closed and says so; a person may pass it', async () => {
  const space = await world().space('api-broken');
  service().answer(space.namespace, () => ({ status: 500, body: { allowed: true } }));
  await gated(space);
  await space.push('v1.1.0');
  expect(await verdictOn(space, 'v1.1.0')).toMatchObject({ allowed: false, failed: true });
  await eventually(async () => {
    expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('it answered 500');
  });
  const { status } = await space.get(RolloutGate, 'change');
  expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'Unreachable' }]);
  await space.annotate({ 'bypass-gates': 'v1.1.0' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a host that the controller may not call is never called', async () => {
  const space = await world().space('api-host');
  await gated(space, { url: 'http://169.254.169.254/latest' });
  await space.push('v1.1.0');
  await eventually(async () => {
    const { status } = await space.get(RolloutGate, 'change');
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'HostNotAllowed' }]);
    expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('--http-gate-hosts');
  });
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
});
