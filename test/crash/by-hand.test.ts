/** The controllers crash around every write of what people ask for: each request has its effect once, under the right name. */
import { afterAll, expect, test, vi } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { Colleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import { ended, survive } from './survive.ts';

vi.setConfig({ testTimeout: 120_000 });

const world = sharedWorld({ controllers: false });

/** Writes of the story when nothing crashes, and some to spare. */
const mostWrites = 34;
const everyWrite = Array.from({ length: mostWrites }, (_, index) => index + 1);

afterAll(() => Promise.all(ended));

/** Newest first, without bakes. */
const endOfStory = [
  'v1.4.0 Succeeded Automatic',
  'v1.2.0 Succeeded Manual',
  'v1.0.0 Succeeded Manual',
  'v1.1.0 Succeeded Manual',
  'v1.0.0 Succeeded Automatic',
];

async function story(space: Space): Promise<void> {
  const otto = await Colleague.of(space, 'otto', 'kuberik-operator');
  const bob = await Colleague.of(space, 'bob', 'kuberik-approver');
  await space.application({ bakeTime: undefined, healthCheckSelector: undefined });
  await space.remove(HealthCheck, 'app');
  await deployed(space, 1);
  await space.guard(gate('qa', 'app', { class: 'manual' }));
  for (const tag of ['v1.1.0', 'v1.2.0']) await space.push(tag);
  await waiting(space, 'v1.2.0', 'v1.1.0');

  await otto.annotate({ deploy: 'v1.1.0', 'deploy-user': 'otto', 'deploy-message': 'of choice' });
  await bob.decide('qa', { version: 'v1.1.0' as never });
  await deployed(space, 2);
  await otto.annotate({ rollback: '', 'deploy-user': 'otto', 'deploy-message': 'back' });
  await deployed(space, 3);
  await otto.annotate({ 'force-deploy': 'v1.2.0', 'deploy-user': 'otto', 'deploy-message': 'hotfix' });
  await deployed(space, 4);
  await otto.annotate({ revoke: 'v1.3.0' });
  await nothingIsAsked(space);
  for (const tag of ['v1.3.0', 'v1.4.0']) await space.push(tag);
  await waiting(space, 'v1.4.0', 'v1.3.0');
  await otto.annotate({ 'bypass-gates': 'v1.4.0' });
  await deployed(space, 5);
  await expectEachOnce(space);
}

async function deployed(space: Space, entries: number): Promise<void> {
  await space.reaches(endOfStory.slice(-entries));
  await nothingIsAsked(space);
}

/**
 * Until its effect and its removal are seen, the same request again cannot be told from the one before it. What is asked
 * for next has the same user.
 */
async function nothingIsAsked(space: Space): Promise<void> {
  await eventually(async () => {
    const { metadata, status } = await space.get(Rollout);
    expect([metadata.annotations ?? {}, status?.consumedAnnotations]).toEqual([{}, undefined]);
  });
}

async function waiting(space: Space, ...tags: readonly string[]): Promise<void> {
  await eventually(async () => {
    expect((await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag)).toEqual(tags);
  });
}

async function expectEachOnce(space: Space): Promise<void> {
  const [bypassed, forced, back, chosen, first] = await space.entries();
  const by = { kind: 'User', name: 'otto' };
  expect(bypassed).toMatchObject({ id: 5, message: 'Automatic deployment, with gate bypass' });
  expect(forced).toMatchObject({ id: 4, message: 'hotfix', triggeredBy: by });
  expect(back).toMatchObject({ id: 3, message: 'back', triggeredBy: by, rollbackOf: 2 });
  expect(chosen).toMatchObject({
    id: 2,
    message: 'of choice',
    triggeredBy: by,
    approvals: [{ gate: 'qa', by: 'bob' }],
  });
  expect(first).toMatchObject({ id: 1, message: 'Automatic deployment', triggeredBy: { kind: 'System' } });
  const { rejectedReleases } = (await space.get(Rollout)).status ?? {};
  expect(rejectedReleases).toMatchObject([{ tag: 'v1.3.0', reason: 'Revoked' }]);
  await eventually(async () => {
    expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0', 'v1.2.0', 'v1.4.0']);
  });
}

test.concurrent('without a crash the story needs no more writes than are tried below', async () => {
  const writes = await survive(world(), await world().space('no-crash'), [], story);
  expect(writes).toBeLessThanOrEqual(mostWrites);
  expect(writes).toBeGreaterThan(15);
});

test.concurrent.each(everyWrite)('a crash right before write %i', async (write) => {
  await survive(world(), await world().space(`before-${write}`), [{ write, moment: 'before' }], story);
});

test.concurrent.each(everyWrite)('a crash right after write %i', async (write) => {
  await survive(world(), await world().space(`after-${write}`), [{ write, moment: 'after' }], story);
});
