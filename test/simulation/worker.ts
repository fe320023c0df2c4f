/** A process of the fleet: plays the worlds it is given, and tells what they came to. */
import type { Batch } from './fleet.ts';
import { playSeed } from './play.ts';
import { addTally, emptyTally } from './tally.ts';

process.on('message', (batch: Batch) => {
  play(batch).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

async function play(batch: Batch): Promise<void> {
  const tally = emptyTally();
  for (const { seed, world } of batch) {
    process.title = `simulation ${world} ${seed}`;
    try {
      addTally(tally, await playSeed(seed, world));
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tally.failures.push({ world, seed, messages: [message], history: '' });
    }
  }
  process.send?.(tally);
}
