/** A clock that goes on as any other, from a date of its own, and that can be put forward. */
import { setTimeout as sleepTimer } from 'node:timers/promises';
import type { Clock } from '../../src/kube/clock.ts';

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

export class GuideClock implements Clock {
  #ahead: number;
  readonly #timers = new Set<Timer>();
  #wake: NodeJS.Timeout | undefined;

  constructor(start: string) {
    this.#ahead = Temporal.Instant.from(start).epochMilliseconds - Date.now();
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#milliseconds());
  }

  after(milliseconds: number, callback: () => void): Disposable {
    const timer = { due: this.#milliseconds() + Math.max(milliseconds, 0), fire: callback };
    this.#timers.add(timer);
    this.#arm();
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const slept = Promise.withResolvers<undefined>();
    const stop = (): void => {
      slept.reject(signal.reason);
    };
    signal.addEventListener('abort', stop);
    const timer = this.after(milliseconds, () => {
      slept.resolve(undefined);
    });
    try {
      await slept.promise;
    } finally {
      timer[Symbol.dispose]();
      signal.removeEventListener('abort', stop);
    }
  }

  /** What is due by then happens now. Does nothing when it is past. */
  async putForwardTo(instant: string): Promise<void> {
    this.#ahead += Math.max(0, Temporal.Instant.from(instant).epochMilliseconds - this.#milliseconds());
    this.#arm();
    await sleepTimer(0);
  }

  #milliseconds(): number {
    return Date.now() + this.#ahead;
  }

  /** Node's timers never fire early, so that what is due is due. */
  #arm(): void {
    clearTimeout(this.#wake);
    const due = Math.min(...[...this.#timers].map((timer) => timer.due));
    if (due === Infinity) return;
    const wait = Math.min(Math.max(due - this.#milliseconds(), 0), 60_000);
    this.#wake = setTimeout(() => {
      this.#fire();
    }, wait);
    this.#wake.unref();
  }

  #fire(): void {
    const now = this.#milliseconds();
    const due = [...this.#timers].filter((timer) => timer.due <= now).sort((one, other) => one.due - other.due);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.fire();
    }
    this.#arm();
  }
}
