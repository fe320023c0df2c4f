/** Plays worlds under each saboteur, each in a process of its own, until an oracle says what it breaks: the oracles can fail. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { saboteurs } from './saboteurs/all.ts';
import type { Catch, Hunt } from './saboteurs/hunt.ts';
import type { Saboteur } from './saboteurs/saboteur.ts';
import { knownSeeds } from './saboteurs/seeds.ts';

/** Whoever cannot be found among so many worlds is not found. */
const mostWorlds = 60;
const longestHunt = 600_000;
const atOnce = Math.min(4, availableParallelism());

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const execute = promisify(execFile);
const script = fileURLToPath(new URL('saboteurs/hunt.ts', import.meta.url));

/** @param name of those to play, or a part of it @returns whether each was caught */
export async function playSaboteurs(name: string): Promise<boolean> {
  const began = performance.now();
  const chosen = saboteurs.filter((one) => one.name.includes(name));
  const waiting = [...chosen];
  const missed: string[] = [];
  const work = async (): Promise<void> => {
    for (let saboteur = waiting.shift(); saboteur !== undefined; saboteur = waiting.shift()) {
      if (!(await isCaught(saboteur))) missed.push(saboteur.name);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = Math.round((performance.now() - began) / 1000);
  say(`${chosen.length - missed.length} of ${chosen.length} saboteurs caught in ${seconds} s`);
  return chosen.length > 0 && missed.length === 0;
}

/** Where it was caught last, and then from the first seed on: worlds change when something is added to them. */
async function isCaught({ name, breaks, world, patch }: Saboteur): Promise<boolean> {
  const first = knownSeeds[name];
  const hunt: Hunt = {
    name,
    breaks,
    ...(world && { world }),
    ...(patch && { patch }),
    ...(first !== undefined && { first }),
    most: mostWorlds,
  };
  const began = performance.now();
  const { seed, played, found } = await play(hunt);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (seed === undefined)
    say(`NOT CAUGHT: ${name}, which breaks ${breaks.join(' or ')}; found ${found} (${seconds} s)`);
  else say(`caught: ${name} (${world ?? 'delivery'} ${seed}, of ${played}, ${seconds} s; ${found})`);
  return seed !== undefined;
}

async function play(hunt: Hunt): Promise<Catch> {
  const args = ['--disable-warning=Warning', script, JSON.stringify(hunt)];
  try {
    const { stdout } = await execute(process.execPath, args, { timeout: longestHunt });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Catch;
  } catch (error) {
    return { played: 0, found: String(error).slice(0, 2000) };
  }
}
