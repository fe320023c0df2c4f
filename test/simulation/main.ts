/**
 * `node test/simulation/main.ts --seeds 1-20`: plays worlds and judges them. `--world` is their size, or `mix`; `--fresh 20`
 * takes seeds that nobody has seen, `--minutes 10` as many of those as there is time for, `--crashes 1000000` until that many
 * processes were killed; `--json FILE` writes the sums; `--twice` shows that a seed gives the same log, `--log` prints it;
 * `--saboteurs` shows that each oracle can fail (`--saboteur freeze`: those of this name).
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Batch, playAll } from './fleet.ts';
import { meetMissing } from './missing.ts';
import { playSeed } from './play.ts';
import { playSaboteurs } from './play-saboteurs.ts';
import { isSpanName, type SpanName } from './span.ts';
import { addTally, emptyTally, type Failure, type Tally, tallyText, worldsIn } from './tally.ts';

const { values } = parseArgs({
  options: {
    world: { type: 'string', default: 'day' },
    seeds: { type: 'string' },
    fresh: { type: 'string' },
    minutes: { type: 'string' },
    crashes: { type: 'string' },
    json: { type: 'string' },
    twice: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
    saboteurs: { type: 'boolean', default: false },
    saboteur: { type: 'string' },
  },
});

const highestSeed = 2 ** 31;
const progressEvery = 15_000;
const mostShown = 5;
const seedsInBatch = 10;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Of a hundred worlds most are short, since most is broken in a short time. */
function worldOf(seed: number): SpanName {
  if (isSpanName(values.world)) return values.world;
  if (values.world !== 'mix') throw new Error(`--world ${values.world} is none of delivery, storm, day, month, mix`);
  const place = seed % 100;
  if (place === 0) return 'month';
  if (place < 6) return 'day';
  return place < 60 ? 'storm' : 'delivery';
}

/** From `--seeds`, or from where nobody has been, for as many as were asked for. */
function seedsToPlay(): { readonly first: number; readonly count: number } {
  const { seeds, fresh, minutes, crashes } = values;
  if (seeds !== undefined) {
    const [first = 1, last = first] = seeds.split('-').map(Number);
    const isEndless = minutes !== undefined || crashes !== undefined;
    return { first, count: isEndless ? Number.POSITIVE_INFINITY : last - first + 1 };
  }
  const first = randomInt(1, highestSeed);
  if (fresh !== undefined) return { first, count: Number(fresh) };
  if (minutes !== undefined || crashes !== undefined) return { first, count: Number.POSITIVE_INFINITY };
  return { first: 1, count: 20 };
}

function tellFailure({ world, seed, messages, history }: Failure): void {
  const again = `node_modules/.bin/node test/simulation/main.ts --world ${world} --seeds ${seed}`;
  say(`seed ${seed} of ${world} fails; again: ${again}`);
  for (const message of messages) say(`  ${message}`);
  say(history.replaceAll(/^/gm, '  '));
}

async function playSeeds(): Promise<boolean> {
  const { first, count } = seedsToPlay();
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const until = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes) * 60;
  const most = values.crashes === undefined ? Number.POSITIVE_INFINITY : Number(values.crashes);
  say(
    `--world ${values.world} --seeds ${first}${count > 1 ? '-' : ''}${Number.isFinite(count) && count > 1 ? first + count - 1 : ''}`,
  );
  const isPlain = values.log || values.twice || count === 1;
  const tally = isPlain
    ? await playHere(first, count)
    : await playSideBySide(first, count, (sum) => seconds() >= until || sum.crashes >= most);
  // Whoever names the seeds wants those.
  const isOpen = values.seeds === undefined || !Number.isFinite(count);
  const missing = isOpen && !isPlain ? await meetMissing(tally, first, tellFailure) : [];
  say(tallyText(tally, seconds()));
  if (values.json !== undefined) {
    const { failures, hours, ...sums } = tally;
    const record = {
      world: values.world,
      firstSeed: first,
      ...sums,
      hours: Math.round(hours),
      failures: failures.length,
      seconds: Math.round(seconds()),
    };
    writeFileSync(values.json, `${JSON.stringify(record, null, 2)}\n`);
  }
  if (missing.length > 0) say(`never injected: ${missing.join(', ')}`);
  return worldsIn(tally) > 0 && tally.failures.length === 0 && missing.length === 0;
}

async function playHere(first: number, count: number): Promise<Tally> {
  const sum = emptyTally();
  for (let seed = first; seed < first + count; seed += 1) {
    const news = await playSeed(seed, worldOf(seed), { twice: values.twice, onLog: values.log ? say : undefined });
    for (const failure of news.failures) tellFailure(failure);
    addTally(sum, news);
  }
  return sum;
}

async function playSideBySide(first: number, count: number, isEnough: (sum: Tally) => boolean): Promise<Tally> {
  let seed = first;
  let told = performance.now();
  let enough = false;
  const next = (): Batch | undefined => {
    if (enough || seed >= first + count) return undefined;
    // Few at a time where there are few, so that every process has some.
    const size = Math.min(seedsInBatch, Math.ceil(count / 8), first + count - seed);
    const batch = Array.from({ length: size }, (_, index) => ({ seed: seed + index, world: worldOf(seed + index) }));
    seed += size;
    return batch;
  };
  return playAll({
    next,
    onProgress: (sum, news) => {
      const before = sum.failures.length - news.failures.length;
      for (const failure of news.failures.slice(0, Math.max(0, mostShown - before))) tellFailure(failure);
      enough = isEnough(sum);
      if (performance.now() - told < progressEvery) return;
      told = performance.now();
      say(
        `  ${worldsIn(sum)} worlds, ${sum.crashes} schedules with a crash, ${sum.deployments} deployments, ${sum.failures.length} failed`,
      );
    },
  });
}

const wantsSaboteurs = values.saboteurs || values.saboteur !== undefined;
process.exitCode = (await (wantsSaboteurs ? playSaboteurs(values.saboteur ?? '') : playSeeds())) ? 0 : 1;
