/**
 * A process that plays worlds under one saboteur until an oracle says what it breaks. Nothing of the sources may be loaded
 * before the patch is in place.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Patch, Saboteur } from './saboteur.ts';

export interface Hunt extends Pick<Saboteur, 'name' | 'breaks' | 'world' | 'patch'> {
  /** Played first. */
  readonly first?: number;
  /** How many worlds to play at most. */
  readonly most: number;
}

export interface Catch {
  /** Undefined: not caught. */
  readonly seed?: number;
  /** How many worlds it took. */
  readonly played: number;
  /** What gave it away; or, when it was not caught, what else was found. */
  readonly found: string;
}

/** Plans are drawn until one fits. */
const mostDrawn = 20_000;
const root = new URL('../../../', import.meta.url);

export function patchSources({ file, text, instead }: Patch): void {
  const { href } = new URL(file, root);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== href) return loaded;
      const source = readFileSync(new URL(url), 'utf8');
      if (source.split(text).length !== 2) throw new Error(`${file} must have exactly once: ${text}`);
      return { ...loaded, source: source.replace(text, () => instead) };
    },
  });
}

async function hunt({ name, breaks, world = 'delivery', patch, first, most }: Hunt): Promise<Catch> {
  if (patch !== undefined) patchSources(patch);
  const { planOf } = await import('../plan.ts');
  const { judgePlan } = await import('../verdict.ts');
  const { saboteurs } = await import('./all.ts');
  const saboteur = saboteurs.find((one) => one.name === name);
  const compare = breaks.includes('convergence');
  const others = new Set<string>();
  let played = 0;
  for (const seed of seedsFrom(first)) {
    const plan = planOf(seed, world);
    if (saboteur?.where?.(plan) === false) continue;
    played += 1;
    if (played > most) break;
    const isEnough = ({ invariant }: { readonly invariant: string }): boolean => breaks.includes(invariant);
    const { failures } = await judgePlan(plan, { saboteur, compare, isEnough });
    const found = failures.find(isEnough);
    if (found !== undefined) return { seed, played, found: `${found.invariant}: ${found.message}` };
    for (const { invariant, message } of failures) others.add(`${invariant} (seed ${seed}: ${message.slice(0, 200)})`);
  }
  return { played, found: [...others].slice(0, 5).join('; ') || 'nothing' };
}

function* seedsFrom(first: number | undefined): Generator<number> {
  if (first !== undefined) yield first;
  for (let seed = 1; seed < mostDrawn; seed += 1) yield seed;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const result = await hunt(JSON.parse(process.argv[2] ?? '') as Hunt);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
