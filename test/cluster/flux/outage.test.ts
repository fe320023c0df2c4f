/** The parts that releases come through fail and come back: Kuberik says what it cannot reach, and catches up by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findCondition } from '../../../src/integrations/flux/foreign.ts';
import { ImagePolicy } from '../../../src/integrations/flux/image-policy.ts';
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { eventually } from '../../support/eventually.ts';
import { configManifests } from '../../support/objects.ts';
import { type ControlPlane, connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import type { Part } from '../control-plane/part.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import { type ControllerProcess, startController } from '../support/controller.ts';
import type { ClusterSpace } from '../support/space.ts';

const parts = new AsyncDisposableStack();
let plane: ControlPlane;
let controller: ControllerProcess;
let cluster: Cluster;

beforeAll(async () => {
  plane = parts.use(await startControlPlane({ name: 'outage', workloads: false }));
  controller = parts.use(await startController(connectionTo(plane), 'outage-controller'));
  cluster = parts.use(openClusterAt(connectionTo(plane)));
});
afterAll(() => parts.disposeAsync());

function registry(): Part {
  if (plane.registry === undefined) throw new Error('this control plane has no registry');
  return plane.registry.part;
}

/** What Flux says of its scan. */
async function scanned(space: ClusterSpace): Promise<string> {
  const ready = findCondition((await space.get(ImageRepository)).status?.conditions, 'Ready');
  return `${ready?.status} ${ready?.reason}`;
}

test('the registry is gone when a release is news, and comes back', async () => {
  const space = await cluster.space('registry');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await controller.part.kill();
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.get(ImagePolicy)).status?.latestRef).toMatchObject({ tag: 'v1.1.0' });
  });
  await registry().kill();
  await controller.part.start();

  // The ImagePolicy is enough to deploy; what is known of the release comes later.
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  const message = await space.says('ReleasesUpdated', 'False', 'RegistryUnavailable');
  expect(message).toContain(`no answer from ${cluster.registryHost}`);
  expect((await space.entries())[0]?.version).toEqual({ tag: 'v1.1.0' });
  await space.scan('app');
  await eventually(async () => {
    expect(await scanned(space)).toBe('False ReadOperationFailed');
  });
  expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);

  // It keeps its contents in memory.
  await registry().start();
  await space.pushManifests(configManifests());
  await space.push('v1.0.0');
  const digest = await space.push('v1.1.0');
  await space.says('ReleasesUpdated', 'True', 'ReleasesUpdated');
  expect((await space.entries())[0]?.version).toMatchObject({ tag: 'v1.1.0', digest, version: '1.1.0' });
  await eventually(async () => {
    expect(await scanned(space)).toMatch(/^True/);
  });
});

test('image-reflector is killed, a release is pushed meanwhile, and is deployed once it is back', async () => {
  const space = await cluster.space('reflector');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const reflector = plane.flux?.['image-reflector-controller'];
  await reflector?.kill();
  await space.push('v1.1.0');
  await reflector?.start();
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});
