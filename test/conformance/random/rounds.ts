/** Many sequences, some at a time, and what came of them. */
import { drawSequence } from './draw.ts';
import { exceptions } from './exceptions.ts';
import { type Difference, type Outcome, play, type Servers } from './play.ts';
import { printed } from './print.ts';
import { shrink } from './shrink.ts';
import type { Sequence } from './step.ts';

export interface Summary {
  readonly sequences: number;
  readonly requests: number;
  readonly events: number;
  readonly seconds: number;
  /** How often each exception was met. */
  readonly met: ReadonlyMap<string, number>;
  /** Sequences that differed once and then no more: a cache of the real server was late. */
  readonly unrepeated: number;
  /** One text for each seed that failed. */
  readonly failures: readonly string[];
}

export interface RoundsOptions {
  /** How many sequences are played at the same time. */
  readonly abreast: number;
  /** No further sequence begins after this many seconds. */
  readonly seconds?: number;
  /** How many sequences are tried to make a failing one shorter. */
  readonly shrinks: number;
  /** After this many failures no further sequence begins. */
  readonly failures: number;
}

export async function playRounds(servers: Servers, seeds: Iterable<number>, options: RoundsOptions): Promise<Summary> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const met = new Map(exceptions.map(({ name }) => [name, 0]));
  const failures: string[] = [];
  const sum = { sequences: 0, requests: 0, events: 0, unrepeated: 0 };
  const rest = seeds[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    while (failures.length < options.failures && seconds() < (options.seconds ?? Infinity)) {
      const { value: seed, done } = rest.next();
      if (done === true) return;
      const sequence = drawSequence(seed);
      const outcome = await play(servers, sequence);
      count(outcome);
      const repeated = outcome.difference && (await again(servers, sequence));
      if (repeated !== undefined) failures.push(await explained(servers, sequence, repeated, options));
      else if (outcome.difference !== undefined) sum.unrepeated += 1;
    }
  };
  const count = ({ requests, events, met: exceptional }: Outcome): void => {
    sum.sequences += 1;
    sum.requests += requests;
    sum.events += events;
    for (const name of exceptional) met.set(name, (met.get(name) ?? 0) + 1);
  };
  await Promise.all(Array.from({ length: options.abreast }, lane));
  return { ...sum, seconds: seconds(), met, failures };
}

const looks = 3;

/** What differs when a sequence is played anew, if anything does. */
async function again(servers: Servers, sequence: Sequence): Promise<Difference | undefined> {
  for (let look = 0; look < looks; look += 1) {
    const { difference } = await play(servers, sequence);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

async function explained(
  servers: Servers,
  sequence: Sequence,
  difference: Difference,
  { shrinks }: RoundsOptions,
): Promise<string> {
  let least = difference;
  await shrink(
    sequence,
    async (shorter) => {
      const { difference: found } = await play(servers, shorter);
      const same = found !== undefined && found.what === difference.what;
      if (same) least = found;
      return same;
    },
    shrinks,
  );
  return `seed ${sequence.seed} differs; again: node_modules/.bin/node test/conformance/random/main.ts --seeds ${sequence.seed}\n${printed(least)}`;
}
