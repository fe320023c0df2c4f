/** Time is injected everywhere: a test or the simulator brings its own. */
import { setTimeout as sleepTimer } from 'node:timers/promises';

export interface Clock {
  now(): Temporal.Instant;
  /**
   * Calls `callback` once after `milliseconds` (at least 0, at most 24 days: a longer wait ends early); the result
   * cancels it. Does not keep the process alive.
   */
  after(milliseconds: number, callback: () => void): Disposable;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

// A Node timer longer than 2^31-1 ms fires at once.
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), longestTimer));
    timer.unref();
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
      },
    };
  },
  async sleep(milliseconds, signal) {
    try {
      await sleepTimer(Math.min(Math.max(milliseconds, 0), longestTimer), undefined, { signal });
    } catch (error) {
      // Node rejects with an AbortError of its own.
      signal.throwIfAborted();
      throw error;
    }
  },
};
