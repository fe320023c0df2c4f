/**
 * Breaks `src/core` in thousands of small ways and looks whether its tests notice: `make mutate`. Fails when too few are
 * noticed, or when one that is not noticed is not in `survivors.json`. `--record` writes what was found.
 */
import { readFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import {
  type Counts,
  isUnnoticed,
  listed,
  scoreOf,
  sources,
  sum,
  survivorOf,
  THRESHOLD,
  writeRecord,
} from './record.ts';

async function mutate(files: readonly string[]): Promise<readonly MutantResult[]> {
  const stryker = new Stryker({
    testRunner: 'core',
    plugins: [new URL('runner.ts', import.meta.url).href],
    mutate: files.length === 0 ? [...sources()] : [...files],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // What runs for so long never ends, however busy the machine is.
    timeoutMS: 30_000,
    disableTypeChecks: false,
    ignorePatterns: [
      '/*',
      '!/src',
      '!/package.json',
      ...['cli', 'sandbox', 'controllers'].map((room) => `/src/${room}`),
    ],
    tempDirName: '.cache/mutation/sandbox',
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: '.cache/mutation/report.html' },
    jsonReporter: { fileName: '.cache/mutation/report.json' },
    allowConsoleColors: false,
  });
  return stryker.runMutationTest();
}

function countByFile(results: readonly MutantResult[]): Record<string, Counts> {
  const byFile: Record<string, Counts> = {};
  for (const result of results) {
    const counts = (byFile[result.fileName] ??= { noticed: 0, unnoticed: 0 });
    if (isUnnoticed(result)) counts.unnoticed += 1;
    else if (result.status === 'Killed' || result.status === 'Timeout') counts.noticed += 1;
    else
      throw new Error(`${result.fileName}:${result.location.start.line} is ${result.status}: ${result.statusReason}`);
  }
  return byFile;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const parameters = process.argv.slice(2);
const files = parameters.filter((parameter) => !parameter.startsWith('--'));
// Somebody may go on working on them meanwhile.
const texts = new Map(sources().map((file) => [file, readFileSync(file, 'utf8')]));
const results = (await mutate(files)).map((result) => ({
  ...result,
  fileName: result.fileName.slice(result.fileName.indexOf('src/core/')),
}));
const byFile = countByFile(results);
const survivors = results.filter(isUnnoticed).map((result) => survivorOf(result, texts.get(result.fileName) ?? ''));
for (const [file, counts] of Object.entries(byFile)) {
  say(`${scoreOf(counts).toFixed(1).padStart(5)} %  ${file}: ${counts.noticed} noticed, ${counts.unnoticed} not`);
}
const unlisted = survivors.filter((survivor) => !listed(survivor));
for (const { file, at, mutation } of unlisted) say(`not noticed, and not listed: ${file}: ${mutation}\n    ${at}`);

if (parameters.includes('--record')) writeRecord(byFile, survivors);
const score = scoreOf(sum(byFile));
say(
  `${score.toFixed(2)} % of ${results.length} are noticed; ${THRESHOLD} % must be. Report: .cache/mutation/report.html`,
);
const tooFew = files.length === 0 && score < THRESHOLD;
process.exitCode = tooFew || unlisted.length > 0 ? 1 : 0;
