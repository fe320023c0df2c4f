/** A target was made anew near the end of a bake, refused its version, and the bake ended well on what carried nothing. */
import { expect, it } from 'vitest';
import { KEY, RolloutWorld } from './testing/world.ts';

it('a bake does not end well while a target refuses its version, and says so', async () => {
  const world = new RolloutWorld({ bakeTime: '10m' }).release('1.0.0').target('app', '1.0.0');
  await world.settle();
  world.release('1.0.0', '1.1.0');
  await world.settle();
  await world.clock.advance(601_000);
  // As `kubectl replace --force` with what is in Git.
  world.target('app', '').refuse('apply Kustomization apps/app', 422);

  for (let look = 0; look < 3; look++) {
    await world.controller.reconciler.reconcile(KEY, new AbortController().signal);
  }
  const { history = [], conditions = [] } = await world.status();
  expect(history[0]).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'InProgress' });
  expect(conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'False', reason: 'RolloutFailed' }),
  );
  const message = 'Baking 1.1.0; waiting for every target to carry it';
  expect(conditions).toContainEqual(expect.objectContaining({ type: 'Progressing', message }));

  world.refusals.clear();
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');
  expect((await world.status()).history?.[0]).toMatchObject({ bakeStatus: 'Succeeded' });
});
