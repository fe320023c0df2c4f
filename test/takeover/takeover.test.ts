/** A cluster that the Go controllers ran until now: what runs goes on running, and ownership changes hands quietly. */
import { expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import { Kustomization, SUBSTITUTE_PATH } from '../../src/integrations/flux/kustomization.ts';
import { LEGACY_FIELD_MANAGER, managersBelow } from '../../src/integrations/flux/managers.ts';
import { startControllers } from '../support/controllers.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  fills,
  gate,
  imagePolicy,
  imageRepository,
  kustomization,
  object,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld({ controllers: false });

const variables = ['ONE', 'TWO', 'HAND'];

/** As the Go controller leaves a namespace: one field manager that has applied every variable it ever saw. */
async function upstream(space: Space): Promise<void> {
  await space.pushManifests(configManifests(variables));
  await space.put(ociRepository('app', space.image('manifests')));
  const substitute = { HAND: 'by hand', ONE: 'placeholder', TWO: 'placeholder' };
  const spec = { targetNamespace: space.namespace, postBuild: { substitute } };
  await space.put(kustomization('app', spec, { ...fills('one', 'ONE'), ...fills('two', 'TWO') }));
  const { apiVersion, kind } = Kustomization;
  const applied = { postBuild: { substitute: { HAND: 'by hand', ONE: 'v1.0.0', TWO: 'v2.0.0' } } };
  await space.client.apply(Kustomization, space.place(object(apiVersion, kind, 'app', applied), { ...Kustomization }), {
    fieldManager: LEGACY_FIELD_MANAGER,
    force: true,
  });
  for (const [name, tags] of Object.entries({ one: ['v1.0.0', 'v1.1.0'], two: ['v2.0.0'] })) {
    for (const tag of tags) await space.push(tag, { name });
    await space.put(imageRepository(name, space.image(name)), imagePolicy(name), rollout(name));
  }
}

test('each Rollout takes over its own key, the others stay with their owners, and nothing is deployed', async () => {
  const space = await world().space('upstream');
  await upstream(space);
  await space.put(gate('window', 'one', { passing: false }));
  const entry = (tag: string) => ({
    id: 7,
    version: { tag },
    timestamp: '2026-07-02T10:00:00Z',
    message: 'Automatic deployment',
    triggeredBy: { kind: 'System', name: 'rollout-controller' },
    bakeStatus: 'Succeeded',
    bakeEndTime: '2026-07-02T10:05:00Z',
  });
  const two = await space.get(Rollout, 'two');
  await space.client.replace(
    Rollout,
    { ...two, status: { availableReleases: [{ tag: 'v2.0.0' }], history: [entry('v2.0.0')] } },
    { subresource: 'status' },
  );
  const { generation } = (await space.get(Kustomization)).metadata;
  // Not through the Kustomization's type: it drops managedFields once it knows the owners.
  const raw = await space.typeOf(object(Kustomization.apiVersion, Kustomization.kind, 'app', {}));
  await using running = new AsyncDisposableStack();
  running.use(startControllers(world(), { namespaces: ['upstream'] }));
  await eventually(async () => {
    const { managedFields = [] } = (await space.get(raw)).metadata;
    expect(managersBelow(managedFields, SUBSTITUTE_PATH)).toEqual({
      HAND: ['person', LEGACY_FIELD_MANAGER],
      ONE: ['kuberik-rollout/one'],
      TWO: ['kuberik-rollout/two'],
    });
  });
  expect(await space.variables()).toEqual({ HAND: 'by hand', ONE: 'v1.0.0', TWO: 'v2.0.0' });
  expect(await space.carried('app', 'ONE')).toEqual(['placeholder', 'v1.0.0']);
  expect(await space.carried('app', 'TWO')).toEqual(['placeholder', 'v2.0.0']);
  expect((await space.get(Kustomization)).metadata.generation).toBe(generation);

  // One was unknown to the status and is adopted; the other goes on counting from where upstream stopped.
  await space.reaches(['v1.0.0 Succeeded Adoption'], 'one');
  await space.push('v2.1.0', { name: 'two' });
  await eventually(async () => {
    expect((await space.entries('two')).map(({ id, version }) => [id, version.tag])).toEqual([
      [8, 'v2.1.0'],
      [7, 'v2.0.0'],
    ]);
    expect(await space.variables()).toEqual({ HAND: 'by hand', ONE: 'v1.0.0', TWO: 'v2.1.0' });
  });
});
