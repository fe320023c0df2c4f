/** The controllers crash right before and right after every single write of a story, and no version is lost or doubled. */
import { afterAll, expect, test, vi } from 'vitest';
import { randomOf } from '../support/random.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import type { CrashPoint } from './crashing-client.ts';
import { expectWholeRecord, playStory } from './story.ts';
import { ended, survive } from './survive.ts';

// Dozens of stories at once: each waits for its turn at two processors.
vi.setConfig({ testTimeout: 120_000 });

const world = sharedWorld({ controllers: false });

/** Writes of the story when nothing crashes, and some to spare. */
const mostWrites = 46;
const everyWrite = Array.from({ length: mostWrites }, (_, index) => index + 1);
const seeds = Array.from({ length: 6 }, (_, index) => index + 1);

afterAll(() => Promise.all(ended));

async function story(space: Space): Promise<void> {
  await playStory(space);
  await expectWholeRecord(space);
}

test.concurrent('without a crash the story needs no more writes than are tried below', async () => {
  const writes = await survive(world(), await world().space('no-crash'), [], story);
  expect(writes).toBeLessThanOrEqual(mostWrites);
  expect(writes).toBeGreaterThan(20);
});

test.concurrent.each(everyWrite)('a crash right before write %i', async (write) => {
  await survive(world(), await world().space(`before-${write}`), [{ write, moment: 'before' }], story);
});

test.concurrent.each(everyWrite)('a crash right after write %i', async (write) => {
  await survive(world(), await world().space(`after-${write}`), [{ write, moment: 'after' }], story);
});

test.concurrent.each(seeds)('crash after crash, seed %i', async (seed) => {
  const random = randomOf(seed);
  const points = Array.from({ length: 12 }, (): CrashPoint => {
    return { write: 1 + Math.floor(random() * 4), moment: random() < 0.5 ? 'before' : 'after' };
  });
  await survive(world(), await world().space(`seed-${seed}`), points, story);
});
