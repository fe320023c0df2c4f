/**
 * `node test/simulation/main.ts --seeds 1-20`: plays worlds and judges them. `--fresh 20` takes seeds that nobody has seen,
 * `--saboteurs` shows that each oracle can fail (`--saboteur freeze`: those of this name), `--twice` that a seed gives the same log, `--log` prints it.
 */
import { parseArgs } from 'node:util';
import { faultKinds } from './faults.ts';
import type { Violation } from './oracles/violation.ts';
import { type Plan, planOf } from './plan.ts';
import { run } from './run.ts';
import { type Saboteur, saboteurs } from './saboteurs.ts';
import { shrink } from './shrink.ts';
import { isSpanName, type SpanName } from './span.ts';
import { judgePlan, type Verdict } from './verdict.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-20' },
    fresh: { type: 'string' },
    world: { type: 'string', default: 'day' },
    saboteurs: { type: 'boolean', default: false },
    saboteur: { type: 'string' },
    twice: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
  },
});

if (!isSpanName(values.world)) throw new Error(`--world ${values.world} is none of delivery, day, month`);
const world: SpanName = values.world;

/** Fewer seeds than this need not meet every kind of fault. */
const enoughForEveryFault = 10;
const mostShrinks = 150;
const mostSeedsForSaboteur = 40;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function seedsOf(): number[] {
  const fresh = Number(values.fresh ?? 0);
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const start = fresh > 0 ? Math.floor(Math.random() * 1_000_000_000) : first;
  return Array.from({ length: fresh > 0 ? fresh : last - first + 1 }, (_, index) => start + index);
}

/** Prints what a person needs: what is wrong, how to see it again, and the shortest history of it. */
async function explain(plan: Plan, { failures }: Verdict): Promise<void> {
  say(
    `seed ${plan.seed} fails; again: node_modules/.bin/node test/simulation/main.ts --world ${world} --seeds ${plan.seed}`,
  );
  for (const { at, invariant, message } of failures) say(`  ${instantText(at)} ${invariant}: ${message}`);
  const invariant = failures[0]!.invariant;
  const compare = invariant === 'convergence';
  const stillFails = async (smaller: Plan): Promise<boolean> => {
    const isEnough = (violation: Violation): boolean => violation.invariant === invariant;
    const verdict = await judgePlan(smaller, { compare, isEnough });
    return verdict.failures.some((failure) => failure.invariant === invariant);
  };
  const failing = compare || (await stillFails(plan)) ? plan : { ...plan, faults: [] };
  const least = await shrink(failing, stillFails, mostShrinks);
  say(`the shortest history found, with ${least.actions.length} actions and ${least.faults.length} faults:`);
  const { log } = await run(least);
  say(log().replaceAll(/^/gm, '  '));
}

async function playSeeds(): Promise<boolean> {
  const injected = new Map(faultKinds.map((kind) => [kind, 0]));
  const known = new Map<string, number>();
  const sum = { deployments: 0, starts: 0, failed: 0 };
  const seeds = seedsOf();
  const began = performance.now();
  for (const seed of seeds) {
    const plan = planOf(seed, world);
    const verdict = await judgePlan(plan);
    const { outcome, failures } = verdict;
    sum.deployments += outcome.deployments;
    sum.starts += outcome.starts;
    for (const [kind, count] of outcome.injected) injected.set(kind, (injected.get(kind) ?? 0) + count);
    for (const what of verdict.known) known.set(what, (known.get(what) ?? 0) + 1);
    if (values.log) say(outcome.log());
    if (values.twice && (await run(plan)).digest !== outcome.digest) {
      sum.failed += 1;
      say(`seed ${seed} gives another log the second time`);
    }
    if (failures.length === 0) continue;
    sum.failed += 1;
    await explain(plan, verdict);
  }
  const seconds = (performance.now() - began) / 1000;
  say(`seeds ${seeds[0]}-${seeds.at(-1)}: ${sum.failed} of ${seeds.length} failed`);
  say(`${sum.deployments} deployments, ${sum.starts} processes, ${(seeds.length / seconds).toFixed(2)} seeds a second`);
  say(`faults: ${[...injected].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  for (const [what, count] of known) say(`known: ${what} (${count} times)`);
  const missing = [...injected].filter(([, count]) => count === 0).map(([kind]) => kind);
  if (seeds.length >= enoughForEveryFault && missing.length > 0) say(`never injected: ${missing.join(', ')}`);
  return sum.failed === 0 && (missing.length === 0 || seeds.length < enoughForEveryFault);
}

async function caught(saboteur: Saboteur): Promise<boolean> {
  const compare = saboteur.breaks.includes('convergence');
  const isEnough = ({ invariant }: Violation): boolean => saboteur.breaks.includes(invariant);
  const others = new Set<string>();
  for (let seed = 1; seed <= mostSeedsForSaboteur; seed += 1) {
    const { failures } = await judgePlan(planOf(seed, world), { saboteur, compare, isEnough });
    const found = failures.find(({ invariant }) => saboteur.breaks.includes(invariant));
    for (const { invariant } of failures) others.add(invariant);
    if (found === undefined) continue;
    say(`caught: ${saboteur.name} (seed ${seed}, ${found.invariant}: ${found.message})`);
    return true;
  }
  say(
    `NOT CAUGHT: ${saboteur.name}, which breaks ${saboteur.breaks.join(' or ')}; found ${[...others].join() || 'nothing'}`,
  );
  return false;
}

async function playSaboteurs(): Promise<boolean> {
  const chosen = saboteurs.filter(({ name }) => name.includes(values.saboteur ?? ''));
  let all = chosen.length > 0;
  for (const saboteur of chosen) all = (await caught(saboteur)) && all;
  return all;
}

function instantText(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

process.exitCode = (await (values.saboteurs || values.saboteur !== undefined ? playSaboteurs() : playSeeds())) ? 0 : 1;
