/** Flux that is held up: the Rollout says so before anything else, and until when. */
import { expect, it } from 'vitest';
import { at, Scenario } from './testing/scenario.ts';

const until = Temporal.Instant.from(at('+30s'));
const wait = { message: 'Flux still checks Kustomization app', until, remedy: 'a shorter timeout' };
const selector = { healthCheckSelector: { matchLabels: { app: 'test-app' } } };
const deploying = [{ tag: '1.0.0', id: 1, timestamp: at('-1m'), bakeStatus: 'Deploying' }];

function held(): Scenario {
  const world = new Scenario({ spec: selector, available: ['1.0.0'], history: deploying }).check('hc', {});
  return world.target('1.0.0', { waits: [wait, wait] });
}

it('is the first reason, once for each wait, before the bake that waits for it too', () => {
  const { reasons, requeueAt } = held().look();
  expect(reasons.map(({ code }) => code)).toEqual(['WaitingForTarget', 'Deploying']);
  expect(reasons[0]).toMatchObject(wait);
  // Flux tells when it goes on: nothing is polled.
  expect(requeueAt).toBeUndefined();
});

it('stands in the condition, with what helps, and goes when it is over', () => {
  const world = held();
  const progressing = () => world.look().status.conditions?.find(({ type }) => type === 'Progressing');
  expect(progressing()).toMatchObject({
    status: 'False',
    reason: 'WaitingForTarget',
    message: 'Flux still checks Kustomization app; a shorter timeout',
  });
  world.target('1.0.0');
  expect(progressing()).toMatchObject({ status: 'True', reason: 'Deploying' });
});

it('is nothing to tell while nothing was deployed', () => {
  const { reasons } = new Scenario().target(undefined, { waits: [wait] }).look();
  expect(reasons.map(({ code }) => code)).toEqual(['NoReleases']);
});
