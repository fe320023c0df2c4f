/** Puts a sequence to both servers, a request at a time, until an answer differs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { equal } from '../../../src/sandbox/apiserver/json.ts';
import type { Answer, Server } from '../session.ts';
import { exceptionFor } from './exceptions.ts';
import type { KindName } from './kinds.ts';
import type { OpenWatch } from './open-watch.ts';
import { type Asked, Side, type Told } from './side.ts';
import { isWatch, type Sequence, type Step } from './step.ts';

export interface Servers {
  /** Which is right. */
  readonly real: Server;
  readonly sandbox: Server;
}

export interface Difference {
  /** What was asked, the last one being where the answers differ. */
  readonly asked: readonly Asked[];
  readonly what: 'answer' | 'watch' | 'what follows';
  readonly step: Step;
  readonly real: unknown;
  readonly sandbox: unknown;
}

export interface Outcome {
  readonly requests: number;
  readonly events: number;
  /** Exceptions that were met. */
  readonly met: readonly string[];
  readonly difference?: Difference;
}

/** Milliseconds for what one server has said and the other not yet. */
const longestSettling = 5_000;
/** For what a server might say too much. */
const lull = 20;

interface Pair {
  readonly step: Step;
  readonly real: OpenWatch;
  readonly sandbox: OpenWatch;
  readonly asked: Asked;
}

let runs = 0;

/** @param patience milliseconds. @throws an error when a server cannot be asked */
export async function play(servers: Servers, sequence: Sequence, patience = longestSettling): Promise<Outcome> {
  runs += 1;
  const run = `run-${sequence.seed}-${runs}`;
  const [real, sandbox] = await Promise.all([Side.begin(servers.real, run), Side.begin(servers.sandbox, run)]);
  const game = new Game(real, sandbox, sequence, patience);
  try {
    return await game.play();
  } finally {
    game.close();
  }
}

class Game {
  readonly #real: Side;
  readonly #sandbox: Side;
  readonly #sequence: Sequence;
  readonly #patience: number;
  readonly #asked: Asked[] = [];
  readonly #watches: Pair[] = [];
  readonly #met: string[] = [];

  constructor(real: Side, sandbox: Side, sequence: Sequence, patience: number) {
    this.#real = real;
    this.#sandbox = sandbox;
    this.#sequence = sequence;
    this.#patience = patience;
  }

  async play(): Promise<Outcome> {
    for (const step of this.#sequence.steps) {
      const difference = (await this.#ask(step)) ?? (await this.#settle(step));
      if (difference !== undefined) return this.#outcome(difference);
    }
    return this.#outcome(await this.#judgeWatches());
  }

  close(): void {
    for (const { real, sandbox } of this.#watches) {
      real.close();
      sandbox.close();
    }
  }

  #outcome(difference: Difference | undefined): Outcome {
    const events = this.#watches.reduce((sum, { real }) => sum + real.events.length, 0);
    const found = difference === undefined ? {} : { difference };
    return { requests: this.#asked.length, events, met: this.#met, ...found };
  }

  async #ask(step: Step): Promise<Difference | undefined> {
    const [real, sandbox] = await Promise.all([this.#real.ask(step), this.#sandbox.ask(step)]);
    this.#asked.push(real.asked);
    if (real.watch !== undefined && sandbox.watch !== undefined) {
      this.#watches.push({ step, real: real.watch, sandbox: sandbox.watch, asked: real.asked });
    } else close(real, sandbox);
    if (isWatch(step) && (real.watch === undefined) !== (sandbox.watch === undefined)) {
      return this.#differs('answer', step, real.answer, sandbox.answer);
    }
    return this.#compared('answer', step, real.answer, sandbox.answer);
  }

  #compared(what: Difference['what'], step: Step, real: Answer, sandbox: Answer): Difference | undefined {
    if (equal(real, sandbox)) return undefined;
    const exception = exceptionFor(step, real, sandbox);
    if (exception === undefined) return this.#differs(what, step, real, sandbox);
    this.#met.push(exception);
    return undefined;
  }

  #differs(what: Difference['what'], step: Step, real: unknown, sandbox: unknown): Difference {
    return { asked: [...this.#asked], what, step, real, sandbox };
  }

  /** Collecting garbage takes a while. */
  async #settle(step: Step): Promise<Difference | undefined> {
    const { owners, kinds } = this.#sequence;
    if (!owners || step.method === 'GET') return undefined;
    const end = performance.now() + this.#patience;
    for (;;) {
      // The sandbox has done by then what it will do.
      await sleep(lull);
      const [real, sandbox] = await this.#states(kinds);
      if (equal(real, sandbox)) return undefined;
      if (performance.now() > end) return this.#differs('what follows', step, real, sandbox);
    }
  }

  #states(kinds: readonly KindName[]): Promise<[unknown, unknown]> {
    return Promise.all([this.#real.state(kinds), this.#sandbox.state(kinds)]);
  }

  async #judgeWatches(): Promise<Difference | undefined> {
    for (const { step, real, sandbox, asked } of this.#watches) {
      await untilAlike(real, sandbox, this.#patience);
      const told = [this.#real.memory.told(real.events), this.#sandbox.memory.told(sandbox.events)] as const;
      if (equal(...told)) continue;
      this.#asked.push(asked);
      return this.#differs('watch', step, ...told);
    }
    return undefined;
  }
}

function close(...sides: readonly Told[]): void {
  for (const { watch } of sides) watch?.close();
}

/** Waits while one has said less than the other. */
async function untilAlike(real: OpenWatch, sandbox: OpenWatch, patience: number): Promise<void> {
  const end = performance.now() + patience;
  await sleep(lull);
  while (real.events.length !== sandbox.events.length && performance.now() < end) await sleep(lull);
}
