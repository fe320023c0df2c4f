/** The last line of a whole run: sums over the runners, and no failure that hides. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/sum-results.mjs');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-sum-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** `steps`: name, exit code, report. */
function sum(steps: readonly (readonly [string, number, string?])[], reports: Readonly<Record<string, unknown>> = {}) {
  writeFileSync(join(folder, 'steps.tsv'), steps.map((step) => `${step.join('\t')}\n`).join(''));
  for (const [name, report] of Object.entries(reports)) {
    writeFileSync(join(folder, name), typeof report === 'string' ? report : JSON.stringify(report));
  }
  const { stdout, status } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1), text: stdout };
}

const counts = (numPassedTests: number, numFailedTests: number) => ({ numPassedTests, numFailedTests });

describe('sum-results', () => {
  it('adds up reports, and counts a step without one as one', () => {
    const { status, last } = sum(
      [
        ['test', 0, 'a.json'],
        ['check', 0, 'b.json'],
        ['build', 0],
      ],
      { 'a.json': counts(10, 0), 'b.json': counts(6, 0) },
    );
    expect([status, last]).toEqual([0, '17 passed, 0 failed']);
  });

  it.each([
    ['a failed test', 1, counts(9, 2), '10 passed, 2 failed'],
    ['a crash after tests that passed', 1, counts(9, 0), '10 passed, 1 failed'],
    ['an end by time-out', 124, counts(9, 0), '10 passed, 1 failed'],
    ['a runner that ran nothing', 0, counts(0, 0), '1 passed, 1 failed'],
    ['a report that is none', 0, 'Segmentation fault', '1 passed, 1 failed'],
    ['a report without counts', 0, { ok: true }, '1 passed, 1 failed'],
  ])('counts %s', (_what, code, report, expected) => {
    const { status, last } = sum(
      [
        ['test', code, 'a.json'],
        ['build', 0],
      ],
      { 'a.json': report },
    );
    expect([status, last]).toEqual([1, expected]);
  });

  it('counts a missing report, and a step that failed', () => {
    const { status, last } = sum([
      ['test', 0, 'missing.json'],
      ['build', 2],
      ['demo', 0],
    ]);
    expect([status, last]).toEqual([1, '1 passed, 2 failed']);
  });

  it('never claims that nothing failed when nothing passed', () => {
    const { status, last } = sum([['test', 1, 'missing.json']]);
    expect([status, last]).toEqual([1, 'nothing passed, 1 failed']);
  });

  it('names what failed, with the first line of what it said, and not without end', () => {
    const failed = (fullName: string) => {
      return { fullName, status: 'failed', failureMessages: ['\u001b[31mexpected 1\u001b[39m\n    at a.ts:1'] };
    };
    const testResults = [
      {
        name: join(process.cwd(), 'a.test.ts'),
        status: 'passed',
        assertionResults: [{ fullName: 'x', status: 'passed' }],
      },
      { name: join(process.cwd(), 'b.test.ts'), status: 'failed', assertionResults: [failed('y holds')] },
      { name: join(process.cwd(), 'c.test.ts'), status: 'failed', message: 'no such module', assertionResults: [] },
      {
        name: join(process.cwd(), 'd.test.ts'),
        status: 'failed',
        assertionResults: Array.from({ length: 11 }, (_, index) => failed(`z ${index}`)),
      },
    ];
    const { text } = sum([['test', 1, 'a.json']], { 'a.json': { ...counts(1, 12), testResults } });
    const [, ...lines] = text.split('\n').map((line) => line.trim());
    expect(lines.slice(0, 3)).toEqual([
      'b.test.ts: y holds: expected 1',
      'c.test.ts: no such module',
      'd.test.ts: z 0: expected 1',
    ]);
    expect(lines.slice(9)).toEqual(['d.test.ts: z 7: expected 1', 'and 3 more', '1 passed, 12 failed', '']);
  });

  it('shows what was skipped', () => {
    const report = { ...counts(3, 0), numPendingTests: 2 };
    expect(sum([['test', 0, 'a.json']], { 'a.json': report }).text).toContain(
      'test         3 passed, 0 failed (2 skipped)',
    );
  });
});
