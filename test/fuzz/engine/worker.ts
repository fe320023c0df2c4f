/** Runs targets one after the other, on a thread of its own that can be ended when one of them does not come to an end. */
import { parentPort, workerData } from 'node:worker_threads';
import { startCounting } from './instrument.ts';
import { watchPrototypes } from './prototypes.ts';
import { readSeeds } from './seeds.ts';
import type { Target } from './target.ts';

/** What the thread is told. */
export interface Order {
  /** Names of targets. */
  readonly targets: readonly string[];
  readonly inputs: number;
  /** For each of them. */
  readonly seconds: number;
  readonly seed: number;
  readonly isGuided: boolean;
  /** A number that grows, the length of the present input, and the input in UTF-16. */
  readonly present: SharedArrayBuffer;
}

process.setSourceMapsEnabled(true);
// The YAML library warns of what is no fault of anybody's, thousands of times.
process.removeAllListeners('warning');
startCounting();
// Imported by name from here on, so that their modules count.
const { fuzz } = await import('./loop.ts');
const { targets } = (await import('../targets/all.ts')) as { targets: readonly Target[] };

const order = workerData as Order;
const numbers = new Int32Array(order.present, 0, 2);
const text = Buffer.from(order.present, 8);
const prototypes = watchPrototypes();

function announce(input: string): void {
  numbers[1] = text.write(input, 'utf16le');
  Atomics.add(numbers, 0, 1);
}

for (const name of order.targets) {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const { inputs, seconds, seed, isGuided } = order;
  const seeds = readSeeds(target);
  parentPort?.postMessage(await fuzz({ target, seeds, inputs, seconds, seed, isGuided, announce, prototypes }));
}
