/** The controllers of `docs/extending.md` run as they stand, and are all that classes of one's own need. */
import { expect, test } from 'vitest';
import { sharedWorld } from '../support/world.ts';
import { documented } from './documented.ts';
import { gateStory } from './gate-story.ts';
import { healthStory } from './health-story.ts';

const world = sharedWorld();
const rights = () => world().sandbox.api.kubeconfig();

test.concurrent('an unknown gate class holds a release and says whose it is; the controller of the document opens it', async () => {
  await gateStory(await world().space('gate-class'), rights);
});

test.concurrent('an unknown health class holds a bake; the controller of the document passes a version and fails another', async () => {
  await healthStory(await world().space('health-class'), rights);
});

test.each(['even-minor.mjs', 'crash-loop.mjs'])('the controller %s is short', (name) => {
  expect(documented(name).trim().split('\n').length).toBeLessThanOrEqual(45);
});
