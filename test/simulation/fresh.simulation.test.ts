/** Worlds that nobody has seen, and the same world again: what `make simulate` plays, for as long as a change can wait. */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

interface Ended {
  readonly code: number;
  readonly output: string;
}

function simulate(...args: readonly string[]): Promise<Ended> {
  const main = new URL('main.ts', import.meta.url).pathname;
  const options = { maxBuffer: 64 * 1024 * 1024, timeout: 600_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=Warning', main, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

test('worlds with seeds that nobody has seen keep every promise, and meet every kind of fault', async () => {
  const { code, output } = await simulate('--world', 'mix', '--minutes', '2');
  process.stdout.write(`${output}\n`);
  expect(output).toMatch(/^0 of \d+ worlds failed/m);
  expect(output).not.toContain('never injected');
  expect(code).toBe(0);
}, 900_000);

test.each(['delivery', 'storm', 'day'])(
  'the same seed of size %s gives the same bytes of log',
  async (world) => {
    const { code, output } = await simulate('--world', world, '--seeds', '11-12', '--twice');
    expect(output).toMatch(/^0 of 2 worlds failed/m);
    expect(code).toBe(0);
  },
  300_000,
);
