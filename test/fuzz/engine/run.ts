/** Runs all targets on a thread and watches it: an input that does not come to an end is a failure like any other. */
import { Worker } from 'node:worker_threads';
import type { Failure } from './judge.ts';
import type { Outcome } from './loop.ts';
import { longestInput } from './mutate.ts';
import type { Order } from './worker.ts';

/** No input takes so long on any machine; only then is the thread ended. */
const longestSilence = 20_000;

export interface Run {
  readonly targets: readonly string[];
  /** For each of them, and how long at most. */
  readonly inputs: number;
  readonly seconds: number;
  readonly seed: number;
  readonly isGuided: boolean;
  readonly report: (outcome: Outcome) => void;
}

/** One outcome for each target, in their order. */
export async function run(plan: Run): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let left = plan.targets;
  while (left.length > 0) {
    const done = await runSome({ ...plan, targets: left });
    outcomes.push(...done);
    left = left.slice(done.length);
  }
  return outcomes;
}

/** Until all are done, or one hangs: that is the last of the outcomes. */
function runSome({ targets, inputs, seconds, seed, isGuided, report }: Run): Promise<readonly Outcome[]> {
  const present = new SharedArrayBuffer(8 + 2 * longestInput);
  const numbers = new Int32Array(present, 0, 2);
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { targets, inputs, seconds, seed, isGuided, present } satisfies Order,
  });
  const outcomes: Outcome[] = [];
  const add = (outcome: Outcome): void => {
    outcomes.push(outcome);
    report(outcome);
  };
  return new Promise((resolve, reject) => {
    let [seen, since] = [-1, performance.now()];
    const watch = setInterval(() => {
      const count = Atomics.load(numbers, 0);
      if (count !== seen) [seen, since] = [count, performance.now()];
      // The sources are read first.
      if (count === 0 || performance.now() - since < longestSilence) return;
      clearInterval(watch);
      const input = Buffer.from(present, 8, numbers[1]).toString('utf16le');
      add(hangingOutcome(targets[outcomes.length] ?? '', count, input));
      worker.removeAllListeners('exit');
      void worker.terminate().then(() => {
        resolve(outcomes);
      });
    }, 1_000);
    worker.on('message', add);
    worker.on('error', (error: Error) => {
      clearInterval(watch);
      reject(error);
    });
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(outcomes);
    });
  });
}

function hangingOutcome(name: string, inputs: number, input: string): Outcome {
  const message = `does not come to an end within ${longestSilence / 1000} seconds`;
  const failures: readonly Failure[] = [{ input, message, signature: 'hang' }];
  return { name, inputs, seconds: longestSilence / 1000, corpus: 0, blocks: 0, longest: longestSilence, failures };
}
