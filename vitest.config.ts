import { defineConfig } from 'vitest/config';

/** Tests that are not in the plain run, by the mode that runs them: `vitest --mode tools`. */
const others: Readonly<Record<string, string>> = {
  /** They drive the real `kubectl` and `skopeo`. */
  tools: '**/*.tools.test.ts',
  /** They kill the real process again and again, for minutes. */
  kill: '**/*.kill.test.ts',
};

/** The counts for a whole run, in the folder where it collects them (`scripts/sum-results.mjs`). */
function report(mode: string): ['json', { outputFile: string }][] {
  const results = process.env.KUBERIK_RESULTS;
  return results === undefined ? [] : [['json', { outputFile: `${results}/${mode in others ? mode : 'tests'}.json` }]];
}

export default defineConfig(({ mode }) => ({
  test: {
    include: ['src', 'test'].map((folder) => `${folder}/${others[mode] ?? '**/*.test.ts'}`),
    exclude: ['test/cluster/**', 'node_modules/**', ...(mode in others ? [] : Object.values(others))],
    pool: 'threads',
    // A bound for a busy machine: what waits for a condition gives up earlier, and says what it waited for.
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Tests of the whole control plane mostly wait, each in a namespace of its own.
    maxConcurrency: 40,
    maxWorkers: '100%',
    reporters: process.env.CI ? ['default', ...report(mode)] : ['dot', ...report(mode)],
  },
}));
