/** Waiting, with a bound, and doing many things at once, with a bound too. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every `interval` milliseconds until it holds. @throws when the signal is aborted first, and what `look` throws */
export async function until(
  what: string,
  look: () => Promise<boolean>,
  signal: AbortSignal,
  interval = 250,
): Promise<void> {
  while (!(await look())) {
    if (signal.aborted) throw new Error(`waited too long: ${what}`, { cause: signal.reason });
    await sleep(interval);
  }
}

/** As many at once as the connections of a client. */
const workers = 32;

/** Does `work` for 0 to `count` - 1. */
export async function forEach(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(workers, count) }, worker));
}
