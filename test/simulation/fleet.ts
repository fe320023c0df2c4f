/** Several processes that play worlds side by side: each is given a few seeds at a time, until there are none or time is up. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { SpanName } from './span.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

/** Seeds and the size of the world that each is for. */
export type Batch = readonly { readonly seed: number; readonly world: SpanName }[];

export interface FleetOptions {
  /** Next worlds to play; undefined: there are no more. */
  readonly next: () => Batch | undefined;
  /** Called whenever a batch is done. */
  readonly onProgress: (sum: Tally, news: Tally) => void;
}

/** Until a batch is done; a world that never ends is a failure too. */
const batchTimeout = 15 * 60_000;
/** A process that has played this many batches makes room for another: what it compiled and cached goes with it. */
const mostBatches = 200;

export async function playAll({ next, onProgress }: FleetOptions): Promise<Tally> {
  const sum = emptyTally();
  const playOn = async (): Promise<void> => {
    let batch = next();
    while (batch !== undefined) {
      using worker = new Worker();
      for (let played = 0; played < mostBatches && batch !== undefined; played += 1) {
        const news = await worker.play(batch);
        addTally(sum, news);
        onProgress(sum, news);
        batch = next();
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, playOn));
  return sum;
}

class Worker implements Disposable {
  readonly #process: ChildProcess;

  constructor() {
    // Few long pauses of the garbage collector instead of many short ones.
    const execArgv = ['--disable-warning=Warning', '--max-semi-space-size=64'];
    this.#process = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), { execArgv });
  }

  play(batch: Batch): Promise<Tally> {
    const seeds = batch.map(({ seed, world }) => `${world} ${seed}`).join(', ');
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        ended(`is not done after ${batchTimeout / 60_000} minutes`);
      }, batchTimeout);
      const exited = (code: number | null): void => {
        ended(`ended the process with ${code}`);
      };
      const ended = (what: string): void => {
        done();
        reject(new Error(`one of these worlds ${what}: ${seeds}`));
      };
      const played = (tally: unknown): void => {
        done();
        resolve(tally as Tally);
      };
      const done = (): void => {
        clearTimeout(late);
        this.#process.off('exit', exited).off('message', played);
      };
      this.#process.once('exit', exited).once('message', played);
      this.#process.send(batch);
    });
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
