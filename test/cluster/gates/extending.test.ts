/** `gates` is about gates on the real API server. This file: the controller of `docs/extending.md`, with its rights alone. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { documentedObject, runDocumented } from '../../extending/documented.ts';
import { eventually } from '../../support/eventually.ts';
import { writeKubeconfig } from '../control-plane/credentials.ts';
import { sharedCluster } from '../support/cluster.ts';
import { serviceAccountToken } from '../support/controller.ts';
import { kubectl } from '../support/kubectl.ts';
import type { ClusterSpace } from '../support/space.ts';

const cluster = sharedCluster();

/** A kubeconfig of somebody who has the role of the document and nothing else. */
async function kubeconfigFor({ namespace, put }: { namespace: string; put: ClusterSpace['put'] }): Promise<string> {
  const { connection } = cluster();
  const name = 'even-minor';
  await put(documentedObject('role.yaml'));
  await kubectl(connection, '-n', namespace, 'create', 'serviceaccount', name);
  const binding = ['create', 'clusterrolebinding', namespace, `--clusterrole=${name}`];
  await kubectl(connection, ...binding, `--serviceaccount=${namespace}:${name}`);
  onTestFinished(async () => {
    await kubectl(connection, 'delete', 'clusterrolebinding', namespace);
  });
  const folder = mkdtempSync(join(tmpdir(), 'kuberik-extending-'));
  try {
    const token = await serviceAccountToken(connection, name, namespace);
    const file = writeKubeconfig(join(folder, 'kubeconfig'), connection.server, connection.caFile, { token });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a class of somebody else holds a release until its controller, with the rights of the document, allows it', async () => {
  const space = await cluster().space('extending');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(documentedObject('gate.yaml'));
  await space.push('v1.2.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('RolloutGate stable waits for the first answer of class even-minor');
  });
  const kubeconfig = await kubeconfigFor({ namespace: space.namespace, put: (object) => space.put(object) });
  await using controller = runDocumented('even-minor.mjs', kubeconfig);
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.push('v1.3.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('v1.3.0 is for developers');
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.2.0']);
  expect(controller.output()).toBe('');
});
