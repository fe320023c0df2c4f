/** What the deck promises to people: pin a version, skip the gates, roll back; and choosing, letting through, revoking. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { Colleague } from '../support/colleague.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  fills,
  gate,
  imagePolicy,
  imageRepository,
  kustomization,
  ociRepository,
} from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

/** As it was printed. */
const deck = (file: string): KubeObject =>
  parse(readFileSync(join(import.meta.dirname, '../seeds/deck', file), 'utf8')) as KubeObject;

/** The deck's application `my-app`, without its Rollout. */
async function deckApplication(space: Space, ...tags: readonly string[]): Promise<void> {
  await space.pushManifests(configManifests());
  for (const tag of tags) await space.push(tag);
  await space.put(
    imageRepository('my-app', space.image()),
    imagePolicy('my-app'),
    ociRepository('app', space.image('manifests')),
    kustomization('app', { targetNamespace: space.namespace }, fills('my-app')),
  );
}

async function releases(space: Space, name: string, ...tags: readonly string[]): Promise<void> {
  await eventually(async () => {
    const { availableReleases = [] } = (await space.get(Rollout, name)).status ?? {};
    expect(availableReleases.map(({ tag }) => tag)).toEqual(tags);
  });
}

async function noRequestIsLeft(space: Space, name = 'app'): Promise<void> {
  await eventually(async () => {
    const { annotations = {} } = (await space.get(Rollout, name)).metadata;
    expect(Object.keys(annotations).filter((key) => key.startsWith('rollout.kuberik.com/'))).toEqual([]);
  });
}

test.concurrent('the deck, pin: v1.2.3 stays while newer ones come, and without the line automation goes on', async () => {
  const space = await world().space('deck-pin');
  await deckApplication(space, 'v1.2.3', 'v1.3.0');
  await space.put(deck('pinned-rollout.yaml'));
  await space.reaches(['v1.2.3 Succeeded Manual'], 'my-app');
  await space.push('v1.4.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'Pinned', 'my-app');
    expect(said).toContain('Pinned to v1.2.3 by spec.wantedVersion; newer releases wait, v1.4.0 is the newest');
  });
  expect(await space.carried()).toEqual(['v1.2.3']);
  await space.patch(Rollout, 'my-app', { spec: { releasesImagePolicy: { wantedVersion: null } } });
  await space.reaches(['v1.4.0 Succeeded Automatic', 'v1.2.3 Succeeded Manual'], 'my-app');
  expect(await space.carried()).toEqual(['v1.2.3', 'v1.4.0']);
});

test.concurrent('the deck, force-deploy: past a closed gate, one annotation; automation does not undo it', async () => {
  const space = await world().space('deck-force');
  await deckApplication(space, 'v1.3.0');
  const printed = deck('rollout.yaml') as KubeObject & { spec: object };
  await space.put({ ...printed, spec: { ...printed.spec, bakeTime: '0s' } });
  await space.reaches(['v1.3.0 Succeeded Automatic'], 'my-app');
  await space.guard(gate('window', 'my-app', { passing: false }));
  await space.push('v1.2.3');
  await space.push('v1.4.0');
  await releases(space, 'my-app', 'v1.3.0', 'v1.4.0');
  await space.says('Progressing', 'False', 'WaitingForGates', 'my-app');
  // Older than what runs: a person may.
  await space.annotate({ 'force-deploy': 'v1.2.3' }, 'my-app');
  await space.reaches(['v1.2.3 Succeeded Manual', 'v1.3.0 Succeeded Automatic'], 'my-app');
  expect((await space.entries('my-app'))[0]?.message).toContain('force deploy');
  await noRequestIsLeft(space, 'my-app');
  await space.put(gate('window', 'my-app', { passing: true }));
  await space.says('GatesPassing', 'True', 'AllGatesPassing', 'my-app');
  expect(await space.carried()).toEqual(['v1.3.0', 'v1.2.3']);
  await space.push('v1.5.0');
  await space.reaches(
    ['v1.5.0 Succeeded Automatic', 'v1.2.3 Succeeded Manual', 'v1.3.0 Succeeded Automatic'],
    'my-app',
  );
  expect(await space.carried()).toEqual(['v1.3.0', 'v1.2.3', 'v1.5.0']);
});

test.concurrent('a version of choice waits for the gates, and automation waits for it', async () => {
  const space = await world().space('choose');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const anna = await Colleague.of(space, 'anna', 'kuberik-deployer');
  await space.guard(gate('window', 'app', { passing: false }));
  for (const tag of ['v1.1.0', 'v1.2.0']) await space.push(tag);
  await releases(space, 'app', 'v1.0.0', 'v1.1.0', 'v1.2.0');
  await anna.annotate({ deploy: 'v1.1.0', 'deploy-user': 'anna', 'deploy-message': 'CHG-7' });
  await eventually(async () => {
    expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('window');
    const { annotations = {} } = (await space.get(Rollout)).metadata;
    expect(annotations['rollout.kuberik.com/deploy']).toBe('v1.1.0');
  });
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.put(gate('window', 'app', { passing: true }));
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  await noRequestIsLeft(space);
  // v1.2.0 was there when a person chose another: what comes after it is taken.
  await space.push('v1.3.0');
  await space.reaches(['v1.3.0 Succeeded Automatic', 'v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[1]).toMatchObject({ message: 'CHG-7', triggeredBy: { kind: 'User', name: 'anna' } });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0', 'v1.3.0']);
});

test.concurrent('of choice and let through: past the gates, which stay closed for the next one', async () => {
  const space = await world().space('choose-through');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const otto = await Colleague.of(space, 'otto', 'kuberik-operator');
  await space.guard(gate('window', 'app', { passing: false }));
  for (const tag of ['v1.1.0', 'v1.2.0']) await space.push(tag);
  await releases(space, 'app', 'v1.0.0', 'v1.1.0', 'v1.2.0');
  await otto.annotate({ deploy: 'v1.1.0', 'bypass-gates': 'v1.1.0', 'deploy-user': 'otto' });
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]).toMatchObject({
    message: 'Manual deployment, with gate bypass',
    triggeredBy: { kind: 'User', name: 'otto' },
  });
  await noRequestIsLeft(space);
  await space.push('v1.3.0');
  await releases(space, 'app', 'v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0');
  expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain('window');
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});

test.concurrent('a revoked version is never chosen again, whatever opens; the next one is', async () => {
  const space = await world().space('revoke');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.guard(gate('window', 'app', { passing: false }));
  await space.push('v1.1.0');
  await releases(space, 'app', 'v1.0.0', 'v1.1.0');
  await space.annotate({ revoke: 'v1.1.0' });
  await noRequestIsLeft(space);
  expect((await space.get(Rollout)).status?.rejectedReleases).toMatchObject([{ tag: 'v1.1.0', reason: 'Revoked' }]);
  await space.put(gate('window', 'app', { passing: true }));
  await eventually(async () => {
    const { message } = (await space.condition('Progressing')) ?? {};
    expect(message).toContain('v1.1.0 was revoked and is not selected automatically again');
  });
  await space.push('v1.2.0');
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.2.0']);
});
