/** What Kuberik promised its first users, given to the real kubectl and a real API server, as they would do it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedBlocks } from '../../seeds/blocks.ts';
import { run } from '../control-plane/command.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { fluxControllers } from '../control-plane/flux.ts';
import { defineKinds, kubectlOf } from '../install/installation.ts';
import { complete, excerpts, read, type SeedObject } from './completed.ts';

let plane: ControlPlane;
let kubectl: ReturnType<typeof kubectlOf>;

beforeAll(async () => {
  plane = await startControlPlane({ name: 'seeds', flux: false, workloads: false });
  kubectl = kubectlOf(plane);
  await defineKinds(plane, ...fluxControllers, 'kruise-rollouts');
  await kubectl('create', 'namespace', 'flux-system');
});
afterAll(() => plane[Symbol.asyncDispose]());

let namespaces = 0;

/** Into a namespace of its own, unless the object says into which. */
async function apply(object: SeedObject, flags: readonly string[]): Promise<string> {
  namespaces += 1;
  const namespace = object.metadata.namespace ?? `seeds-${namespaces}`;
  if (object.metadata.namespace === undefined) await kubectl('create', 'namespace', namespace);
  const parameters = [`--kubeconfig=${plane.kubeconfig}`, '-n', namespace, 'apply', ...flags, '-f', '-'];
  return run(plane.obtained.program('kubectl'), parameters, { input: JSON.stringify(object) });
}

const objects = seedBlocks.flatMap(({ file }) =>
  read(file).map((object) => ({ name: `${file} ${object.kind}`, file, object })),
);

describe.each([
  { mode: 'client-side', flags: [] },
  { mode: 'server-side', flags: ['--server-side'] },
])('kubectl apply, $mode', ({ flags }) => {
  test.concurrent.each(objects.filter(({ name }) => !(name in excerpts)))('$name, as printed', async ({ object }) => {
    expect(await apply(object, flags)).toMatch(/ (created|configured|unchanged|serverside-applied)\n$/);
  });

  test.concurrent.each(objects.filter(({ name }) => name in excerpts))(
    '$name, an excerpt: what is missing is all that is wrong',
    async ({ name, object }) => {
      const excerpt = excerpts[name] ?? { faults: [], completion: {} };
      const refusal = await apply(object, flags).catch(String);
      for (const fault of excerpt.faults) expect(refusal).toContain(fault);
      expect(await apply(complete(object, excerpt), flags)).toMatch(/ (created|serverside-applied)\n$/);
    },
  );
});

test('whatever is ours applies as it was printed', () => {
  const ours = objects.filter(({ object }) => object.apiVersion.includes('kuberik.com'));
  expect(ours).toHaveLength(6);
  expect(ours.filter(({ name }) => name in excerpts)).toEqual([]);
});
