/** `support` is what the tests of the whole control plane share. This file waits: for a condition, never for a time. */
import { inject, vi } from 'vitest';

/** Long enough for a busy machine; a test that needs it all has failed. */
const longest = inject('controlPlane') === undefined ? 30_000 : 120_000;

/**
 * Looks until `look` throws no more, and resolves with what it returns.
 * @param timeout milliseconds
 * @param interval milliseconds between two looks
 * @throws what `look` threw last
 */
export function eventually<T>(look: () => T | Promise<T>, timeout = longest, interval = 50): Promise<T> {
  return vi.waitFor(look, { timeout, interval });
}
