/** The client's end of a watch: lines arrive in the order in which they were sent, each a little later. */
import type { VirtualClock } from './virtual-clock.ts';

export interface StreamOptions {
  readonly kind: string;
  readonly clock: VirtualClock;
  /** Milliseconds that the next line is on its way. */
  readonly delay: () => number;
  /** How often the next event is delivered. */
  readonly copies: () => number;
  /** Pending while the process that listens stands still. */
  readonly standing: () => Promise<void> | undefined;
}

const isBookmark = (line: string | undefined): boolean => line?.startsWith('{"type":"BOOKMARK"') === true;

export class WatchStream {
  readonly #options: StreamOptions;
  readonly #arrived: (string | undefined)[] = [];
  #lastArrival = 0;
  #failure: unknown;
  #failed = false;
  #closed = false;
  #silent = false;
  #wake: () => void = () => undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get kind(): string {
    return this.#options.kind;
  }

  heard(line: string | undefined): void {
    if (this.#closed || this.#silent) return;
    const { clock, copies, delay } = this.#options;
    const isEvent = line !== undefined && !isBookmark(line);
    const at = Math.max(this.#lastArrival, clock.milliseconds + (isBookmark(line) ? 1 : delay()));
    this.#lastArrival = at;
    const times = isEvent ? copies() : 1;
    clock.after(at - clock.milliseconds, () => {
      if (this.#closed || this.#silent) return;
      for (let time = 0; time < times; time += 1) this.#arrived.push(line);
      clock.stir();
      this.#wake();
    });
  }

  fail(reason: unknown): void {
    this.#failure = reason;
    this.#failed = true;
    this.#options.clock.stir();
    this.#wake();
  }

  /** @param status of the error; undefined: without one */
  cut(status: number | undefined): void {
    if (status === undefined) this.#arrived.push(undefined);
    else {
      const object = { kind: 'Status', code: status, reason: 'Expired', message: 'too old resource version' };
      this.#arrived.push(JSON.stringify({ type: 'ERROR', object }));
    }
    this.#options.clock.stir();
    this.#wake();
  }

  /** The connection has died without a word: nothing arrives any more, not even its end. */
  silence(): void {
    this.#silent = true;
    this.#arrived.length = 0;
  }

  close(): void {
    this.#closed = true;
  }

  async *lines(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      if (this.#closed) await never();
      const standing = this.#options.standing();
      if (standing !== undefined) {
        await standing;
        continue;
      }
      if (this.#failed) throw this.#failure;
      if (this.#arrived.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const line = this.#arrived.shift();
      if (line === undefined) return;
      yield line;
    }
  }
}

/** For those who are dead. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
