/** The controllers crash right before and right after every single write of a story, and no version is lost or doubled. */
import { afterAll, expect, test, vi } from 'vitest';
import { type RunningControllers, startControllers } from '../support/controllers.ts';
import { randomOf } from '../support/random.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld, type World } from '../support/world.ts';
import { type CrashingClient, type CrashPoint, crashingClient } from './crashing-client.ts';
import { expectWholeRecord, playStory } from './story.ts';

// Dozens of stories at once: each waits for its turn at two processors.
vi.setConfig({ testTimeout: 120_000 });

const world = sharedWorld({ controllers: false });

/** Writes of the story when nothing crashes, and some to spare. */
const mostWrites = 46;
const everyWrite = Array.from({ length: mostWrites }, (_, index) => index + 1);
const seeds = Array.from({ length: 6 }, (_, index) => index + 1);

const ended: Promise<void>[] = [];
afterAll(() => Promise.all(ended));

/** Runs the controllers of one namespace, and fresh ones after each crash. Resolves with the number of writes. */
async function survive(world: World, space: Space, points: readonly CrashPoint[]): Promise<number> {
  const rest = [...points];
  let writes = 0;
  let running: RunningControllers | undefined;
  let current: CrashingClient | undefined;
  let over = false;
  const start = (): void => {
    const point = rest.shift();
    running = startControllers(world, {
      namespaces: [space.namespace],
      stopTimeout: 0,
      wrap: (client) => (current = crashingClient(client, point)).client,
    });
    const { crashed } = current as CrashingClient;
    const dead = running;
    void crashed.then(() => {
      writes += current?.writes ?? 0;
      ended.push(dead.stop());
      if (!over) start();
    });
  };
  start();
  try {
    await playStory(space);
    await expectWholeRecord(space);
  } finally {
    over = true;
    if (running !== undefined) ended.push(running.stop());
  }
  return writes + (current?.writes ?? 0);
}

test.concurrent('without a crash the story needs no more writes than are tried below', async () => {
  const writes = await survive(world(), await world().space('no-crash'), []);
  expect(writes).toBeLessThanOrEqual(mostWrites);
  expect(writes).toBeGreaterThan(20);
});

test.concurrent.each(everyWrite)('a crash right before write %i', async (write) => {
  await survive(world(), await world().space(`before-${write}`), [{ write, moment: 'before' }]);
});

test.concurrent.each(everyWrite)('a crash right after write %i', async (write) => {
  await survive(world(), await world().space(`after-${write}`), [{ write, moment: 'after' }]);
});

test.concurrent.each(seeds)('crash after crash, seed %i', async (seed) => {
  const random = randomOf(seed);
  const points = Array.from({ length: 12 }, (): CrashPoint => {
    return { write: 1 + Math.floor(random() * 4), moment: random() < 0.5 ? 'before' : 'after' };
  });
  await survive(world(), await world().space(`seed-${seed}`), points);
});
