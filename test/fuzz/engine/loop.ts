/** Fuzzes one target: seeds first, then what becomes of them; keeps what reaches something new. */
import { Chance } from './chance.ts';
import { Coverage } from './coverage.ts';
import { type Failure, type Judged, judge } from './judge.ts';
import { mutate } from './mutate.ts';
import { shrink } from './shrink.ts';
import type { Target } from './target.ts';

export interface Plan {
  readonly target: Target;
  readonly seeds: readonly string[];
  /** How many, with the seeds among them. */
  readonly inputs: number;
  /** Ends it so long after the seeds, if there are more. */
  readonly seconds: number;
  readonly seed: number;
  /** Without it inputs are made of the seeds alone: what guidance is worth is measured against that. */
  readonly isGuided: boolean;
  /** Before each input: it may be the last. */
  readonly announce: (input: string) => void;
  /** Of all prototypes; undefined when they are as before. */
  readonly prototypes: () => string | undefined;
}

export interface Outcome {
  readonly name: string;
  readonly inputs: number;
  readonly seconds: number;
  readonly corpus: number;
  readonly blocks: number;
  /** Of the input that took longest. */
  readonly longest: number;
  readonly failures: readonly Failure[];
}

/** A parser that fails for everything need not be told a thousand times. */
const mostFailures = 10;
/** Longer ones are judged, but nothing is made of them: they would make everything slow. */
const longestKept = 4 * 1024;
const mostKept = 5_000;

export async function fuzz(plan: Plan): Promise<Outcome> {
  const { target, seeds, inputs, isGuided } = plan;
  const chance = new Chance(plan.seed ^ hashOf(target.name));
  const coverage = new Coverage();
  const corpus: string[] = [];
  const failures = new Map<string, Failure>();
  const started = performance.now();
  let end = Infinity;
  let longest = 0;
  let words: readonly string[] = [];
  let count = 0;
  for (; count < inputs && failures.size < mostFailures; count++) {
    if (count === seeds.length) end = performance.now() + plan.seconds * 1000;
    if (performance.now() > end) break;
    const input =
      seeds[count] ?? mutate({ form: target.form ?? 'text', corpus, examples: seeds.length, words }, chance);
    plan.announce(input);
    coverage.begin();
    const first = judge(target, input, plan.prototypes);
    const judged: Judged = first instanceof Promise ? await first : first;
    const news = coverage.end();
    longest = Math.max(longest, judged.milliseconds);
    if (judged.failure !== undefined && !failures.has(judged.failure.signature)) {
      failures.set(judged.failure.signature, await shrink(target, judged.failure, plan.announce, plan.prototypes));
    }
    const isSeed = count < seeds.length;
    const limit = news === 'block' ? longestKept : longestKept / 8;
    const isWorthIt = isGuided && news !== 'nothing' && input.length <= limit && corpus.length < mostKept;
    if (isSeed || isWorthIt) corpus.push(input);
    if (count === seeds.length - 1 || (isGuided && news === 'block' && count % 64 === 0)) words = coverage.words();
  }
  return {
    name: target.name,
    inputs: count,
    seconds: (performance.now() - started) / 1000,
    corpus: corpus.length,
    blocks: coverage.blocks(),
    longest,
    failures: [...failures.values()],
  };
}

/** So that targets do not all draw the same numbers. */
function hashOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return hash;
}
