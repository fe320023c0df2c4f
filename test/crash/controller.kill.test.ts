/**
 * The real process, killed without warning: `kuberik controller` dies again and again at random moments of a story, and
 * is started again at once. What is in the cluster at the end must be the same as if nothing had happened.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test, vi } from 'vitest';
import { createHostLimit } from '../../src/oci/host-limit.ts';
import { randomOf } from '../support/random.ts';
import { sharedWorld } from '../support/world.ts';
import { expectWholeRecord, playStory } from './story.ts';

vi.setConfig({ testTimeout: 400_000 });

const world = sharedWorld({ controllers: false });
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
/** Processes at once; more only wait for each other. */
const processes = createHostLimit(4, seeds.length);

let folder = '';
let kubeconfig = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuberik-kill-'));
  kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, world().sandbox.api.kubeconfig(), { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How long each process lives, in milliseconds; some do not live to see their first list. The one after them stays. */
function livesOf(seed: number): number[] {
  const random = randomOf(seed);
  const kills = 4 + Math.floor(random() * 4);
  return Array.from({ length: kills }, () => 300 + Math.floor(random() * 3_200));
}

/** Starts a process, kills it when its time is over, and starts the next, until it is disposed. */
class Mortal implements AsyncDisposable {
  readonly #namespace: string;
  readonly #lives: number[];
  readonly #over = new AbortController();
  readonly #running: Promise<void>;
  #errors = '';

  constructor(namespace: string, lives: readonly number[]) {
    this.#namespace = namespace;
    this.#lives = [...lives];
    this.#running = this.#run();
  }

  /** What the processes wrote to standard error. */
  get errors(): string {
    return this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const child = this.#spawn();
      const ended = once(child, 'exit');
      const kill = (): void => void child.kill('SIGKILL');
      const life = this.#lives.shift();
      const timer = life === undefined ? undefined : setTimeout(kill, life);
      this.#over.signal.addEventListener('abort', kill, { once: true });
      await ended;
      clearTimeout(timer);
      this.#over.signal.removeEventListener('abort', kill);
    }
  }

  #spawn(): ChildProcess {
    const flags = ['--kubeconfig', kubeconfig, '--namespaces', this.#namespace, '--log-level', 'error'];
    const nowhere = ['--metrics-bind-address', '0', '--health-probe-bind-address', '0'];
    const child = spawn(process.execPath, [main, 'controller', ...flags, ...nowhere], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    return child;
  }
}

test.concurrent.each(seeds)('killed with seed %i', async (seed) => {
  using turns = new DisposableStack();
  turns.use(await processes.enter('', new AbortController().signal));
  const lives = livesOf(seed);
  const space = await world().space(`kill-${seed}`);
  await using mortal = new Mortal(space.namespace, lives);
  try {
    await playStory(space);
    await expectWholeRecord(space);
  } catch (error) {
    throw new Error(`seed ${seed}, killed after ${lives.join(', ')} ms each\n${mortal.errors}`, { cause: error });
  }
});
