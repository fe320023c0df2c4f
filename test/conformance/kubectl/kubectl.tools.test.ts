/** The kubectl of this machine, whatever its version, tells the story on the sandbox. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer } from '../../../src/sandbox/apiserver/start.ts';
import { definitions } from '../table/kuberik.ts';
import { collected, everyday } from './commands.ts';
import { Runner, type Said } from './runner.ts';

const steps = [...everyday, ...collected];

describe('kubectl on the sandbox', () => {
  const parts = new AsyncDisposableStack();
  const said: Said[] = [];

  beforeAll(async () => {
    const server = await startApiServer({ crds: definitions });
    parts.defer(() => server.close());
    const directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    parts.defer(() => {
      rmSync(directory, { recursive: true });
    });
    const kubeconfig = join(directory, 'config');
    writeFileSync(kubeconfig, server.kubeconfig());
    const runner = parts.use(new Runner('kubectl', kubeconfig));
    for (const step of steps) said.push(await runner.run(step));
  }, 300_000);
  afterAll(() => parts.disposeAsync());

  it.each(steps.map((step, index) => ({ ...step, index })))('$index: $name', ({ index, code = 0, says = /^/ }) => {
    expect(said[index]).toEqual({ code, text: expect.stringMatching(says) as string });
  });
});
