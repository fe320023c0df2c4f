/** Timers by due time, then by order of creation: a binary heap, without those that were cancelled long ago. */

export interface Timer {
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly order: number;
  /** Undefined: cancelled. What it would have called is let go at once, since a timer may be due in hours. */
  fire: (() => void) | undefined;
}

const fewestToSweep = 512;

export class TimerHeap {
  #timers: Timer[] = [];
  #cancelled = 0;

  get first(): Timer | undefined {
    return this.#timers[0];
  }

  add(timer: Timer): void {
    this.#timers.push(timer);
    this.#rise(this.#timers.length - 1);
  }

  cancel(timer: Timer): void {
    if (timer.fire === undefined) return;
    timer.fire = undefined;
    this.#cancelled += 1;
    if (this.#timers.length > fewestToSweep && this.#cancelled * 2 > this.#timers.length) this.#sweep();
  }

  removeFirst(): void {
    const last = this.#timers.pop();
    const [first] = this.#timers;
    if (first?.fire === undefined) this.#cancelled = Math.max(0, this.#cancelled - 1);
    if (last === undefined || first === undefined) return;
    this.#timers[0] = last;
    this.#sink(0);
  }

  #sweep(): void {
    const left = this.#timers.filter(({ fire }) => fire !== undefined);
    // What is sorted is a heap.
    this.#timers = left.sort((one, other) => (isBefore(one, other) ? -1 : 1));
    this.#cancelled = 0;
  }

  #rise(from: number): void {
    const timers = this.#timers;
    const timer = timers[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(timer, timers[parent]!)) break;
      timers[at] = timers[parent]!;
      at = parent;
    }
    timers[at] = timer;
  }

  #sink(from: number): void {
    const timers = this.#timers;
    const timer = timers[from]!;
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= timers.length) break;
      const right = left + 1;
      const child = right < timers.length && isBefore(timers[right]!, timers[left]!) ? right : left;
      if (!isBefore(timers[child]!, timer)) break;
      timers[at] = timers[child]!;
      at = child;
    }
    timers[at] = timer;
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.due < other.due || (one.due === other.due && one.order < other.order);
