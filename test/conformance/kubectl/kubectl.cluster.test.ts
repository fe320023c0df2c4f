/** The kubectl of the real server tells the story on it and on the sandbox, and says the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer } from '../../../src/sandbox/apiserver/start.ts';
import { startControllerManager } from '../../cluster/control-plane/kubernetes.ts';
import { startRealServer } from '../real-server.ts';
import { definitions } from '../table/kuberik.ts';
import { collected, everyday } from './commands.ts';
import { Runner, type Said } from './runner.ts';
import type { Step } from './step.ts';

const steps = [...everyday, ...collected];

describe('kubectl on a real server and on the sandbox', () => {
  const parts = new AsyncDisposableStack();
  const real: Said[] = [];
  const sandbox: Said[] = [];

  beforeAll(async () => {
    const { plane } = parts.use(await startRealServer('conformance-kubectl'));
    const own = await startApiServer({ crds: definitions });
    parts.defer(() => own.close());
    const program = plane.obtained.program('kubectl');
    const kubeconfig = join(plane.run.directory, 'sandbox.kubeconfig');
    writeFileSync(kubeconfig, own.kubeconfig());
    const onReal = parts.use(new Runner(program, plane.kubeconfig));
    const onSandbox = parts.use(new Runner(program, kubeconfig));
    for (const definition of definitions) await onReal.run(installing(definition));
    const tell = async (story: readonly Step[]): Promise<void> => {
      const telling = async (runner: Runner, said: Said[]): Promise<void> => {
        for (const step of story) said.push(await runner.run(step));
      };
      await Promise.all([telling(onReal, real), telling(onSandbox, sandbox)]);
    };
    await tell(everyday);
    // Only now: it would work on the deployments of the story.
    await startControllerManager(plane.run, plane.obtained, plane);
    await tell(collected);
  }, 600_000);
  afterAll(() => parts.disposeAsync());

  it.each(steps.map((step, index) => ({ ...step, index })))(
    '$index: $name',
    ({ index, code = 0, says = /^/, differs }) => {
      const expected = { code, text: expect.stringMatching(says) as string };
      expect(real[index], 'the real server').toEqual(expected);
      expect(sandbox[index], 'the sandbox').toEqual(expected);
      if (differs === undefined) expect(sandbox[index]).toEqual(real[index]);
    },
  );
});

function installing(definition: object): Step {
  return { name: 'install', args: ['apply', '--server-side', '-f', '-'], input: [definition] };
}
