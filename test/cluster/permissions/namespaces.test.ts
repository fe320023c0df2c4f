/** An installation for one namespace, as `docs/install.md` writes it down: its own documents are what is applied. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { Rollout } from '../../../src/api/rollout.ts';
import { connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import { answers } from '../control-plane/probe.ts';
import { base, kubectlOf, root } from '../install/installation.ts';
import { openClusterAt } from '../support/cluster.ts';
import { startController } from '../support/controller.ts';
import { controllerAccount, may } from './access.ts';

/** A comment names the file, the code block after it is its content. */
function documented(folder: string, namespace: string): void {
  const text = readFileSync(join(root, 'docs/install.md'), 'utf8');
  const files = [...text.matchAll(/<!-- (\S+\.yaml) -->\s+```yaml\n(.*?)```/gs)];
  expect(files.map(([, name]) => name)).toEqual(['kustomization.yaml', 'cluster.yaml', 'team-a.yaml']);
  for (const [, name = '', content = ''] of files) {
    const here = content
      .replace('kuberik/deploy/kustomize', relative(folder, base))
      .replaceAll(' team-a\n', ` ${namespace}\n`);
    writeFileSync(join(folder, name), here.replace('--namespaces=team-a', `--namespaces=${namespace}`));
  }
}

test('a controller for one namespace works there with its roles there, and is ready', async () => {
  await using plane = await startControlPlane({ name: 'namespaced', workloads: false, install: false });
  await using cluster = openClusterAt(connectionTo(plane));
  const kubectl = kubectlOf(plane);
  const inside = await cluster.space('inside');
  const outside = await cluster.space('outside');
  const folder = mkdtempSync(join(tmpdir(), 'kuberik-namespaced-'));
  try {
    documented(folder, inside.namespace);
    await kubectl('apply', '--server-side', '--warnings-as-errors', '-k', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all');
  const flag = `--namespaces=${inside.namespace}`;
  const args = ['get', 'deployment', 'kuberik-controller', '-o', 'jsonpath={.spec.template.spec.containers[0].args}'];
  expect(await kubectl('-n', 'kuberik-system', ...args)).toContain(flag);

  const requests = ['get secrets', 'patch kustomizations.kustomize.toolkit.fluxcd.io', 'list rollouts.kuberik.com'];
  for (const { namespace } of [inside, outside]) {
    for (const request of requests) {
      const verdict = await may(plane.admin.client, controllerAccount, request, namespace);
      expect(verdict, `${request} in ${namespace}`).toBe(namespace === inside.namespace);
    }
  }

  await using controller = await startController(connectionTo(plane), 'namespaced-controller', [flag]);
  // Always healthy kinds alone: nobody aggregates roles here.
  for (const space of [inside, outside]) await space.application();
  await inside.reaches(['v1.0.0 Succeeded Automatic']);
  expect((await outside.get(Rollout)).status).toBeUndefined();
  expect(await answers(`http://${controller.health}/readyz`)).toBe(true);
});
