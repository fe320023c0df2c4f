/** Planted faults: a fuzzer that finds nothing must be known to find something. */
import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { fuzz, type Outcome } from './loop.ts';
import { watchPrototypes } from './prototypes.ts';
import type { Target } from './target.ts';

const prototypes = watchPrototypes();

async function fuzzed(
  target: Target,
  seeds: readonly string[],
  inputs = 2_000,
): Promise<Outcome & { given: string[] }> {
  const given: string[] = [];
  const announce = (input: string): void => void given.push(input);
  const outcome = await fuzz({
    target,
    seeds,
    inputs,
    seconds: Infinity,
    seed: 7,
    isGuided: true,
    announce,
    prototypes,
  });
  return { ...outcome, given };
}

test('an error that is not documented is found, and cut down to what it takes', async () => {
  const run = (input: string): void => {
    if (input.includes('"') && input.includes('9')) throw new TypeError('cannot read this');
  };
  const { failures } = await fuzzed({ name: 'planted', run }, ['a long text that says nothing', '0"']);
  expect(failures).toMatchObject([{ message: expect.stringContaining('TypeError: cannot read this') as string }]);
  expect(['"9', '9"']).toContain(failures[0]?.input);
});

test('a promise that rejects is found, and an error that is documented is none', async () => {
  const refuses = (error: unknown): boolean => error instanceof SyntaxError;
  const run = async (input: string): Promise<void> => {
    if (input.length % 2 === 0) throw new SyntaxError('refused');
    if (input.includes('[')) throw new RangeError('out of it');
  };
  const { failures } = await fuzzed({ name: 'planted', run, refuses }, ['some text']);
  expect(failures.map(({ message }) => message.split(' (')[0])).toEqual(['RangeError: out of it']);
});

test('a prototype that is polluted is found, and put right again', async () => {
  const run = (input: string): void => {
    const [key = '', inner = ''] = Object.keys(JSON.parse(input) as object);
    const holder = ({ a: {} } as Record<string, Record<string, unknown>>)[key];
    if (holder !== undefined) holder[inner] = true;
  };
  const target: Target = { name: 'planted', form: 'json', run, refuses: () => true };
  const { failures } = await fuzzed(target, ['{"a":1,"polluted":2}'], 5_000);
  expect(failures[0]?.message).toContain('a prototype was changed');
  expect(prototypes()).toBeUndefined();
});

test('what takes longer than it may is found, and a clock that goes on meanwhile is none', () => {
  const run = (input: string): void => {
    for (let one = 0; one < input.length; one++)
      for (let other = 0; other < input.length; other++) input.charCodeAt(other);
  };
  const input = 'a'.repeat(20_000);
  expect(judge({ name: 'planted', run }, input, prototypes, 10)).toMatchObject({
    failure: { signature: 'slow', input },
  });
  const waiting = { name: 'planted', run: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100) };
  expect(judge(waiting, input, prototypes, 50)).not.toHaveProperty('failure');
});

test('the same seed gives the same inputs', async () => {
  const target: Target = { name: 'planted', form: 'json', run: (input) => input.length };
  const [one, other] = [await fuzzed(target, ['{"a":[1]}']), await fuzzed(target, ['{"a":[1]}'])];
  expect(one.given).toEqual(other.given);
  expect(new Set(one.given).size).toBeGreaterThan(1_000);
});
