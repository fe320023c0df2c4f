/** Gates that people open: by approving a version, each for themselves, or by editing the gate. */
import { expect, test } from 'vitest';
import { Approval } from '../../src/api/approval.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { Colleague } from '../support/colleague.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** v1.0.0 runs, and v1.1.0 meets the gate `qa`. */
async function held(name: string, spec: Readonly<Record<string, unknown>>): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.guard(gate('qa', 'app', spec));
  await space.push('v1.1.0');
  return space;
}

const manual = (approval: Readonly<Record<string, unknown>> = {}) => ({ class: 'manual', approval });

/** Waits until the Rollout says that it waits for this. */
async function waitsFor(space: Space, words: string): Promise<void> {
  await eventually(async () => {
    expect(await space.condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'WaitingForGates',
      message: expect.stringContaining(words) as string,
    });
  });
}

test.concurrent('two people release a version; what they decided is kept, whatever becomes of it', async () => {
  const space = await held('quorum', manual({ required: 2 }));
  await waitsFor(space, 'RolloutGate qa waits for 2 approvals of v1.1.0');
  const { status } = await space.get(Rollout);
  expect(status?.gates).toMatchObject([{ name: 'qa', passing: false }]);
  expect(status?.gates?.[0]?.message).toContain('kuberik approve qa v1.1.0');

  const [alice, bob] = await Promise.all([
    Colleague.of(space, 'alice', 'kuberik-approver'),
    Colleague.of(space, 'bob', 'kuberik-approver'),
  ]);
  const first = await alice.decide('qa', { version: status?.releaseCandidates?.[0]?.tag });
  await waitsFor(space, 'waits for 2 approvals of v1.1.0 (1 given, by alice)');
  // What is taken away in time does not count, and nobody counts twice.
  await space.remove(Approval, first);
  await waitsFor(space, 'waits for 2 approvals of v1.1.0');
  const digest = status?.releaseCandidates?.[0]?.digest;
  const kept = [await alice.decide('qa', { digest }), await alice.decide('qa', { digest })];
  await waitsFor(space, '(1 given, by alice)');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  await bob.decide('qa', { digest, reason: 'tried it' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const approvals = [
    { gate: 'qa', by: 'alice' },
    { gate: 'qa', by: 'bob', reason: 'tried it' },
  ];
  const recorded = async () => (await space.entries())[0]?.approvals?.toSorted((a, b) => a.by.localeCompare(b.by));
  // Within one second they have no order.
  expect(await recorded()).toEqual(approvals);

  for (const name of kept) await space.remove(Approval, name);
  await space.push('v1.2.0');
  await waitsFor(space, 'waits for 2 approvals of v1.2.0');
  expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await recorded()).toEqual(approvals);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});

test.concurrent('a rejection holds its version, whatever others decide; the next one is judged for itself', async () => {
  const space = await held('reject', manual());
  const alice = await Colleague.of(space, 'alice', 'kuberik-approver');
  const bob = await Colleague.of(space, 'bob', 'kuberik-approver');
  const of = async (tag: string) => {
    const { availableReleases = [] } = (await space.get(Rollout)).status ?? {};
    return { version: availableReleases.find((release) => release.tag === tag)?.tag };
  };
  await waitsFor(space, 'waits for an approval of v1.1.0');
  await alice.decide('qa', { ...(await of('v1.1.0')), decision: 'Reject', reason: 'the load test failed' });
  await waitsFor(space, 'alice rejected v1.1.0: the load test failed');
  await bob.decide('qa', await of('v1.1.0'));
  await space.push('v1.2.0');
  await waitsFor(space, 'waits for an approval of v1.2.0');
  await bob.decide('qa', await of('v1.2.0'));
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.2.0']);
});

test.concurrent('whoever asks for a deployment is not the one who lets it through', async () => {
  const space = await held('four-eyes', manual({ notBy: 'deployer' }));
  const alice = await Colleague.of(space, 'alice', 'kuberik-deployer');
  await Colleague.of(space, 'alice', 'kuberik-approver');
  const bob = await Colleague.of(space, 'bob', 'kuberik-approver');
  await waitsFor(space, 'waits for an approval of v1.1.0');
  const digest = (await space.get(Rollout)).status?.releaseCandidates?.[0]?.digest;
  await alice.annotate({ deploy: 'v1.1.0', 'deploy-user': 'alice', 'deploy-message': 'CHG-7' });
  await alice.decide('qa', { digest });
  await waitsFor(space, 'not counted: alice (asked for this deployment)');
  await bob.decide('qa', { digest });
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]).toMatchObject({
    message: 'CHG-7',
    triggeredBy: { kind: 'User', name: 'alice' },
    approvals: [{ gate: 'qa', by: 'bob' }],
  });
});

test.concurrent('a gate without versions pauses everything, until somebody adds one to it', async () => {
  const space = await held('paused', { allowedVersions: [] });
  expect(await space.says('GatesPassing', 'False', 'NoAllowedVersions')).toBeTruthy();
  await waitsFor(space, 'RolloutGate qa does not allow v1.1.0 (spec.allowedVersions)');
  await space.push('v1.2.0');
  await waitsFor(space, 'RolloutGate qa does not allow v1.2.0 (spec.allowedVersions)');
  await space.patch(RolloutGate, 'qa', { spec: { allowedVersions: ['v1.1.0'] } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await waitsFor(space, 'RolloutGate qa does not allow v1.2.0');
  await space.patch(RolloutGate, 'qa', { spec: { allowedVersions: null } });
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
