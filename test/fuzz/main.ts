/**
 * `fuzz` gives every parser of what others wrote inputs that nobody thought of. `node main.ts` runs all targets:
 * FUZZ_INPUTS in all (default 200,000), from FUZZ_SEED (default: another one each time, printed), for FUZZ_SECONDS at most
 * (default: any number); FUZZ_TARGET for one. FUZZ_GUIDED=no makes inputs of the examples alone, whatever they reach.
 * `node main.ts replay TARGET INPUT` gives one input to one target, INPUT as a JSON string.
 */
import { escaped, quoted, unescaped } from './engine/escape.ts';
import { judge } from './engine/judge.ts';
import type { Outcome } from './engine/loop.ts';
import { watchPrototypes } from './engine/prototypes.ts';
import { run } from './engine/run.ts';
import { targets } from './targets/all.ts';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function row(...cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(9))).join(' ');
}

function printOutcome({ name, inputs, seconds, corpus, blocks, longest, failures }: Outcome): void {
  print(row(name, inputs, Math.round(inputs / seconds), corpus, blocks, longest.toFixed(0), failures.length));
  for (const { input, message } of failures) {
    print(`  ${message}\n    input:  ${escaped(input)}`);
    print(`    replay: node_modules/.bin/node test/fuzz/main.ts replay ${name} ${quoted(escaped(input))}`);
  }
}

/** @returns whether everything held */
async function fuzzAll(): Promise<boolean> {
  const {
    FUZZ_INPUTS = '200000',
    FUZZ_SECONDS = 'Infinity',
    FUZZ_SEED,
    FUZZ_TARGET = '',
    FUZZ_GUIDED = '',
  } = process.env;
  const names = targets.map(({ name }) => name).filter((name) => FUZZ_TARGET === '' || name === FUZZ_TARGET);
  if (names.length === 0) throw new Error(`there is no target ${FUZZ_TARGET}`);
  const seed = FUZZ_SEED === undefined || FUZZ_SEED === '' ? Math.floor(Math.random() * 2 ** 31) : Number(FUZZ_SEED);
  const inputs = Math.ceil(Number(FUZZ_INPUTS) / names.length);
  print(`FUZZ_SEED=${seed} FUZZ_INPUTS=${inputs * names.length}${FUZZ_TARGET && ` FUZZ_TARGET=${FUZZ_TARGET}`}`);
  print(row('target', 'inputs', '/second', 'corpus', 'blocks', 'longest', 'failures'));
  const outcomes = await run({
    targets: names,
    inputs,
    seconds: Number(FUZZ_SECONDS) / names.length,
    seed,
    isGuided: FUZZ_GUIDED !== 'no',
    report: printOutcome,
  });
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const failures = sum((outcome) => outcome.failures.length);
  const seconds = sum((outcome) => outcome.seconds);
  const all = sum((outcome) => outcome.inputs);
  const longest = Math.max(...outcomes.map((outcome) => outcome.longest));
  print(
    row(
      'all',
      all,
      Math.round(all / seconds),
      sum(({ corpus }) => corpus),
      sum(({ blocks }) => blocks),
      longest.toFixed(0),
      failures,
    ),
  );
  print(`${outcomes.length} targets, ${seconds.toFixed(0)} seconds; longest: milliseconds of the slowest input`);
  return failures === 0 && outcomes.length === names.length;
}

async function replay(name: string, input: string): Promise<boolean> {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const { failure, milliseconds } = await judge(target, unescaped(input), watchPrototypes());
  print(failure === undefined ? `passes in ${milliseconds.toFixed(1)} ms` : failure.message);
  return failure === undefined;
}

const [command, name = '', input = '""'] = process.argv.slice(2);
const passed = command === 'replay' ? await replay(name, input) : await fuzzAll();
process.exitCode = passed ? 0 : 1;
