/** Kills parts without warning at random moments, each on its own, and has them started again a while later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../cluster/control-plane/part.ts';
import { randomOf } from '../support/random.ts';
import { between, type Draw } from './fleet.ts';

export interface Victim {
  readonly name: 'controller' | 'kube-apiserver' | 'etcd';
  /** Resolves when it is time to die. */
  readonly until: (draw: Draw, signal: AbortSignal) => Promise<void>;
  /** Milliseconds until it is started again. */
  readonly down: readonly [number, number];
  /** Resolves when it is up again, or when that is somebody else's to see to. @returns whether there was one to kill */
  readonly kill: (downFor: number, choice: number) => Promise<boolean>;
}

export class Killer implements AsyncDisposable {
  readonly kills = new Map<Victim['name'], number>();
  readonly #over = new AbortController();
  readonly #loops: Promise<void>[];

  constructor(victims: readonly Victim[], seed: number) {
    this.#loops = victims.map((victim, index) => this.#haunt(victim, randomOf(seed * 31 + index)));
  }

  /** Resolves when everything that was killed is up again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#loops);
  }

  async #haunt({ name, until, down, kill }: Victim, draw: Draw): Promise<void> {
    const { signal } = this.#over;
    this.kills.set(name, 0);
    while (true) {
      await until(draw, signal);
      if (signal.aborted) return;
      const wasThere = await kill(between(draw, ...down), draw());
      if (wasThere) this.kills.set(name, (this.kills.get(name) ?? 0) + 1);
    }
  }
}

/** After some time. @param milliseconds at least, at most */
export const sometime =
  (milliseconds: readonly [number, number]): Victim['until'] =>
  async (draw, signal) => {
    await sleep(between(draw, ...milliseconds), undefined, { signal }).catch(() => undefined);
  };

/** One in so many dies young, whatever it did by then. */
const young = { share: 0.3, milliseconds: [0, 6000] } as const;
/** What does nothing dies, too. */
const longestWait = 40_000;
const lookEvery = 5;
/** The moment after something is done, in which the next thing is. */
const jitter = 30;

/**
 * In the middle of work, however fast the machine: some writes after the last death.
 * @param written how many there were @param most at most so many writes later
 */
export const amidWork =
  (written: () => number, most: number): Victim['until'] =>
  async (draw, signal) => {
    if (draw() < young.share) return sometime(young.milliseconds)(draw, signal);
    const enough = written() + 1 + Math.floor(draw() * most);
    const deadline = performance.now() + longestWait;
    while (written() < enough && performance.now() < deadline && !signal.aborted) await sleep(lookEvery);
    return sometime([0, jitter])(draw, signal);
  };

/** How often a part is started that ends again, since another one that it needs is down. */
const mostStarts = 10;

/** Killed, and up again on the same data. */
export async function bounce(part: Part, downFor: number): Promise<boolean> {
  const wasThere = part.running;
  await part.kill('SIGKILL');
  await sleep(downFor);
  await keepUp(part);
  return wasThere;
}

/** Starts what does not run. @throws when it ends again and again */
export async function keepUp(part: Part): Promise<void> {
  for (let start = 1; !part.running; start += 1) {
    await part.start().catch(async (error: unknown) => {
      if (start === mostStarts) throw error;
      await part.kill('SIGKILL');
      await sleep(1000);
    });
  }
}
