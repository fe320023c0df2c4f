/** Registries that fail, each in its own way: it is said, nothing is lost, nothing is hammered, and others go on. */
import { expect, test } from 'vitest';
import { imageRepositoryType } from '../../src/integrations/flux/image-repository.ts';
import type { StartRegistryOptions } from '../../src/sandbox/registry/start-registry.ts';
import { CONTROLLER_AGENT } from '../../src/sandbox/sandbox.ts';
import { Meter } from '../support/traffic.ts';
import { sharedWorld, startWorld } from '../support/world.ts';

type Faults = NonNullable<StartRegistryOptions['faults']>;
type Fault = ReturnType<Faults>;

/** By namespace, what the controllers are answered; the stand-ins for Flux and people are answered as ever. */
const faults = new Map<string, (path: string) => Fault>();

const world = sharedWorld({
  registryFaults: ({ path, userAgent }) => {
    const fault = faults.get(path.split('/')[2] ?? '');
    return userAgent === CONTROLLER_AGENT ? fault?.(path) : undefined;
  },
});

const onManifests = (fault: Fault) => (path: string) => (path.includes('/manifests/') ? fault : undefined);

test.concurrent.each<[string, string, (path: string) => Fault, string]>([
  ['closes-connections', 'RegistryUnavailable', () => 'reset', 'no answer'],
  ['has-an-outage', 'RegistryUnavailable', () => ({ status: 503 }), '503'],
  ['refuses-credentials', 'RegistryAccessDenied', () => ({ status: 401 }), 'credentials'],
  ['knows-no-such-image', 'RegistryAccessDenied', () => ({ status: 404 }), 'app'],
  [
    'has-a-broken-manifest',
    'InvalidManifest',
    onManifests({ status: 200, body: '{"schemaVersion": "two"' }),
    'manifest',
  ],
  [
    'has-no-manifest-but-a-page',
    'InvalidManifest',
    onManifests({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>log in</h1>' }),
    'manifest',
  ],
])('a registry that %s', async (name, reason, fault, said) => {
  const space = await world().space(name);
  faults.set(name, fault);
  await space.application();
  const message = await space.says('ReleasesUpdated', 'False', reason);
  expect(message).toContain(`${name}/app`);
  expect(message.toLowerCase()).toContain(said);
  // Flux has seen the release, and that is enough to deploy it.
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const meter = new Meter(world(), name);
  await world().clock.sleep(1_000, new AbortController().signal);
  const { writes, tagLists, manifests } = meter.traffic;
  expect(tagLists + manifests).toBeLessThanOrEqual(2);
  expect(Object.values(writes).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2);
});

test.concurrent('a registry that is asked too often is left alone for as long as it wishes, and releases go on', async () => {
  // It asks for a rest of the whole host, so it is a registry of its own.
  const answer = { status: 429, headers: { 'retry-after': '120' } };
  const registryFaults: Faults = ({ userAgent }) => (userAgent === CONTROLLER_AGENT ? answer : undefined);
  await using limited = await startWorld({ registryFaults });
  const space = await limited.space('limited');
  const meter = new Meter(limited, 'limited');
  await space.application();
  expect(await space.says('ReleasesUpdated', 'False', 'RegistryUnavailable')).toContain('limited/app');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const { tagLists, manifests } = await meter.settled();
  expect(tagLists + manifests).toBe(1);
});

test.concurrent('a registry that recovers is asked again, and what is missing is filled in', async () => {
  const space = await world().space('recovers');
  faults.set('recovers', () => ({ status: 503 }));
  await space.application();
  await space.says('ReleasesUpdated', 'False', 'RegistryUnavailable');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]?.version.digest).toBeUndefined();
  faults.delete('recovers');
  // A change of the ImageRepository ends the rest that its registry is given.
  await space.patch(imageRepositoryType('v1'), 'app', { spec: { interval: '9m' } });
  await space.says('ReleasesUpdated', 'True', 'ReleasesUpdated');
  expect((await space.entries())[0]?.version).toMatchObject({ version: '1.0.0', digest: expect.any(String) as string });
});

test.concurrent('a registry that does not answer holds nobody else up', async () => {
  const slow = await world().space('slow');
  const quick = await world().space('quick');
  const answered = Promise.withResolvers<undefined>();
  faults.set('slow', () => answered.promise);
  await slow.application();
  await quick.application();
  await quick.reaches(['v1.0.0 Succeeded Automatic']);
  await quick.push('v1.1.0');
  await quick.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await slow.history()).toEqual([]);
  faults.delete('slow');
  answered.resolve(undefined);
  await slow.reaches(['v1.0.0 Succeeded Automatic']);
});
