/** Kinds of faults that a run has not met yet, and worlds in which they are going to happen. */
import type { FaultKind } from './faults/fault.ts';
import { planOf } from './plan.ts';
import { playSeed } from './play.ts';
import { addTally, type Failure, neverInjected, type Tally } from './tally.ts';

/** Few schedules need not meet every kind. */
const enoughForEveryFault = 1_000;
/** A fault that is planned may find nothing to befall: nobody who asks a Prometheus, for example. */
const mostWorlds = 24;
const mostSeeds = 20_000;

/**
 * Plays on until every kind was met: which ones a few minutes meet by themselves is chance.
 * @returns kinds that could not be met
 */
export async function meetMissing(tally: Tally, from: number, tell: (failure: Failure) => void): Promise<FaultKind[]> {
  if (tally.crashes < enoughForEveryFault) return [];
  for (const kind of neverInjected(tally)) {
    for (const seed of seedsOf(kind, from)) {
      if (tally.faults[kind] !== 0) break;
      const news = await playSeed(seed, 'delivery');
      news.failures.forEach(tell);
      addTally(tally, news);
    }
  }
  return neverInjected(tally);
}

function seedsOf(kind: FaultKind, from: number): readonly number[] {
  const seeds: number[] = [];
  for (let seed = from; seed < from + mostSeeds && seeds.length < mostWorlds; seed += 1) {
    if (planOf(seed, 'delivery').faults.some((fault) => fault.kind === kind)) seeds.push(seed);
  }
  return seeds;
}
