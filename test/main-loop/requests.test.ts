/** What people ask for: pins, and annotations that act once. */
import { expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck, gate, judgedBy, rollout } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

async function noRequestIsLeft(space: Space): Promise<void> {
  await eventually(async () => {
    const { annotations = {} } = (await space.get(Rollout)).metadata;
    expect(Object.keys(annotations).filter((key) => key.startsWith('rollout.kuberik.com/'))).toEqual([]);
  });
}

test.concurrent('a pin holds its version, and letting go of it resumes with what is newer', async () => {
  const space = await world().space('pin');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.patch(Rollout, 'app', { spec: { wantedVersion: 'v1.0.0' } });
  await space.reaches(['v1.0.0 Succeeded Manual', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await space.says('Progressing', 'False', 'Pinned')).toContain('v1.1.0 is the newest');
  await space.push('v1.2.0');
  await eventually(async () => {
    expect(await space.says('Progressing', 'False', 'Pinned')).toContain('v1.2.0 is the newest');
  });
  await space.patch(Rollout, 'app', { spec: { wantedVersion: '' } });
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.2.0 Succeeded Automatic');
  });
});

test.concurrent('force-deploy goes past a closed gate, with the message and the user of whoever asked', async () => {
  const space = await world().space('force');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('window', 'app', { passing: false }));
  await space.push('v1.1.0');
  await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
  await space.annotate({ 'force-deploy': 'v1.1.0', 'deploy-message': 'hotfix', 'deploy-user': 'jane@example.com' });
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  const [entry] = await space.entries();
  expect(entry).toMatchObject({ message: 'hotfix', triggeredBy: { kind: 'User', name: 'jane@example.com' } });
  await noRequestIsLeft(space);
});

test.concurrent('a forced older version stays: automation never undoes a person', async () => {
  const space = await world().space('older');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.annotate({ 'force-deploy': 'v1.0.0' });
  await space.reaches(['v1.0.0 Succeeded Manual', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await noRequestIsLeft(space);
  await space.push('v1.2.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.2.0 Succeeded Automatic');
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0', 'v1.2.0']);
});

test.concurrent('bypass-gates lets one release past the gates, and just that one', async () => {
  const space = await world().space('bypass');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('window', 'app', { passing: false }));
  await space.push('v1.1.0');
  await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
  await space.annotate({ 'bypass-gates': 'v1.1.0' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]?.message).toContain('bypass');
  await noRequestIsLeft(space);
  await space.push('v1.2.0');
  await space.says('Progressing', 'False', 'WaitingForGates');
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});

async function failed(space: Space): Promise<void> {
  await space.application({ ...judgedBy('judge'), failurePolicy: 'Halt' });
  await space.put(foreignCheck('judge'));
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.0.0 Deploying Automatic']);
  });
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Failed Automatic']);
  });
}

test.concurrent('retry starts the bake of a failed deployment over', async () => {
  const space = await world().space('retry');
  await failed(space);
  await space.annotate({ retry: '' });
  await space.says('Ready', 'Unknown', 'BakeTimeRetrying');
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await noRequestIsLeft(space);
  expect((await space.entries())[0]?.lastRetryTimestamp).toBeDefined();
});

test.concurrent('unblock-failed lets automation go on after a failure', async () => {
  const space = await world().space('unblock');
  await failed(space);
  await space.judge('judge', 'Healthy');
  await space.push('v1.1.0');
  await space.says('Progressing', 'False', 'Halted');
  await space.annotate({ 'unblock-failed': 'true' });
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Failed Automatic']);
  });
  await noRequestIsLeft(space);
});

test.concurrent('a Rollout that is made anew adopts what runs, and ships nothing newer past a closed gate', async () => {
  const space = await world().space('adopt');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('window', 'app', { passing: false }));
  await space.remove(Rollout, 'app');
  await space.push('v1.1.0');
  await space.put(rollout('app', judgedBy('app')));
  await space.reaches(['v1.0.0 Succeeded Adoption']);
  await space.says('Progressing', 'False', 'WaitingForGates');
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.put(gate('window', 'app', { passing: true }));
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Adoption']);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});
