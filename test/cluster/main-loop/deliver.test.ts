/** The main loop with real parts: registry, image reflection, our controller, sources, kustomizations, Deployments. */
import { expect, test } from 'vitest';
import { sharedCluster } from '../support/cluster.ts';

const cluster = sharedCluster();

test('a release is seen, deployed, baked and kept', async () => {
  const space = await cluster().space('deliver');
  await space.application({ bakeTime: '2s' });
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(space.carried()).toEqual(['v1.0.0', 'v1.1.0']);
});
