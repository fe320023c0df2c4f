/**
 * Everything about the sources that is not a test, one verdict a line: `npm run check [-- name...]`.
 * With KUBERIK_RESULTS set, the counts are left in that folder for `sum-results.mjs`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  /** What holds when it passes. */
  readonly claim: string;
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** What to do when it does not. */
  readonly remedy: string;
}

const steps: readonly Step[] = [
  {
    name: 'types',
    claim: 'the types agree',
    commands: [
      ['tsc', '-p', '.'],
      ['tsc', '-p', 'scripts'],
    ],
    remedy: 'mend the types',
  },
  {
    name: 'lint',
    claim: 'no lint finding',
    commands: [['eslint', '--cache', '--cache-location', '.cache/eslint', '--max-warnings', '0', '.']],
    remedy: 'mend what is found; `npx eslint --fix` mends some of it',
  },
  { name: 'format', claim: 'formatted', commands: [['biome', 'check', '.']], remedy: 'run `make fmt`' },
  {
    name: 'unused',
    claim: 'no unused file, export or package',
    commands: [['knip']],
    remedy: 'remove what nothing uses',
  },
  {
    name: 'arrows',
    claim: 'imports follow the arrows between the rooms',
    commands: [['depcruise', '--output-type', 'err-long', 'src', 'test']],
    remedy: 'move the code to the room that may know it (reasons: .dependency-cruiser.mjs)',
  },
  {
    name: 'generated',
    claim: 'generated files are up to date',
    commands: [['node', 'src/api/generate/main.ts', '--check']],
    remedy: 'run `make generate` and commit what it writes',
  },
];

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

function run([program, ...parameters]: readonly [string, ...string[]]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => {
      resolve({ passed: false, output: `${program} did not start: ${error.message}` });
    });
    child.on('close', (code) => {
      resolve({ passed: code === 0, output: Buffer.concat(chunks).toString() });
    });
  });
}

async function runStep(step: Step): Promise<boolean> {
  const started = performance.now();
  const outcomes = await Promise.all(step.commands.map(run));
  const failures = outcomes.filter((outcome) => !outcome.passed);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (failures.length === 0) {
    process.stdout.write(`ok    ${step.name.padEnd(9)}  ${step.claim} (${seconds} s)\n`);
    return true;
  }
  process.stdout.write(`FAIL  ${step.name.padEnd(9)}  ${step.remedy} (${seconds} s)\n`);
  for (const { output } of failures) process.stdout.write(`${output.trim().replaceAll(/^/gm, '      ')}\n`);
  return false;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No check is called ${unknown.join(', ')}: there are ${steps.map((step) => step.name).join(', ')}\n`,
  );
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  if (await runStep(step)) passed += 1;
  else failed += 1;
}

const results = process.env.KUBERIK_RESULTS;
if (results !== undefined) {
  mkdirSync(results, { recursive: true });
  const counts = { numPassedTests: passed, numFailedTests: failed };
  writeFileSync(join(results, 'check.json'), JSON.stringify(counts));
}
process.exitCode = failed === 0 ? 0 : 1;
