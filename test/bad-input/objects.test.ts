/** Objects that are wrong, absent or half gone: each fault is named, and the way out of it works. */
import { expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../src/api/annotations.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { imagePolicyType } from '../../src/integrations/flux/image-policy.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../src/integrations/flux/oci-repository.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  fills,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld();

test.concurrent('a pin to a tag that nobody has pushed yet waits for it', async () => {
  const space = await world().space('unknown-tag');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Rollout, 'app', { spec: { wantedVersion: 'v1.9.0' } });
  const message = await space.says('Progressing', 'False', 'VersionNotFound');
  expect(message).toContain('push v1.9.0 to the registry, or correct spec.wantedVersion');
  expect(await space.carried()).toEqual(['v1.0.0']);
  await space.push('v1.9.0');
  await space.reaches(['v1.9.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a forced version that nobody knows is refused until it is there', async () => {
  const space = await world().space('unknown-force');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.annotate({ 'force-deploy': 'v7.7.7' });
  expect(await space.says('Progressing', 'False', 'VersionNotFound')).toContain('v7.7.7');
  expect(await space.carried()).toEqual(['v1.0.0']);
});

test.concurrent('an empty wantedVersion is no pin', async () => {
  const space = await world().space('empty-pin');
  await space.application({ wantedVersion: '' });
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('an ImagePolicy that comes later', async () => {
  const space = await world().space('no-policy');
  await space.push('v1.0.0');
  await space.put(imageRepository('app', space.image()), rollout('app'));
  expect(await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotFound')).toContain(
    'no-policy/app not found: create it',
  );
  await space.put(imagePolicy('app'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
});

test.concurrent('an ImagePolicy whose ImageRepository comes later', async () => {
  const space = await world().space('no-repository');
  await space.push('v1.0.0');
  await space.put(imagePolicy('app'), rollout('app'));
  await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotReady');
  await space.put(imageRepository('app', space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
});

test.concurrent('an ImagePolicy in error, then one that admits nothing, then a good one', async () => {
  const space = await world().space('bad-policy');
  await space.push('v1.0.0');
  const policy = (range: string) => imagePolicy('app', { policy: { semver: { range } } });
  await space.put(imageRepository('app', space.image()), policy('not a range'), rollout('app'));
  expect(await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotReady')).toContain('bad-policy/app');
  await space.put(policy('>=5.0.0'));
  await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotReady');
  await space.put(policy('>=1.0.0'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  // What is known stays known when it breaks again.
  await space.put(policy('not a range'));
  await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotReady');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  await space.remove(imagePolicyType('v1'), 'app');
  await space.says('ReleasesUpdated', 'False', 'ImagePolicyNotFound');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
});

test.concurrent('names as long as Kubernetes allows', async () => {
  const space = await world().space('long-names');
  const name = `${'n'.repeat(249)}.one`;
  const other = `${'n'.repeat(249)}.two`;
  await space.pushManifests(configManifests(['ONE', 'TWO']));
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests')),
    kustomization('app', { targetNamespace: 'long-names' }, { ...fills(name, 'ONE'), ...fills(other, 'TWO') }),
    rollout(name, { releasesImagePolicy: { name: 'app' } }),
    rollout(other, { releasesImagePolicy: { name: 'app' } }),
  );
  await eventually(async () => {
    expect(await space.variables()).toEqual({ ONE: 'v1.0.0', TWO: 'v1.0.0' });
  });
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic'], name);
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic'], other);
  await eventually(async () => {
    expect(await space.variables()).toEqual({ ONE: 'v1.1.0', TWO: 'v1.1.0' });
  });
});

test.concurrent.each([
  ['a duration that is none', { bakeTime: 'soon' }, 'bakeTime'],
  [
    'an operator that is none',
    { healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
    'operator',
  ],
  [
    'a selector that means nothing',
    { healthCheckSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] } },
    'spec.healthCheckSelector',
  ],
  ['a tag that cannot be one', { wantedVersion: 'not a tag' }, 'wantedVersion'],
  ['a history without room', { versionHistoryLimit: 0 }, 'versionHistoryLimit'],
  ['a policy without a name', { releasesImagePolicy: {} }, 'releasesImagePolicy'],
])('%s is refused at the door, or named in a condition', async (title, spec, field) => {
  const space = await world().space(title.replaceAll(' ', '-'));
  const refused = await space.put(rollout('app', spec)).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  expect(refused ?? (await space.says('Ready', 'False', 'InvalidSpec'))).toContain(field);
});

test.concurrent('an OCIRepository that names two Rollouts is written by none of them', async () => {
  const space = await world().space('two-names');
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests'), {}, { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'one, two' } }),
    rollout('one', { releasesImagePolicy: { name: 'app' } }),
    rollout('two', { releasesImagePolicy: { name: 'app' } }),
  );
  for (const name of ['one', 'two']) {
    const message = await space.says('TargetsUpdated', 'False', 'TargetFailed', name);
    expect(message).toContain('two-names/app: one field cannot carry the versions of one and two');
  }
  expect(await world().carried.tag('two-names', 'app')).toEqual(['latest']);
  await space.patch(OCIRepository, 'app', { metadata: { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'two' } } });
  await space.says('TargetsUpdated', 'True', 'TargetsUpdated', 'two');
  await eventually(async () => {
    expect(await world().carried.tag('two-names', 'app')).toEqual(['latest', 'v1.0.0']);
  });
});

test.concurrent('a Kustomization that is deleted half-way, and comes back', async () => {
  const space = await world().space('half-way');
  await space.application({ ...judgedBy('app'), bakeTime: '2s' });
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.0.0 InProgress Automatic']);
  });
  await space.remove(Kustomization, 'app');
  await space.says('TargetsUpdated', 'False', 'NoTargets');
  expect((await space.history())[0]).toMatch(/^v1\.0\.0 /);
  await space.gone(Kustomization);
  await space.put(kustomization('app', { targetNamespace: 'half-way' }, fills('app')));
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0' });
  });
  await space.says('TargetsUpdated', 'True', 'TargetsUpdated');
  expect((await space.entries()).map(({ id }) => id)).toEqual([1]);
});
