/** What is played while controllers crash: three releases, the second a bad one; and how it must have gone, whatever crashed. */
import { expect } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

/** Newest first. */
const endOfStory = [
  'v1.2.0 Succeeded Automatic',
  'v1.0.0 Succeeded Rollback',
  'v1.1.0 Failed Automatic',
  'v1.0.0 Succeeded Automatic',
] as const;
const bad = 'v1.1.0';

/** A Rollout that takes longer than this for one release is stuck. */
const longestRelease = 40_000;
/** Many stories run at once, and looking costs too. */
const interval = 200;

export async function playStory(space: Space): Promise<void> {
  await space.put(foreignCheck('judge', { app: 'app' }));
  await space.application();
  await untilHistoryIs(space, 1);
  await space.push(bad);
  await untilHistoryIs(space, 3);
  await space.push('v1.2.0');
  await untilHistoryIs(space, 4);
}

async function untilHistoryIs(space: Space, entries: number): Promise<void> {
  const look = async (): Promise<void> => {
    await judge(space);
    expect(await space.history()).toEqual(endOfStory.slice(-entries));
  };
  await eventually(look, longestRelease, interval);
}

/** Somebody else's controller: it looks at what runs, and says once for each deployment how it is. */
async function judge(space: Space): Promise<void> {
  const [deployed] = await space.entries();
  if (deployed?.timestamp === undefined || deployed.bakeEndTime !== undefined) return;
  if ((await space.variables()).VERSION !== deployed.version.tag) return;
  const { status } = await space.get(HealthCheck, 'judge');
  const since = Temporal.Instant.from(deployed.timestamp).epochMilliseconds;
  const verdict = deployed.version.tag === bad ? 'Unhealthy' : 'Healthy';
  const isJudged =
    status?.status === verdict &&
    status.lastChangeTime !== undefined &&
    Temporal.Instant.from(status.lastChangeTime).epochMilliseconds >= since;
  if (isJudged || space.world.clock.now().epochMilliseconds < since) return;
  await space.judge('judge', verdict);
}

/**
 * Judged from outside: what the API server's objects say, and every version that its watch has told. Each version that
 * ran has exactly one entry, ids count from 1, and there was one rollback.
 */
export async function expectWholeRecord(space: Space): Promise<void> {
  const entries = await space.entries();
  expect(entries.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  expect(entries.filter(({ trigger }) => trigger === 'Rollback')).toHaveLength(1);
  await eventually(async () => {
    expect(await space.carried()).toEqual(entries.map(({ version }) => version.tag as string).toReversed());
  });
}
