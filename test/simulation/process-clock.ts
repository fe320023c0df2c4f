/** Time as one process has it: its clock may be off, it stands still while the process does, and ends with it. */
import type { Clock } from '../../src/kube/clock.ts';
import { sleepOn, type VirtualClock } from './virtual-clock.ts';

/** How a clock differs from the API server's. */
export interface Skew {
  /** Milliseconds ahead. */
  readonly offset: number;
  /** The share by which it runs too fast. */
  readonly drift: number;
}

export const rightTime: Skew = { offset: 0, drift: 0 };

export class ProcessClock implements Clock {
  readonly #clock: VirtualClock;
  readonly #skew: Skew;
  readonly #born: number;
  readonly #timers = new Set<Disposable>();
  /** What has come due while the process stood still; undefined: it does not. */
  #held: (() => void)[] | undefined;
  #dead = false;
  #wakes = 0;

  constructor(clock: VirtualClock, skew: Skew = rightTime) {
    this.#clock = clock;
    this.#skew = skew;
    this.#born = clock.milliseconds;
  }

  /** How many of its timers have fired. */
  get wakes(): number {
    return this.#wakes;
  }

  now(): Temporal.Instant {
    const { milliseconds } = this.#clock;
    const { offset, drift } = this.#skew;
    return Temporal.Instant.fromEpochMilliseconds(
      milliseconds + offset + Math.floor((milliseconds - this.#born) * drift),
    );
  }

  after(milliseconds: number, callback: () => void): Disposable {
    if (this.#dead) return { [Symbol.dispose]: () => undefined };
    let isOver = false;
    const fire = (): void => {
      if (isOver) return;
      this.#wakes += 1;
      callback();
    };
    const timer = this.#clock.after(milliseconds / (1 + this.#skew.drift), () => {
      this.#timers.delete(timer);
      if (this.#held === undefined) fire();
      else this.#held.push(fire);
    });
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        isOver = true;
        this.#timers.delete(timer);
        timer[Symbol.dispose]();
      },
    };
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return sleepOn(this, milliseconds, signal);
  }

  /** Time goes on, and the process does not. */
  freeze(): void {
    this.#held ??= [];
  }

  /** What has come due meanwhile comes now, one after the other. */
  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const fire of held) this.after(0, fire);
  }

  kill(): void {
    this.#dead = true;
    this.#held = undefined;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}
