/** A planted fault that only an input which is built up step by step gets to: guidance by coverage must be worth something. */
import { beforeAll, expect, test } from 'vitest';
import { exposeCounters, instrument } from './instrument.ts';
import { fuzz, type Outcome } from './loop.ts';
import type { Target } from './target.ts';

/** Numbers, not letters: a text in the source would be put in as a word. */
const source = `
  export function run(input: string): void {
    if (input.charCodeAt(0) === 75) {
      if (input.charCodeAt(1) === 66) {
        if (input.charCodeAt(2) === 75) {
          if (input.charCodeAt(3) === 33) throw new TypeError('fell for it');
        }
      }
    }
  }
`;
const inputs = 40_000;
const seeds = [3, 4];
let target: Target;

beforeAll(async () => {
  exposeCounters();
  const code = instrument(source, 'planted.ts');
  const { run } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Pick<Target, 'run'>;
  target = { name: 'planted', run };
});

function fuzzed(seed: number, isGuided: boolean): Promise<Outcome> {
  const [announce, prototypes] = [() => undefined, () => undefined];
  return fuzz({ target, seeds: ['abcdef'], inputs, seconds: Infinity, seed, isGuided, announce, prototypes });
}

test.each(seeds)('with guidance four characters in a row are found, one after the other (seed %i)', async (seed) => {
  const { failures, corpus, blocks } = await fuzzed(seed, true);
  expect(failures).toMatchObject([{ input: 'KBK!' }]);
  expect({ corpus, blocks }).toEqual({ corpus: 5, blocks: 5 });
});

test.each(seeds)('without it they are not (seed %i)', async (seed) => {
  const { failures, corpus, blocks } = await fuzzed(seed, false);
  expect({ failures, corpus }).toEqual({ failures: [], corpus: 1 });
  expect(blocks).toBeLessThan(4);
});

test('the same seed makes the same inputs', async () => {
  const given = async (): Promise<string[]> => {
    const all: string[] = [];
    const plan = { target, seeds: ['abcdef'], inputs: 20_000, seconds: Infinity, seed: 3, isGuided: true };
    await fuzz({ ...plan, announce: (input) => all.push(input), prototypes: () => undefined });
    return all;
  };
  expect(await given()).toEqual(await given());
});
