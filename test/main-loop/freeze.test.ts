/** The line is stopped: nothing goes out by itself, and people still can. */
import { expect, test } from 'vitest';
import { Freeze } from '../../src/api/freeze.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { Colleague } from '../support/colleague.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck, gate, judgedBy, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** A Freeze belongs to no namespace: it has the name of this one, and means just this one. Resolves once it is seen. */
async function freeze(space: Space): Promise<void> {
  await putFreeze(space);
  await space.says('DeploymentBlocked', 'True', 'Frozen');
}

async function putFreeze(space: Space, spec: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': space.namespace } };
  const { apiVersion, kind } = Freeze;
  const whole = { reason: 'the database is being moved', namespaceSelector, ...spec };
  await space.put(object(apiVersion, kind, space.namespace, whole));
}

const thaw = (space: Space): Promise<void> => space.client.remove(Freeze, { namespace: '', name: space.namespace });

async function running(name: string, spec: Readonly<Record<string, unknown>> = {}): Promise<Space> {
  const space = await world().space(name);
  await space.application(spec);
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  return space;
}

/** Waits until the Rollout says that it is frozen, and why. */
async function frozen(space: Space): Promise<void> {
  expect(await space.says('Progressing', 'False', 'Frozen')).toContain(`Freeze ${space.namespace} is on`);
  expect(await space.says('DeploymentBlocked', 'True', 'Frozen')).toContain('the database is being moved');
}

test.concurrent('a freeze holds what is released, says why, and ends by itself', async () => {
  const space = await running('freeze-ends');
  await freeze(space);
  await space.push('v1.1.0');
  await frozen(space);
  const until = world().clock.now().add({ seconds: 3 }).round({ smallestUnit: 'second', roundingMode: 'ceil' });
  await putFreeze(space, { until: until.toString() });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const [entry] = await space.entries();
  expect(Temporal.Instant.compare(entry?.timestamp ?? '', until)).toBeGreaterThanOrEqual(0);
  expect(entry?.freezes).toBeUndefined();
  await space.says('DeploymentBlocked', 'False', 'HealthChecksHealthy');
});

test.concurrent('without an end it ends when it is deleted; Rollouts that it does not select go on', async () => {
  const space = await running('freeze-selects');
  await putFreeze(space, { rolloutSelector: { matchLabels: { tier: 'shop' } } });
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.patch(Rollout, 'app', { metadata: { labels: { tier: 'shop' } } });
  await space.says('DeploymentBlocked', 'True', 'Frozen');
  await space.push('v1.2.0');
  await frozen(space);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
  await thaw(space);
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.2.0 Succeeded Automatic');
  });
});

test.concurrent('a person rolls back while gates are closed and a freeze is on; automation resumes with what is newer', async () => {
  const space = await running('rollback');
  const anna = await Colleague.of(space, 'anna', 'kuberik-deployer');
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.guard(gate('window', 'app', { passing: false }));
  await freeze(space);
  await anna.annotate({ rollback: '', 'deploy-user': 'anna', 'deploy-message': 'the checkout is broken' });
  const back = ['v1.0.0 Succeeded Manual', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic'];
  await space.reaches(back);
  expect((await space.entries())[0]).toMatchObject({
    rollbackOf: 2,
    freezes: [space.namespace],
    resumeAfter: 'v1.1.0',
    message: 'the checkout is broken',
    triggeredBy: { kind: 'User', name: 'anna' },
  });
  await space.put(gate('window', 'app', { passing: true }));
  await space.push('v1.2.0');
  await frozen(space);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0']);
  await thaw(space);
  await space.reaches(['v1.2.0 Succeeded Automatic', ...back]);
});

test.concurrent('the same by the command, which says what it passes over', async () => {
  const space = await running('rollback-verb');
  const anna = await Colleague.of(space, 'anna', 'kuberik-deployer');
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.guard(gate('window', 'app', { passing: false }));
  await freeze(space);
  const said = await anna.say('rollback app --to v1.0.0 -m "the checkout is broken" --wait --yes');
  expect([said.code, said.err]).toEqual([0, '']);
  expect(said.out).toContain('v1.1.0');
  expect(said.out).toContain('window');
  await space.reaches(['v1.0.0 Succeeded Manual', 'v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]).toMatchObject({
    rollbackOf: 2,
    freezes: [space.namespace],
    triggeredBy: { kind: 'User', name: 'anna' },
  });
});

test.concurrent('what fails during a freeze stays until the freeze is over or a person rolls back', async () => {
  const space = await world().space('freeze-fails');
  await space.application(judgedBy('judge'));
  await space.put(foreignCheck('judge'));
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.1.0 Deploying Automatic');
  });
  await freeze(space);
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect((await space.history())[0]).toBe('v1.1.0 Failed Automatic');
  });
  await space.says('Progressing', 'False', 'Halted');
  await space.says('DeploymentBlocked', 'True', 'Frozen');
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
  await space.annotate({ rollback: 'v1.0.0' });
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual([
      'v1.0.0 Succeeded Manual',
      'v1.1.0 Failed Automatic',
      'v1.0.0 Succeeded Automatic',
    ]);
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0']);
});
