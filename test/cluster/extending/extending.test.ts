/** `extending` runs the controllers of `docs/extending.md` against the real API server, each with its documented rights alone. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { documentedObject } from '../../extending/documented.ts';
import { gateStory } from '../../extending/gate-story.ts';
import { healthStory } from '../../extending/health-story.ts';
import { writeKubeconfig } from '../control-plane/credentials.ts';
import { sharedCluster } from '../support/cluster.ts';
import { serviceAccountToken } from '../support/controller.ts';
import { kubectl } from '../support/kubectl.ts';
import type { ClusterSpace } from '../support/space.ts';

const cluster = sharedCluster();

/** A kubeconfig of somebody who has a role of the document and nothing else. */
async function withRole(space: ClusterSpace, file: string): Promise<string> {
  const { connection } = cluster();
  const { namespace } = space;
  const role = documentedObject(file);
  const { name } = role.metadata;
  await space.put(role);
  await kubectl(connection, '-n', namespace, 'create', 'serviceaccount', name);
  const binding = ['create', 'clusterrolebinding', namespace, `--clusterrole=${name}`];
  await kubectl(connection, ...binding, `--serviceaccount=${namespace}:${name}`);
  onTestFinished(async () => {
    await kubectl(connection, 'delete', 'clusterrolebinding', namespace);
  });
  const folder = mkdtempSync(join(tmpdir(), 'kuberik-extending-'));
  try {
    const token = await serviceAccountToken(connection, name, namespace);
    return readFileSync(
      writeKubeconfig(join(folder, 'kubeconfig'), connection.server, connection.caFile, { token }),
      'utf8',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a gate class of somebody else', async () => {
  const space = await cluster().space('gate-class');
  await gateStory(space, () => withRole(space, 'role.yaml'));
});

test('a health class of somebody else', async () => {
  const space = await cluster().space('health-class');
  await healthStory(space, () => withRole(space, 'health-role.yaml'));
});
