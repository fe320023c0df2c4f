/** The loop itself: a release is seen, gated, deployed, baked, and kept or rolled back. */
import { expect, test } from 'vitest';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import { deploymentManifests, gate } from '../support/objects.ts';

const world = eitherWorld();

test.concurrent('a release is deployed, baked and kept, and so is the next one', async () => {
  const space = await world().space('keep');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
  expect(await space.condition('Ready')).toMatchObject({ status: 'True', reason: 'BakeTimePassed' });
  const [entry] = await space.entries();
  expect(entry?.version).toMatchObject({ version: '1.1.0', digest: expect.stringMatching(/^sha256:/) as string });
  const baked = Temporal.Instant.from(entry?.bakeStartTime ?? '').until(entry?.bakeEndTime ?? '');
  expect(baked.total('seconds')).toBeGreaterThanOrEqual(1);
});

test.concurrent('a bad release is rolled back once, and the next one is taken', async () => {
  const space = await world().space('bad');
  await space.application({}, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.pushCrashing('v1.1.666');
  await space.reaches(['v1.0.0 Succeeded Rollback', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  const [back, bad] = await space.entries();
  expect(back?.message).toContain('rollback');
  expect(bad?.failedHealthChecks).toMatchObject([{ name: 'app', namespace: space.namespace }]);
  await space.push('v1.2.0');
  await space.reaches([
    'v1.2.0 Succeeded Automatic',
    'v1.0.0 Succeeded Rollback',
    'v1.1.666 Failed Automatic',
    'v1.0.0 Succeeded Automatic',
  ]);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.666', 'v1.0.0', 'v1.2.0']);
});

test.concurrent('with failurePolicy Halt a bad release stays, until the next one is let through', async () => {
  const space = await world().space('halt');
  await space.application({ failurePolicy: 'Halt' }, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.pushCrashing('v1.1.666');
  await space.reaches(['v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.push('v1.2.0');
  expect(await space.says('Progressing', 'False', 'Halted')).toContain('v1.1.666');
  await space.annotate({ 'unblock-failed': 'true', 'force-deploy': 'v1.2.0' });
  await space.reaches(['v1.2.0 Succeeded Manual', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a closed gate holds a release, and lets it go when it opens', async () => {
  const space = await world().space('gated');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('window', 'app', { passing: false }));
  await space.push('v1.1.0');
  expect(await space.says('GatesPassing', 'False', 'SomeGatesBlocking')).toContain('window');
  expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('window');
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.put(gate('window', 'app', { passing: true }));
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a gate that allows one version lets just that one through', async () => {
  const space = await world().space('allowed');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('approved', 'app', { passing: true, allowedVersions: ['v1.0.0'] }));
  for (const tag of ['v1.1.0', 'v1.2.0', 'v1.3.0']) await space.push(tag);
  expect(await space.says('GatesPassing', 'False', 'NoAllowedVersions')).toBeTruthy();
  await space.put(gate('approved', 'app', { passing: true, allowedVersions: ['v1.2.0'] }));
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('what somebody wrote over the version is put right again', async () => {
  const space = await world().space('drift');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', {
    spec: { postBuild: { substitute: { VERSION: 'v0.0.1', OTHER: 'mine' } } },
  });
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0', OTHER: 'mine' });
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v0.0.1', 'v1.0.0']);
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', { spec: { postBuild: { substitute: { VERSION: null } } } });
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0', OTHER: 'mine' });
  });
});

test.concurrent('releases that come faster than they bake are not lost: the newest is deployed', async () => {
  const space = await world().space('burst');
  await space.application();
  for (const tag of ['v1.1.0', 'v1.2.0', 'v1.10.0']) await space.push(tag);
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.10.0 Succeeded Automatic');
  });
  expect((await space.carried()).at(-1)).toBe('v1.10.0');
});
