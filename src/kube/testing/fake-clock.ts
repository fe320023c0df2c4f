/**
 * `testing` holds what tests of every room share: a clock that stands still until it is told to move, and a scripted
 * API server that keeps a log of its requests.
 */
import type { Clock } from '../clock.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
}

export interface FakeClock extends Clock {
  /**
   * Moves time on by `milliseconds`: due timers run in order of time (then of creation), and what they resolve settles
   * before the next one runs. Timers that are made on the way run too when they fall due.
   */
  advance(milliseconds: number): Promise<void>;
  /** Moves time on to `instant`; does nothing when that is past. */
  advanceTo(instant: Temporal.Instant): Promise<void>;
  /** Lets pending promises and I/O callbacks run without moving time. */
  settle(): Promise<void>;
  /** When the next timer is due; undefined when nothing waits. */
  nextDue(): Temporal.Instant | undefined;
  /** How many timers wait. */
  readonly pending: number;
}

/** A clock for tests. Default start: 2026-01-01T00:00:00Z. */
export function createFakeClock(start: Temporal.Instant | string = '2026-01-01T00:00:00Z'): FakeClock {
  let now = Temporal.Instant.from(start).epochMilliseconds;
  let created = 0;
  const timers = new Set<Timer>();

  const earliest = (): Timer | undefined => {
    let found: Timer | undefined;
    for (const timer of timers) {
      const sooner = found === undefined || timer.due < found.due;
      if (sooner || (timer.due === found?.due && timer.order < found.order)) found = timer;
    }
    return found;
  };
  const after: Clock['after'] = (milliseconds, callback) => {
    const timer: Timer = { due: now + Math.ceil(Math.max(milliseconds, 0)), order: created++, fire: callback };
    timers.add(timer);
    return { [Symbol.dispose]: () => timers.delete(timer) };
  };
  const runUntil = async (end: number): Promise<void> => {
    await settle();
    for (let timer = earliest(); timer !== undefined && timer.due <= end; timer = earliest()) {
      now = Math.max(now, timer.due);
      timers.delete(timer);
      timer.fire();
      await settle();
    }
    now = Math.max(now, end);
  };

  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(now),
    after,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const abort = (): void => {
          timer[Symbol.dispose]();
          // The reason is whatever the caller aborted with.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(signal.reason);
        };
        const timer = after(milliseconds, () => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
        signal.addEventListener('abort', abort, { once: true });
      }),
    advance: (milliseconds) => runUntil(now + milliseconds),
    advanceTo: (instant) => runUntil(Math.max(now, instant.epochMilliseconds)),
    settle,
    nextDue() {
      const timer = earliest();
      return timer === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(timer.due);
    },
    get pending() {
      return timers.size;
    },
  };
}

// A few turns of the event loop: promise chains settle within one, loop-back I/O needs some more.
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
