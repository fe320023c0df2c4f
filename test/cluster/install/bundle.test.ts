/** The file that an image holds: it runs with the command line of the Deployment, and is ready. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../control-plane/command.ts';
import { startControlPlane } from '../control-plane/control-plane.ts';
import { fluxControllers } from '../control-plane/flux.ts';
import { answers } from '../control-plane/probe.ts';
import { shipped } from '../support/controller.ts';
import { defineKinds, kubectlOf, root } from './installation.ts';

const bundle = join(root, 'dist/kuberik.mjs');

test('the bundle runs as the Deployment says', async () => {
  await run(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root, timeout: 120_000 });
  await using plane = await startControlPlane({ name: 'bundle', flux: false, workloads: false });
  // It is not ready before the kinds that it works with can be read.
  await defineKinds(plane, ...fluxControllers);
  const health = `127.0.0.1:${await plane.run.port()}`;
  const metrics = `127.0.0.1:${await plane.run.port()}`;
  await plane.run.start({
    name: 'bundle',
    program: process.execPath,
    parameters: [
      bundle,
      ...shipped().parameters,
      `--kubeconfig=${plane.kubeconfig}`,
      '--leader-election-namespace=kuberik-system',
      `--health-probe-bind-address=${health}`,
      `--metrics-bind-address=${metrics}`,
    ],
    // Nothing beside it is needed: no package, no source.
    directory: plane.run.folder('elsewhere'),
    ready: () => answers(`http://${health}/readyz`),
  });
  expect(await answers(`http://${metrics}/metrics`)).toBe(true);
  const lease = [
    '-n',
    'kuberik-system',
    'get',
    'lease',
    '8108ddc4.kuberik.com',
    '-o',
    'jsonpath={.spec.holderIdentity}',
  ];
  expect(await kubectlOf(plane)(...lease)).not.toBe('');
});

test('the bundle offers every flag of the Deployment', async () => {
  const help = await run(process.execPath, [bundle, 'controller', '--help']);
  for (const parameter of shipped().parameters.slice(1)) expect(help).toContain(parameter.split('=')[0]);
});
