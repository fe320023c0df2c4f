/** A few seconds of fuzzing in every run, from another seed each time. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { escaped, unescaped } from './engine/escape.ts';
import { readSeeds } from './engine/seeds.ts';
import { targets } from './targets/all.ts';

interface Ended {
  readonly code: number;
  readonly output: string;
}

function fuzz(environment: Readonly<Record<string, string>>, ...parameters: string[]): Promise<Ended> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    const main = join(import.meta.dirname, 'main.ts');
    execFile(process.execPath, [main, ...parameters], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      resolve({ code: error === null ? 0 : 1, output: stdout });
    });
  });
}

test('no parser fails for what it is given', { timeout: 300_000 }, async () => {
  const { code, output } = await fuzz({ FUZZ_SECONDS: '12', FUZZ_INPUTS: '1000000' });
  // The table, with the seed, and of a failure the command that shows it again.
  expect(code, output).toBe(0);
  expect(output).toContain('FUZZ_SEED=');
});

test('every target has examples, and every example a target', () => {
  const folders = readdirSync(join(import.meta.dirname, 'corpus'));
  expect(folders.sort()).toEqual(targets.map(({ name }) => name).sort());
});

test.each(targets.filter(({ form }) => form === 'json'))('an example of $name has the keys of prototypes', (target) => {
  const seeds = readSeeds(target).join('\n');
  for (const key of ['__proto__', 'constructor']) expect(seeds).toContain(key);
});

test('an input is printed on one line, and read again', () => {
  const input = 'a\n"\\\u0000\u2028\ud800é\u{1f600}\'';
  expect(escaped(input)).toMatch(/^[\x20-\x7e]+$/);
  expect(unescaped(escaped(input))).toBe(input);
});
