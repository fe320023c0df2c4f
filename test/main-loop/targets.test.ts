/** Which Flux objects a Rollout writes to, and that it never touches a field that is not its own. */
import { expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../src/api/annotations.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../src/integrations/flux/oci-repository.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  deploymentManifests,
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

async function delivery(space: Space, name: string, tag: string): Promise<void> {
  await space.push(tag, { name });
  await space.put(imageRepository(name, space.image(name)), imagePolicy(name), rollout(name));
}

/** Whose releases are bundles of manifests, and judged. */
async function bundled(space: Space): Promise<void> {
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image(), {}, { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } }),
    kustomization('app', { targetNamespace: space.namespace }),
    healthCheck('app'),
    rollout('app', judgedBy('app')),
  );
}

test.concurrent('several Rollouts fill one Kustomization, and none touches the key of another', async () => {
  const space = await world().space('several');
  const variables = { ...fills('one', 'ONE'), ...fills('two', 'TWO'), ...fills('three', 'THREE') };
  await space.pushManifests(configManifests(['ONE', 'TWO', 'THREE', 'MINE']));
  await space.put(ociRepository('app', space.image('manifests')));
  const substitute = { MINE: 'by hand', TWO: 'v0.0.0' };
  await space.put(kustomization('app', { targetNamespace: space.namespace, postBuild: { substitute } }, variables));
  await Promise.all([
    delivery(space, 'one', 'v1.0.0'),
    delivery(space, 'two', 'v2.0.0'),
    delivery(space, 'three', 'v3.0.0'),
  ]);
  await eventually(async () => {
    expect(await space.variables()).toEqual({ MINE: 'by hand', ONE: 'v1.0.0', TWO: 'v2.0.0', THREE: 'v3.0.0' });
  });
  await space.push('v2.1.0', { name: 'two' });
  await space.reaches(['v2.1.0 Succeeded Automatic', 'v2.0.0 Succeeded Automatic'], 'two');
  await eventually(async () => {
    expect(await space.variables()).toEqual({ MINE: 'by hand', ONE: 'v1.0.0', TWO: 'v2.1.0', THREE: 'v3.0.0' });
  });
  await space.remove(Rollout, 'three');
  await space.push('v1.1.0', { name: 'one' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic'], 'one');
  await eventually(async () => {
    expect(await space.variables()).toEqual({ MINE: 'by hand', ONE: 'v1.1.0', TWO: 'v2.1.0', THREE: 'v3.0.0' });
  });
  expect(await space.carried('app', 'ONE')).toEqual(['v1.0.0', 'v1.1.0']);
  expect(await space.carried('app', 'TWO')).toEqual(['v0.0.0', 'v2.0.0', 'v2.1.0']);
  expect(await space.carried('app', 'THREE')).toEqual(['v3.0.0']);
  expect(await space.carried('app', 'MINE')).toEqual(['by hand']);
});

test.concurrent('two variables of one Rollout change in one write', async () => {
  const space = await world().space('pair');
  await space.pushManifests(configManifests(['WEB', 'JOB']));
  await space.put(ociRepository('app', space.image('manifests')));
  await space.put(
    kustomization('app', { targetNamespace: space.namespace }, { ...fills('app', 'WEB'), ...fills('app', 'JOB') }),
  );
  await delivery(space, 'app', 'v1.0.0');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await eventually(async () => {
    expect(await space.variables()).toEqual({ WEB: 'v1.0.0', JOB: 'v1.0.0' });
  });
  const generation = (await space.get(Kustomization)).metadata.generation ?? 0;
  await space.push('v1.1.0');
  await eventually(async () => {
    expect(await space.variables()).toEqual({ WEB: 'v1.1.0', JOB: 'v1.1.0' });
  });
  expect((await space.get(Kustomization)).metadata.generation).toBe(generation + 1);
});

test.concurrent('bundles of manifests are the releases: health counts once Flux has applied the very revision', async () => {
  const space = await world().space('bundles');
  const bundle = async (tag: string): Promise<void> => {
    const files = {
      ...configManifests([]),
      'notes.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\ndata: {tag: ${tag}}\n`,
    };
    await space.pushManifests(files, tag, 'app');
  };
  await bundle('v1.0.0');
  await bundled(space);
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await bundle('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await world().carried.tag(space.namespace, 'app')).toEqual(['latest', 'v1.0.0', 'v1.1.0']);
  const { status } = await space.get(OCIRepository);
  expect(status?.artifact?.revision).toMatch(/^v1\.1\.0@sha256:/);
  expect((await space.get(Kustomization)).status?.lastAppliedRevision).toBe(status?.artifact?.revision);
  expect((await space.get(HealthCheck)).status?.observedRevision).toBe(status?.artifact?.revision);
});

test.concurrent('health is not believed while Flux still has the former bundle', async () => {
  const space = await world().space('stale');
  await space.pushManifests(configManifests([]), 'v1.0.0', 'app');
  await bundled(space);
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', { spec: { suspend: true } });
  await space.pushManifests(configManifests(), 'v1.1.0', 'app');
  await eventually(async () => {
    expect((await space.get(OCIRepository)).status?.artifact?.revision).toMatch(/^v1\.1\.0@/);
    expect((await space.get(HealthCheck)).status?.message).toContain('suspended');
  });
  // Ready is True all the while, for what was applied before.
  const { status } = await space.get(Kustomization);
  expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', { spec: { suspend: false } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent.each([
  ['semver', '>=1.0.0'],
  ['digest', `sha256:${'0'.repeat(64)}`],
])('ref.%s outranks the tag: it is said, with the remedy, until it is corrected', async (field, value) => {
  const space = await world().space(`outranked-${field}`);
  await space.pushManifests(configManifests([]), 'v1.0.0', 'app');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository(
      'app',
      space.image(),
      { ref: { [field]: value } },
      { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } },
    ),
    rollout('app'),
  );
  const message = await space.says('TargetsUpdated', 'False', 'TargetOutranked');
  expect(message).toContain(`${space.namespace}/app`);
  expect(message).toContain(`remove spec.ref.${field}`);
  await space.patch(OCIRepository, 'app', { spec: { ref: { [field]: null } } });
  await space.says('TargetsUpdated', 'True', 'TargetsUpdated');
  await eventually(async () => {
    expect((await space.get(OCIRepository)).spec.ref).toEqual({ tag: 'v1.0.0' });
  });
});

test.concurrent('a target that comes later gets the version that runs', async () => {
  const space = await world().space('later');
  await delivery(space, 'app', 'v1.0.0');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.says('TargetsUpdated', 'False', 'NoTargets');
  await space.pushManifests(deploymentManifests(space.image()));
  await space.put(ociRepository('app', space.image('manifests')));
  await space.put(kustomization('app', { targetNamespace: space.namespace }, fills('app')));
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0' });
  });
  await space.says('TargetsUpdated', 'True', 'TargetsUpdated');
});
