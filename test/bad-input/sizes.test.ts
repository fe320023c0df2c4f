/** More than anybody has: a status must stay writable, and the same facts must be the same bytes. */
import { expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { eventually } from '../support/eventually.ts';
import { sharedGateService } from '../support/gate-service.ts';
import { gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { Meter } from '../support/traffic.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld();
const service = sharedGateService();

async function running(name: string): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  return space;
}

/** Bytes of a Rollout's status. */
async function sizeOf(space: Space): Promise<number> {
  return Buffer.byteLength(JSON.stringify((await space.get(Rollout)).status));
}

/** Each by somebody else, with the longest name and reason; who asks is somebody who may act as anybody. */
async function approvals(space: Space, from: number, to: number): Promise<void> {
  const address = `${world().sandbox.api.url}/apis/kuberik.com/v1alpha1/namespaces/${space.namespace}/approvals`;
  const approve = async (index: number): Promise<void> => {
    const by = `${index}-`.padEnd(253, 'u');
    const gateRef = { name: 'qa' };
    const spec = { gateRef, version: 'v1.1.0', decision: 'Approve', by, reason: 'r'.repeat(1024) };
    const body = { apiVersion: 'kuberik.com/v1alpha1', kind: 'Approval', metadata: { name: `a-${index}` }, spec };
    const headers = {
      'content-type': 'application/json',
      'impersonate-user': by,
      'impersonate-group': 'system:masters',
    };
    const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
    expect([answer.status, await answer.text()]).toEqual([201, expect.anything()]);
  };
  for (let index = from; index < to; index += 50) {
    const some = Array.from({ length: Math.min(50, to - index) }, (_, offset) => approve(index + offset));
    await Promise.all(some);
  }
}

test.concurrent('a thousand approvals at one gate', async () => {
  const space = await running('thousand');
  await space.guard(gate('qa', 'app', { class: 'manual', approval: { required: 100 } }));
  await space.push('v1.1.0');
  await approvals(space, 0, 99);
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('waits for 100 approvals of v1.1.0 (99 given, by ');
    expect(said).toContain(', and 89 more)');
  });
  expect(await sizeOf(space)).toBeLessThan(32_768);
  await approvals(space, 99, 1_000);
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]?.approvals).toHaveLength(100);
  expect(await sizeOf(space)).toBeLessThan(100_000);
  // The rest of them change nothing any more.
  const meter = new Meter(world(), space.namespace);
  await meter.settled();
  meter.restart();
  const { resourceVersion } = (await space.get(Rollout)).metadata;
  await approvals(space, 1_000, 1_050);
  expect((await meter.settled()).writes).toEqual({});
  expect((await space.get(Rollout)).metadata.resourceVersion).toBe(resourceVersion);
});

test.concurrent('a service that answers with a book is quoted in a sentence, once', async () => {
  const space = await running('book');
  const book = `${'why not '.repeat(8_192)}\u{1F4D6}`;
  service().answer(space.namespace, () => ({ body: { allowed: false, message: book, retryAfter: '10h' } }));
  await space.guard(gate('library', 'app', { class: 'http', http: { url: service().url } }));
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.says('Progressing', 'False', 'WaitingForGates')).length).toBeLessThan(4_097);
    const { status } = await space.get(RolloutGate, 'library');
    expect(status?.verdicts).toMatchObject([{ tag: 'v1.1.0', allowed: false }]);
  });
  expect(JSON.stringify((await space.get(RolloutGate, 'library')).status).length).toBeLessThan(8_192);
  expect(await sizeOf(space)).toBeLessThan(32_768);
  const meter = new Meter(world(), space.namespace);
  await meter.settled();
  meter.restart();
  // Looked at again, it is the same: nothing is written.
  await space.patch(Rollout, 'app', { metadata: { labels: { looked: 'at' } } });
  expect((await meter.settled()).writes).toEqual({});
});

test.concurrent('a message and a user as long as a book are kept in part, whole characters', async () => {
  const space = await running('message');
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.annotate({
    'force-deploy': 'v1.0.0',
    'deploy-message': `${'m'.repeat(4_095)}\u{1F525}${'m'.repeat(5_904)}`,
  });
  await space.reaches(['v1.0.0 Succeeded Manual', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const message = (await space.entries())[0]?.message ?? '';
  expect([message.length, message.isWellFormed()]).toEqual([4_096, true]);
  expect((await space.get(Rollout)).metadata.annotations ?? {}).toEqual({});
  const meter = new Meter(world(), space.namespace);
  await meter.settled();
  meter.restart();
  await space.patch(Rollout, 'app', { metadata: { labels: { looked: 'at' } } });
  expect((await meter.settled()).writes).toEqual({});
});
