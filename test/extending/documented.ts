/** `extending` is about what others build on Kuberik. This file: the files of `docs/extending.md`, and its controller. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/api/meta.ts';

const root = join(import.meta.dirname, '../..');

/** A comment names the file, the code block after it is its content. */
export function documented(name: string): string {
  const text = readFileSync(join(root, 'docs/extending.md'), 'utf8');
  const files = new Map(
    [...text.matchAll(/<!-- (\S+) -->\s+```\w+\n(.*?)```/gs)].map(([, file, body]) => [file, body]),
  );
  const content = files.get(name);
  if (content === undefined) throw new Error(`docs/extending.md has no ${name}`);
  return content;
}

export function documentedObject(name: string): KubeObject {
  return parse(documented(name)) as KubeObject;
}

export interface Running extends AsyncDisposable {
  /** What it wrote to its standard output and error. */
  readonly output: () => string;
}

/** The controller of the document, as a process of its own. */
export function runDocumented(name: string, kubeconfig: string): Running {
  // Below the repository, so that its package is found.
  const parent = join(root, '.cache/extending');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  writeFileSync(join(folder, name), documented(name));
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig, { mode: 0o600 });
  const child: ChildProcess = spawn(process.execPath, [name], {
    cwd: folder,
    env: { PATH: process.env.PATH, KUBECONFIG: join(folder, 'kubeconfig') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
