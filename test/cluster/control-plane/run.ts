/** What one run owns: a directory for data, a folder for logs, ports, and the processes, which end in reverse order. */
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Part, type PartSpec } from './part.ts';

/** Below the ports that the kernel hands out to clients, so that a part finds its own again after a restart. */
const ports = { first: 15_000, count: 15_000 };

export class Run implements AsyncDisposable {
  /** Removed at the end. */
  readonly directory: string;
  /** Kept until the next run of the same name begins. */
  readonly logs: string;
  readonly #parts: Part[] = [];

  private constructor(directory: string, logs: string) {
    this.directory = directory;
    this.logs = logs;
  }

  /** @param name of the folder with its logs, below `.cache/control-plane`, before the number of this process */
  static async create(name: string): Promise<Run> {
    const logFolder = join(process.cwd(), '.cache', 'control-plane');
    mkdirSync(logFolder, { recursive: true });
    // Directories of runs that were killed: their processes are gone with them. And logs of earlier runs.
    await removeEnded(tmpdir(), prefix);
    await removeEnded(logFolder, `${name}-`);
    const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
    const logs = join(logFolder, `${name}-${process.pid}`);
    mkdirSync(logs, { recursive: true });
    return new Run(directory, logs);
  }

  /** A new folder in the run's directory. */
  folder(name: string): string {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async port(): Promise<number> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const port = ports.first + Math.floor(Math.random() * ports.count);
      if (await isFree(port)) return port;
    }
    throw new Error('no port is free on 127.0.0.1');
  }

  /** Resolves when it is ready. */
  async start(spec: PartSpec): Promise<Part> {
    const part = new Part(spec, join(this.logs, `${spec.name}.log`));
    this.#parts.push(part);
    await part.start();
    return part;
  }

  /** Nothing is worth an orderly stop: the data goes too, and an API server would wait a minute for its clients. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts.toReversed()) await part.kill();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

const prefix = 'kuberik-control-plane-';

/** What belongs to a process that has ended, whose number stands after the prefix. */
async function removeEnded(folder: string, start: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = name.startsWith(start) ? (/^(\d+)(-|$)/.exec(name.slice(start.length)) ?? []) : [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
