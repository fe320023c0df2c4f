// Adds up a whole run: `node scripts/sum-results.mjs FOLDER`, as .ci/run leaves it.
// FOLDER/steps.tsv has `name <tab> exit code <tab> report` for each step; a report (vitest's JSON, or counts in the same
// fields) says how many tests the step ran, a step without one counts as one. Runs on any Node, since it must speak even
// when the installation failed. Plain JavaScript for that reason.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failed: number, note?: string, failures?: readonly string[] }} Counts */
/** @typedef {{ fullName: string, status: string, failureMessages?: readonly string[] }} Assertion */
/** @typedef {{ name: string, status: string, message?: string, assertionResults: readonly Assertion[] }} TestFile */

/** Failures of one step that are told again at the end, where whoever sees only the end of a log finds them. */
const mostFailures = 10;

/**
 * @param {unknown} value
 * @returns {value is number}
 */
const isCount = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * @param {string} file
 * @returns {Counts | undefined} undefined when there is no usable report.
 */
function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped = 0, testResults = [] } = report;
    if (!isCount(passed) || !isCount(failed)) return undefined;
    const failures = testResults.flatMap(failuresOf);
    return { passed, failed, failures, ...(skipped > 0 && { note: `${skipped} skipped` }) };
  } catch {
    return undefined;
  }
}

/**
 * @param {TestFile} file
 * @returns {string[]} `file: test: what it said`, a line each
 */
function failuresOf({ name, status, message = '', assertionResults }) {
  const path = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // It could not even be read.
  if (failed.length === 0) return status === 'failed' ? [`${path}: ${firstLine(message)}`] : [];
  return failed.map(({ fullName, failureMessages = [] }) => `${path}: ${fullName}: ${firstLine(failureMessages[0])}`);
}

/** @param {string | undefined} text */
const firstLine = (text) =>
  stripVTControlCharacters(text ?? '')
    .split('\n', 1)[0]
    ?.slice(0, 300) ?? '';

/**
 * @param {string} folder
 * @param {string} line
 * @returns {Counts & { name: string }}
 */
function countStep(folder, line) {
  const [name = '', exitCode, report] = line.split('\t');
  const ended = exitCode === '0';
  if (!report) return { name, passed: ended ? 1 : 0, failed: ended ? 0 : 1 };
  const counts = readReport(join(folder, report));
  if (counts === undefined) return { name, passed: 0, failed: 1, note: 'no report: it crashed' };
  if (counts.passed + counts.failed === 0) return { name, passed: 0, failed: 1, note: 'it ran nothing' };
  if (!ended && counts.failed === 0) return { ...counts, name, failed: 1, note: `it ended with ${exitCode}` };
  return { ...counts, name };
}

const folder = process.argv[2] ?? '';
const steps = readFileSync(join(folder, 'steps.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => countStep(folder, line));

for (const { name, passed, failed, note, failures = [] } of steps) {
  console.log(`  ${name.padEnd(12)} ${passed} passed, ${failed} failed${note === undefined ? '' : ` (${note})`}`);
  for (const failure of failures.slice(0, mostFailures)) console.log(`    ${failure}`);
  if (failures.length > mostFailures) console.log(`    and ${failures.length - mostFailures} more`);
}
const passed = steps.reduce((sum, step) => sum + step.passed, 0);
const failed = steps.reduce((sum, step) => sum + step.failed, 0);
if (passed === 0) {
  console.log(`nothing passed, ${failed} failed`);
} else {
  console.log(`${passed} passed, ${failed} failed`);
}
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
