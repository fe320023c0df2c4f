import { defineConfig } from 'vitest/config';

/** Tests that drive the real `kubectl` and `skopeo`; they run with `--mode tools`, the others without. */
const toolTests = '**/*.tools.test.ts';

/** The counts for a whole run, in the folder where it collects them (`scripts/sum-results.mjs`). */
function report(mode: string): ['json', { outputFile: string }][] {
  const results = process.env.KUBERIK_RESULTS;
  return results === undefined
    ? []
    : [['json', { outputFile: `${results}/${mode === 'tools' ? 'tools' : 'tests'}.json` }]];
}

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'tools' ? [`src/${toolTests}`, `test/${toolTests}`] : ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/cluster/**', 'node_modules/**', ...(mode === 'tools' ? [] : [toolTests])],
    pool: 'threads',
    testTimeout: mode === 'tools' ? 60_000 : 20_000,
    hookTimeout: 30_000,
    // Tests of the whole control plane mostly wait, each in a namespace of its own.
    maxConcurrency: 40,
    reporters: process.env.CI ? ['default', ...report(mode)] : ['dot', ...report(mode)],
  },
}));
