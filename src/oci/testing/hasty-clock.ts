/** For tests: a clock that does not wait. */
import type { Clock } from '../../kube/clock.ts';

export interface HastyClock extends Clock {
  /** What was slept, in milliseconds. */
  readonly slept: readonly number[];
  advance(milliseconds: number): void;
}

/** Sleeping moves the clock at once; timers fire when it is moved past them. */
export function createHastyClock(): HastyClock {
  let now = Temporal.Instant.from('2026-01-01T00:00:00Z');
  const slept: number[] = [];
  const timers = new Set<{ readonly at: Temporal.Instant; readonly callback: () => void }>();
  function advance(milliseconds: number): void {
    now = now.add({ milliseconds });
    for (const timer of [...timers]) {
      if (Temporal.Instant.compare(timer.at, now) > 0) continue;
      timers.delete(timer);
      timer.callback();
    }
  }
  return {
    slept,
    advance,
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now.add({ milliseconds }), callback };
      timers.add(timer);
      return {
        [Symbol.dispose]() {
          timers.delete(timer);
        },
      };
    },
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      slept.push(milliseconds);
      advance(milliseconds);
    },
  };
}
