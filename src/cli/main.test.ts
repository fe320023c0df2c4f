import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ExitCode } from './errors.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

it('does not colour what is no terminal, in CI neither', async () => {
  const env = { PATH: process.env.PATH, CI: '1' };
  const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const words = [main, 'get', 'rollouts', '--kubeconfig', '/does/not/exist'];
    execFile(process.execPath, words, { env }, (error, _stdout, stderr) => {
      resolve({ code: error?.code, stderr });
    });
  });
  expect(ended.code).toBe(ExitCode.NoConnection);
  expect(ended.stderr).toMatch(/^error: .*does\/not\/exist/);
});
