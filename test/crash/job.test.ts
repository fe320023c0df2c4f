/** The controllers crash around every write of a check and its Jobs, and each deployment has run one Job. */
import { afterAll, expect, test, vi } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { Job } from '../../src/integrations/batch/job.ts';
import { jobCheck, judgedBy } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import { ended, survive } from './survive.ts';

vi.setConfig({ testTimeout: 120_000 });

const world = sharedWorld({ controllers: false });
const kinds = ['Job', 'HealthCheck'];
/** As many as there are of these kinds when nothing crashes: a few more or less, by how often Flux is seen at work. */
const usualWrites = 22;
const everyWrite = Array.from({ length: usualWrites }, (_, index) => index + 1);

afterAll(() => Promise.all(ended));

async function story(space: Space): Promise<void> {
  await space.put(jobCheck('smoke', { historyLimit: 100 }));
  await space.application(judgedBy('smoke'));
  // Another check's writes are another test.
  await space.remove(HealthCheck, 'app');
  await space.reaches(['v1.0.0 Succeeded Automatic'], 'app', 60_000);
  await space.push('v1.1.666');
  const end = ['v1.0.0 Succeeded Rollback', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic'];
  await space.reaches(end, 'app', 60_000);
  const { items } = await space.client.list(Job, { namespace: space.namespace });
  expect(items.map((item) => Job.parse(item).metadata.name)).toHaveLength(end.length);
}

test.concurrent('without a crash the story takes many of these writes', async () => {
  const never = { write: 1000, moment: 'before', kinds } as const;
  const writes = await survive(world(), await world().space('job-no-crash'), [never], story);
  expect(writes).toBeGreaterThan(usualWrites / 2);
});

test.concurrent.each(everyWrite)('a crash right after write %i', async (write) => {
  await survive(world(), await world().space(`job-after-${write}`), [{ write, moment: 'after', kinds }], story);
});

test.concurrent.each([1, 2, 3])('a crash right before Job %i is made', async (write) => {
  const point = { write, moment: 'before', kinds: ['Job'] } as const;
  await survive(world(), await world().space(`job-before-${write}`), [point], story);
});
