/** I10: controllers that never restart do not grow, whatever happens around them for a month. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What was measured is a third of a megabyte. */
const most = 2 * 1024 * 1024;

test('controllers hold no more after a month than after a start', async () => {
  const file = new URL('memory.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=Warning',
    '--expose-gc',
    file,
    '1',
  ]);
  const { deployments, violations, grownBy } = JSON.parse(stdout) as Record<string, unknown>;
  expect(violations).toEqual([]);
  expect(deployments).toBeGreaterThan(15);
  expect(grownBy).toBeLessThan(most);
}, 300_000);
