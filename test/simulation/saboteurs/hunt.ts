/**
 * A process that plays worlds under saboteurs until an oracle says what each of them breaks. Nothing of the sources may be
 * loaded before the patch is in place, so that a patched saboteur has a process of its own.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { SpanName } from '../span.ts';
import { type Patch, placesOf } from './saboteur.ts';

export interface Hunt {
  /** Of the saboteurs. */
  readonly names: readonly string[];
  readonly patch?: Patch;
  /** How many worlds to play at most for each, beside the one in which it was caught before. */
  readonly most: number;
}

export interface Catch {
  readonly name: string;
  readonly world: SpanName;
  /** Undefined: not caught. */
  readonly seed?: number;
  /** How many worlds it took. */
  readonly played: number;
  readonly seconds: number;
  /** What gave it away; or, when it was not caught, what else was found. */
  readonly found: string;
}

/** Plans are drawn until one fits. */
const mostDrawn = 40_000;
const root = new URL('../../../', import.meta.url);

export function patchSources(patch: Patch): void {
  const places = placesOf(patch);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const here = places.filter(({ file }) => new URL(file, root).href === url);
      if (here.length === 0) return loaded;
      return { ...loaded, source: here.reduce(sabotaged, readFileSync(new URL(url), 'utf8')) };
    },
  });
}

function sabotaged(source: string, { file, text, instead }: Patch): string {
  if (source.split(text).length !== 2) throw new Error(`${file} must have exactly once: ${text}`);
  return source.replace(text, () => instead);
}

/** @param tell called for each of them as soon as its hunt is over */
async function hunt({ names, patch, most }: Hunt, tell: (caught: Catch) => void): Promise<void> {
  if (patch !== undefined) patchSources(patch);
  const { planOf } = await import('../plan.ts');
  const { judgePlan } = await import('../verdict.ts');
  const { saboteurs } = await import('./all.ts');
  const { knownSeeds } = await import('./seeds.ts');

  async function huntOne(name: string): Promise<Omit<Catch, 'seconds'>> {
    const saboteur = saboteurs.find((one) => one.name === name);
    if (saboteur === undefined) throw new Error(`there is no saboteur ${name}`);
    const { breaks, where, world = 'delivery' } = saboteur;
    const compare = breaks.includes('convergence');
    const isIts = ({ invariant }: { readonly invariant: string }): boolean => breaks.includes(invariant);
    const others = new Set<string>();
    const known = knownSeeds[name];
    let played = 0;
    for (const seed of seedsFrom(known)) {
      const plan = planOf(seed, world);
      if (seed !== known && where?.(plan) === false) continue;
      if (played > most) break;
      played += 1;
      const { failures } = await judgePlan(plan, { saboteur, compare, isEnough: isIts });
      const found = failures.find(isIts);
      if (found !== undefined) return { name, world, seed, played, found: `${found.invariant}: ${found.message}` };
      for (const { invariant, message } of failures)
        others.add(`${invariant} (seed ${seed}: ${message.slice(0, 200)})`);
    }
    return { name, world, played, found: [...others].slice(0, 5).join('; ') || 'nothing' };
  }

  for (const name of names) {
    const began = performance.now();
    const caught = await huntOne(name);
    tell({ ...caught, seconds: (performance.now() - began) / 1000 });
  }
}

function* seedsFrom(known: number | undefined): Generator<number> {
  if (known !== undefined) yield known;
  for (let seed = 1; seed < mostDrawn; seed += 1) yield seed;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await hunt(JSON.parse(process.argv[2] ?? '') as Hunt, (caught) => {
    process.stdout.write(`${JSON.stringify(caught)}\n`);
  });
}
