/** From the push of a build to running pods with nothing of ours in between but the controller. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { deploymentManifests } from '../../support/objects.ts';
import { run } from '../control-plane/command.ts';
import { sharedCluster } from '../support/cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import type { ClusterSpace } from '../support/space.ts';

const cluster = sharedCluster();

/** As a build would: out of an image layout on disk. */
async function skopeoPush(space: ClusterSpace, layout: string, tag: string): Promise<void> {
  const built = `docker://${space.image('build')}:latest`;
  await run('skopeo', ['copy', '--src-tls-verify=false', built, `oci:${layout}:${tag}`]);
  await run('skopeo', ['copy', '--dest-tls-verify=false', `oci:${layout}:${tag}`, `docker://${space.image()}:${tag}`]);
  await space.scan('app');
}

async function images(space: ClusterSpace): Promise<string> {
  const template = '{.items[*].spec.containers[*].image} {.items[*].status.phase}';
  return kubectl(cluster().connection, '-n', space.namespace, 'get', 'pods', '-o', `jsonpath=${template}`);
}

test('an image that skopeo pushed runs in the pods, and a crashing one is taken back', async () => {
  const layout = await mkdtemp(join(tmpdir(), 'kuberik-layout-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(layout, { recursive: true }));
  const space = await cluster().space('skopeo');
  await space.push('latest', { name: 'build' });
  await space.application({}, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);

  await skopeoPush(space, layout, 'v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await images(space)).toBe(`${space.image()}:v1.1.0 Running`);

  await skopeoPush(space, layout, 'v1.2.666');
  await space.reaches([
    'v1.1.0 Succeeded Rollback',
    'v1.2.666 Failed Automatic',
    'v1.1.0 Succeeded Automatic',
    'v1.0.0 Succeeded Automatic',
  ]);
  await eventually(async () => {
    expect(await images(space)).toBe(`${space.image()}:v1.1.0 Running`);
  });
});
