import { expect, it } from 'vitest';
import { at, clock, look, putCheck, putKustomization, status } from '../testing/fixture.ts';

it('a check that was made a moment before its Kustomization is no failure; one that stays alone is', async () => {
  putCheck({ class: 'kustomization', kustomization: 'app', createdAt: 0 });
  const { requeueAt } = await look();
  expect(await status()).toMatchObject({ status: 'Pending', message: 'Kustomization not found: team/app not found' });
  expect(await status()).not.toHaveProperty('lastErrorTime');
  expect(requeueAt?.toString()).toBe(at(0.5));

  await clock.advance(30_000);
  await look();
  expect(await status()).toMatchObject({ status: 'Unhealthy', lastErrorTime: at(0.5) });
});

it('the Kustomization that arrives is judged as ever', async () => {
  putCheck({ class: 'kustomization', kustomization: 'app', createdAt: 0 });
  await look();
  putKustomization({ inventory: [] });
  await look();
  expect(await status()).toMatchObject({ status: 'Pending', message: 'Kustomization has no managed resources' });
});
