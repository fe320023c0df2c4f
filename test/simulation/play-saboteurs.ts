/**
 * Plays worlds under each saboteur, in processes of their own, until an oracle says what it breaks: the oracles can fail.
 * Then the same worlds without them: what was found is the work of the saboteur.
 */
import { execFile } from 'node:child_process';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Batch, playAll } from './fleet.ts';
import { saboteurs } from './saboteurs/all.ts';
import type { Catch, Hunt } from './saboteurs/hunt.ts';
import type { Saboteur } from './saboteurs/saboteur.ts';
import { knownSeeds } from './saboteurs/seeds.ts';
import type { Tally } from './tally.ts';

/** Whoever cannot be found among so many worlds is not found. */
const mostWorlds = 60;
const longestHunt = 900_000;
const atOnce = Math.min(4, availableParallelism());
/** Few long pauses of the garbage collector instead of many short ones. */
const processFlags = ['--disable-warning=Warning', '--max-semi-space-size=64'];
/** Each loads the same files; one that is patched has other bytes, and so has no use for what is cached of it. */
const processEnvironment = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'kuberik-saboteurs') };

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const execute = promisify(execFile);
const script = fileURLToPath(new URL('saboteurs/hunt.ts', import.meta.url));

/** @param name of those to play, or a part of it @returns whether each was caught, in a world that is clean without it */
export async function playSaboteurs(name: string): Promise<boolean> {
  const began = performance.now();
  const chosen = saboteurs.filter((one) => one.name.includes(name));
  const catches = await huntSaboteurs(chosen);
  for (const one of catches) say(catchText(one));
  const moved = catches.filter(isMoved);
  if (moved.length > 0) say('for saboteurs/seeds.ts:');
  for (const one of moved) say(`  '${one.name}': ${one.seed},`);
  const caught = catches.filter(({ seed }) => seed !== undefined).length;
  const { failures } = await playWithout(catches);
  for (const { world, seed, messages } of failures) say(`NOT CLEAN without any: ${world} ${seed}: ${messages.join()}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    `${caught} of ${chosen.length} saboteurs caught in ${seconds} s; ${failures.length} of their worlds are not clean`,
  );
  return chosen.length > 0 && caught === chosen.length && failures.length === 0;
}

/** Where each was caught last, and then from the first seed on: worlds change when something is added to them. */
export async function huntSaboteurs(chosen: readonly Saboteur[]): Promise<readonly Catch[]> {
  // Those that patch nothing share a process, which is the first to begin.
  const wrapping = chosen.filter(({ patch }) => patch === undefined).map((one) => one.name);
  const hunts: Hunt[] = [
    ...(wrapping.length > 0 ? [{ names: wrapping, most: mostWorlds }] : []),
    ...chosen.flatMap((one) => (one.patch ? [{ names: [one.name], patch: one.patch, most: mostWorlds }] : [])),
  ];
  const catches: Catch[] = [];
  const work = async (): Promise<void> => {
    for (let hunt = hunts.shift(); hunt !== undefined; hunt = hunts.shift()) catches.push(...(await play(hunt)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return catches;
}

/** The worlds in which they were caught, as they are. */
export function playWithout(catches: readonly Catch[]): Promise<Tally> {
  const worlds = new Map(catches.map(({ world, seed }) => [`${world} ${seed}`, { world, seed }]));
  const waiting = [...worlds.values()].flatMap(({ world, seed }) => (seed === undefined ? [] : [{ world, seed }]));
  const size = Math.ceil(waiting.length / (4 * atOnce));
  const next = (): Batch | undefined => (waiting.length === 0 ? undefined : waiting.splice(0, size));
  return playAll({ next, onProgress: () => undefined });
}

/** It was caught elsewhere than last time. */
export const isMoved = ({ name, seed }: Catch): boolean => seed !== undefined && seed !== knownSeeds[name];

export function catchText({ name, world, seed, played, seconds, found }: Catch): string {
  const where = seed === undefined ? `none of ${played} worlds of size ${world}` : `${world} ${seed}, of ${played}`;
  return `${seed === undefined ? 'NOT CAUGHT' : 'caught'}: ${name} (${where}, ${seconds.toFixed(1)} s; ${found})`;
}

async function play(hunt: Hunt): Promise<readonly Catch[]> {
  const args = [...processFlags, script, JSON.stringify(hunt)];
  try {
    const { stdout } = await execute(process.execPath, args, { timeout: longestHunt, env: processEnvironment });
    const lines = stdout.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Catch);
  } catch (error) {
    const found = String(error).slice(0, 2000);
    return hunt.names.map((name): Catch => ({ name, world: 'delivery', played: 0, seconds: 0, found }));
  }
}
