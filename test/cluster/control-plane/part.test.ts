/** Processes end with whoever started them, come back on demand, and say why they did not start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { Run } from './run.ts';

const immortal = "process.on('SIGTERM', () => {}); console.log('here'); setInterval(() => {}, 1000);";

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function lastPid(log: string): Promise<number> {
  const [pid = ''] = (await readFile(log, 'utf8')).trim().split('\n').toReversed();
  return Number(pid);
}

test('a part dies with the process that started it, even by SIGKILL', async () => {
  await using run = await Run.create('orphans');
  const log = join(run.directory, 'pid');
  const script = join(run.directory, 'starter.ts');
  const source = JSON.stringify(join(import.meta.dirname, 'run.ts'));
  const child = "require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)";
  await writeFile(
    script,
    `import { Run } from ${source};
const run = await Run.create('starter');
const parameters = ['-e', ${JSON.stringify(child)}, ${JSON.stringify(log)}];
await run.start({ name: 'part', program: process.execPath, parameters, ready: async () => true });
setInterval(() => {}, 1000);`,
  );
  const starter = spawn(process.execPath, [script], { stdio: 'inherit' });
  const pid = await eventually(async () => {
    const found = await lastPid(log);
    expect(found).toBeGreaterThan(0);
    return found;
  });
  const directory = (await readdir(join(run.directory, '..'))).find((name) =>
    name.startsWith(`kuberik-control-plane-${starter.pid}-`),
  );
  expect(directory).toBeDefined();
  expect(isAlive(pid)).toBe(true);
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await eventually(() => {
    expect(isAlive(pid)).toBe(false);
  });
  // And the next run clears away what was left on disk.
  await using next = await Run.create('next');
  await expect(access(join(next.directory, '..', directory ?? ''))).rejects.toThrow('ENOENT');
});

test('a part is killed without asking it, and started again with the log of all its lives', async () => {
  await using run = await Run.create('lives');
  const ready = async (): Promise<boolean> => (await readFile(join(run.logs, 'stubborn.log'), 'utf8')).includes('here');
  const parameters = ['-e', immortal];
  const part = await run.start({ name: 'stubborn', program: process.execPath, parameters, ready });
  await part.restart();
  await eventually(async () => {
    expect(await readFile(part.log, 'utf8')).toBe('here\nhere\n');
  });
  await part.kill();
  expect(part.running).toBe(false);
});

test.each([
  ['ends', "console.error('no such flag'); process.exit(3)", /quick ended before it was ready.*no such flag/s],
  [
    'does not get ready',
    "console.error('waiting'); setInterval(() => {}, 1000)",
    /quick was not ready within .*waiting/s,
  ],
])('a part that %s says so with the end of its log', async (_, source, message) => {
  await using run = await Run.create('failures');
  const spec = { name: 'quick', program: process.execPath, parameters: ['-e', source], readyWithin: 2000 };
  await expect(run.start({ ...spec, ready: () => Promise.resolve(false) })).rejects.toThrow(message);
});
