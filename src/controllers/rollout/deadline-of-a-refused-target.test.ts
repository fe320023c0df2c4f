/** A target that refused its version made the Rollout forget when the deployment fails, and was never asked again. */
import { expect, it } from 'vitest';
import { KEY, RolloutWorld } from './testing/world.ts';

const reconcile = (world: RolloutWorld) => world.controller.reconciler.reconcile(KEY, new AbortController().signal);

/** 1.0.0 runs on `app`; 1.1.0 is there, and `app` refuses it. */
async function refusing(status: number): Promise<RolloutWorld> {
  const world = new RolloutWorld({ deployTimeout: '2m' }).release('1.0.0').target('app', '1.0.0');
  await world.settle();
  await world.clock.advance(600_000);
  await world.settle();
  world.release('1.0.0', '1.1.0').refuse('apply Kustomization apps/app', status);
  await world.look();
  return world;
}

it.each([403, 422, 500])('a deployment whose target answers %i fails in its time', async (status) => {
  const world = await refusing(status);
  const due = world.clock.now().add({ minutes: status === 422 ? 1 : 2 });
  const { failure, requeueAt } = await reconcile(world);
  expect(failure).toMatchObject({ status });
  expect(requeueAt?.toString({ smallestUnit: 'second' })).toBe(due.toString({ smallestUnit: 'second' }));
  await world.clock.advance(121_000);
  await reconcile(world);
  const [returned, failed] = (await world.status()).history ?? [];
  expect(failed).toMatchObject({ version: { tag: '1.1.0' }, bakeStatus: 'Failed' });
  expect(returned).toMatchObject({ version: { tag: '1.0.0' }, trigger: 'Rollback' });
});

it('what is refused as invalid is tried again after a while, since what forbids it may go without a word', async () => {
  const world = new RolloutWorld().release('1.0.0').target('app', '1.0.0');
  await world.settle();
  world.release('1.0.0', '1.1.0').refuse('apply Kustomization apps/app', 422);
  await world.look();
  const { requeueAt } = await reconcile(world);
  expect(requeueAt?.toString()).toBe(world.clock.now().add({ minutes: 1 }).toString());
});

it('a target that refuses for good does not keep another one, that only failed, from being tried again', async () => {
  const world = new RolloutWorld().release('1.0.0').target('app', '1.0.0').target('web', '1.0.0');
  await world.settle();
  world
    .release('1.0.0', '1.1.0')
    .refuse('apply Kustomization apps/app', 422)
    .refuse('apply Kustomization apps/web', 500);
  await world.look();
  expect(await reconcile(world)).toMatchObject({ failure: { status: 500 } });
});
