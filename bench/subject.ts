/** The process that is measured, alone: our controller as it is shipped, or the floor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeKubeconfig } from '../test/cluster/control-plane/credentials.ts';
import { answers } from '../test/cluster/control-plane/probe.ts';
import { NAMESPACE, shipped } from '../test/cluster/support/controller.ts';
import type { Plane } from './plane.ts';
import { type Usage, usageOf } from './process-usage.ts';

export const subjectNames = ['ours', 'floor'] as const;
export type SubjectName = (typeof subjectNames)[number];

export interface SubjectOptions {
  /** Of Node, before the program. */
  readonly nodeFlags: readonly string[];
  /** From the sources, whose lines a profile can name, rather than from the bundle. */
  readonly sources: boolean;
}

const root = join(import.meta.dirname, '..');
const readyWithin = 60_000;
const stopWithin = 45_000;

export class Subject implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** Resolves when it is ready. */
  static async start(plane: Plane, name: SubjectName, options: SubjectOptions): Promise<Subject> {
    const health = `127.0.0.1:${await plane.run.port()}`;
    const program = name === 'ours' ? ours(plane, health, options.sources) : floor(plane, health);
    const path = join(plane.run.logs, `${name}.log`);
    const log = openSync(path, 'a');
    // The kernel kills it when the benchmark dies, however that comes about; the number of the process stays the same.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', process.execPath, ...options.nodeFlags, ...program], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const subject = new Subject(child, path);
    await subject.#ready(`http://${health}/readyz`);
    return subject;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process was not started');
    return this.#child.pid;
  }

  usage(): Promise<Usage> {
    this.requireRunning();
    return usageOf(this.pid);
  }

  /** @throws with the end of what it wrote when the process has ended */
  requireRunning(): void {
    const said = this.said();
    // A process that is looked into does not go until nobody looks any more.
    if (!this.#hasEnded && !said.includes('Waiting for the debugger to disconnect')) return;
    throw new Error(`the measured process has ended; it said:\n${said.slice(-4000)}`);
  }

  /** All that it wrote. */
  said(): string {
    return readFileSync(this.#log, 'utf8');
  }

  /** In order, as a rolling update would. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const gone = once(this.#child, 'exit', { signal: AbortSignal.timeout(stopWithin) });
    this.#child.kill('SIGTERM');
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ready(url: string): Promise<void> {
    const deadline = performance.now() + readyWithin;
    while (!(await answers(url).catch(() => false))) {
      if (this.#hasEnded || performance.now() > deadline) {
        await this[Symbol.asyncDispose]();
        throw new Error(`the measured process does not get ready; it said:\n${this.said().slice(-4000)}`);
      }
      await sleep(20);
    }
  }
}

/** The command line of the shipped Deployment. */
function ours(plane: Plane, health: string, sources: boolean): readonly string[] {
  const tokenFile = join(plane.run.directory, 'token');
  writeFileSync(tokenFile, plane.token, { mode: 0o600 });
  const kubeconfig = join(plane.run.directory, 'controller.kubeconfig');
  writeKubeconfig(kubeconfig, plane.server, plane.caFile, { tokenFile }, NAMESPACE);
  return [
    join(root, sources ? 'src/cli/main.ts' : 'dist/kuberik.mjs'),
    ...shipped().parameters,
    `--kubeconfig=${kubeconfig}`,
    `--health-probe-bind-address=${health}`,
    '--metrics-bind-address=127.0.0.1:0',
  ];
}

function floor(plane: Plane, health: string): readonly string[] {
  const file = join(plane.run.directory, 'floor.json');
  const { server, caFile, token } = plane;
  writeFileSync(file, JSON.stringify({ server, caFile, token, health }), { mode: 0o600 });
  return [join(import.meta.dirname, 'floor.ts'), file];
}
