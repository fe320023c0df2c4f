/**
 * `simulation` plays worlds made from a seed: production controllers, an API server in the same process, virtual time,
 * faults. This file is the time: it stands still while anything is at work, and then jumps to the next timer.
 */
import type { Clock } from '../../src/kube/clock.ts';
import { type Timer, TimerHeap } from './timer-heap.ts';

/** Turns within one instant; more are an endless loop. */
const mostTurns = 20_000;

/** Something goes on and on while no time passes. */
export class EndlessTurnsError extends Error {
  override readonly name = 'EndlessTurnsError';
}

/** There is no I/O in a simulation, so that turns of the event loop, and hence the order of everything, are always the same. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #stirs = 0;
  readonly #timers = new TimerHeap();
  #instant: Temporal.Instant;

  constructor(start: Temporal.Instant) {
    this.#now = start.epochMilliseconds;
    this.#instant = start;
  }

  now(): Temporal.Instant {
    return this.#instant;
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
    const timer: Timer = { due, order: this.#order++, fire: callback };
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers.cancel(timer);
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
      const timer = this.#timers.first;
      if (timer === undefined || timer.due > end) break;
      this.#timers.removeFirst();
      const { fire } = timer;
      if (fire === undefined) continue;
      timer.fire = undefined;
      this.#advance(timer.due);
      fire();
      await this.#settle();
    }
    this.#advance(end);
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
    throw new EndlessTurnsError(`no rest at ${this.now().toString()}: something goes on without time passing`);
  }

  #advance(to: number): void {
    if (to <= this.#now) return;
    this.#now = to;
    this.#instant = Temporal.Instant.fromEpochMilliseconds(to);
  }
}

/** For clocks that only have timers of their own. */
export function sleepOn(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
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
