/** What simulations found once does not come back. */
import { expect, it } from 'vitest';
import { regressions, replay } from './regression.ts';

it.each(regressions())('$name: $what', async (regression) => {
  const { failures } = await replay(regression);
  expect(failures).toEqual([]);
});
