/**
 * `simulation` plays worlds made from a seed: production controllers, an API server in the same process, virtual time,
 * faults. This file is the time: it stands still while anything is at work, and then jumps to the next timer.
 */
import type { Clock } from '../../src/kube/clock.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Turns within one instant; more are an endless loop. */
const mostTurns = 20_000;

/** There is no I/O in a simulation, so that turns of the event loop, and hence the order of everything, are always the same. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #stirs = 0;
  /** By due time, then by order of creation; the next one is the last. */
  readonly #timers: Timer[] = [];

  constructor(start: Temporal.Instant) {
    this.#now = start.epochMilliseconds;
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#now);
  }

  get milliseconds(): number {
    return this.#now;
  }

  /** Says that something happens at this instant. */
  stir(): void {
    this.#stirs += 1;
  }

  after(milliseconds: number, callback: () => void): Disposable {
    const due = this.#now + Math.ceil(Math.max(milliseconds, 0));
    const timer: Timer = { due, order: this.#order++, fire: callback, cancelled: false };
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    return {
      [Symbol.dispose]: () => {
        timer.cancelled = true;
      },
    };
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return sleepOn(this, milliseconds, signal);
  }

  /** Plays everything up to `end`, or until `stop` says so between two instants. */
  async runUntil(end: number, stop: () => boolean = () => false): Promise<void> {
    await this.#settle();
    for (;;) {
      if (stop()) return;
      const timer = this.#timers.at(-1);
      if (timer === undefined || timer.due > end) break;
      this.#timers.pop();
      if (timer.cancelled) continue;
      this.#now = Math.max(this.#now, timer.due);
      timer.fire();
      await this.#settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /**
   * Everybody waits for time to pass when a turn of the event loop brings no request and no delivery. Promises are worked
   * off before each turn, so that what they lead to is in it; reconciles begin with a turn of their own.
   */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < mostTurns; turn += 1) {
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
      const before = this.#stirs;
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (before === this.#stirs) return;
    }
    throw new Error(`no rest at ${this.now().toString()}: something goes on without time passing`);
  }

  #placeOf(timer: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timers[middle]!.due > timer.due) low = middle + 1;
      else high = middle;
    }
    // Among those of one instant the newest comes first in the array, and so is fired last.
    return low;
  }
}

/** Time as one process has it: when the process is killed, nothing in it wakes again. */
export class ProcessClock implements Clock {
  readonly #clock: VirtualClock;
  readonly #timers = new Set<Disposable>();
  #dead = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  now(): Temporal.Instant {
    return this.#clock.now();
  }

  after(milliseconds: number, callback: () => void): Disposable {
    if (this.#dead) return { [Symbol.dispose]: () => undefined };
    const timer = this.#clock.after(milliseconds, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers.delete(timer);
        timer[Symbol.dispose]();
      },
    };
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return sleepOn(this, milliseconds, signal);
  }

  kill(): void {
    this.#dead = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}

function sleepOn(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => {
      timer[Symbol.dispose]();
      // The reason is whatever the caller aborted with.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    const timer = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
