/** One program of the control plane as a process: started, waited for, killed, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PartSpec {
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Asked again and again until it holds; a rejection counts as not yet. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds; default: a minute, for a busy machine. */
  readonly readyWithin?: number;
}

const lookEvery = 50;

export class Part {
  readonly name: string;
  /** What it wrote, of all its lives. */
  readonly log: string;
  readonly #spec: PartSpec;
  #child: ChildProcess | undefined;

  /** @param log file that it writes to */
  constructor(spec: PartSpec, log: string) {
    this.name = spec.name;
    this.log = log;
    this.#spec = spec;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it is ready. @throws with the end of its log when it ends or is not ready in time */
  async start(): Promise<void> {
    if (this.running) throw new Error(`${this.name} is running already`);
    this.#spawn();
    await this.ready();
  }

  #spawn(): void {
    const { program, parameters, env, directory } = this.#spec;
    const log = openSync(this.log, 'a');
    // The kernel kills it when whoever started it dies, however that comes about.
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...parameters], {
      stdio: ['ignore', log, log],
      cwd: directory,
      env: { ...process.env, ...env },
    });
    this.#child.on('error', () => undefined);
    closeSync(log);
  }

  async ready(): Promise<void> {
    const { ready, readyWithin = 60_000 } = this.#spec;
    const deadline = performance.now() + readyWithin;
    while (!(await ready().catch(() => false))) {
      if (!this.running) throw this.#failure('ended before it was ready');
      if (performance.now() > deadline) throw this.#failure(`was not ready within ${readyWithin / 1000} s`);
      await sleep(lookEvery);
    }
  }

  /** Resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Kills it without warning and starts it anew, on the same ports and data. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  #failure(what: string): Error {
    const end = readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
    return new Error(`${this.name} ${what}; the end of ${this.log}:\n${end}`);
  }
}
