/**
 * `bench` measures what the controller costs on a real API server, beside a floor that does the least possible.
 * This file reads the flags, runs one scenario after the other and prints what came out.
 */
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { run as command } from '../test/cluster/control-plane/command.ts';
import { report } from './report.ts';
import { measure, type RunResult } from './run.ts';
import { plansOf, scenarios } from './scenarios.ts';
import { subjectNames } from './subject.ts';
import { tableFormats } from './table.ts';

interface Flags {
  readonly scenario: readonly string[];
  readonly rollouts: readonly number[];
  readonly floor: boolean;
  readonly output: 'text' | 'markdown' | 'json';
  readonly profile?: true;
  readonly heap?: true;
  readonly nodeFlags: readonly string[];
}

const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

function sizes(text: string): readonly number[] {
  const numbers = words(text).map(Number);
  if (numbers.length > 0 && numbers.every((size) => Number.isSafeInteger(size) && size >= 1)) return numbers;
  throw new InvalidArgumentError('write whole numbers of at least 1, separated by commas');
}

const flags = new Command('bench')
  .description('Measure what releases cost on a real API server')
  .option('--scenario <names>', `which of ${scenarios.map(({ name }) => name).join(', ')} (default: all)`, words, [])
  .option(
    '--rollouts <numbers>',
    'released at once, for example 1,100,1000 (default: those of each scenario)',
    sizes,
    [],
  )
  .option('--no-floor', 'leave the floor out')
  .option('--profile', 'profile the CPU of the release, from the sources; times are not to be compared then')
  .addOption(new Option('--heap', 'tell who holds the memory after the release').conflicts('profile'))
  .option('--node-flags <flags>', 'flags of Node for the controller', words, [])
  .addOption(new Option('-o, --output <format>', 'how to print').choices([...tableFormats, 'json']).default('text'))
  .addHelpText('after', '\nExample:\n  node bench/main.ts --scenario release --rollouts 100')
  .parse()
  .opts<Flags>();

const plans = plansOf({
  names: flags.scenario,
  sizes: flags.rollouts,
  subjects: subjectNames.filter((name) => name === 'ours' || flags.floor),
  profile: flags.profile ? 'cpu' : flags.heap ? 'heap' : 'none',
  nodeFlags: flags.nodeFlags,
});

const begun = performance.now();
const tell = (what: string): void => {
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${what}\n`);
};

const root = join(import.meta.dirname, '..');
tell('builds dist/kuberik.mjs');
await command(process.execPath, ['scripts/build.ts'], { cwd: root, timeout: 300_000 });

const results: RunResult[] = [];
for (const plan of plans) {
  const name = `${plan.scenario}, ${plan.shape.rollouts} Rollouts, ${plan.subject}`;
  try {
    results.push(
      await measure(plan, (what) => {
        tell(`${name}: ${what}`);
      }),
    );
  } catch (error) {
    tell(`${name}: FAILED, ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
process.stdout.write(
  flags.output === 'json' ? `${JSON.stringify(results, undefined, 2)}\n` : report(results, flags.output),
);
