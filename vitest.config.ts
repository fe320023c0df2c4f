import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that are not in the plain run, by the mode that runs them: `vitest --mode tools`. */
const others: Readonly<Record<string, readonly string[]>> = {
  /** They drive the real `kubectl` and `skopeo`. */
  tools: ['**/*.tools.test.ts'],
  /** They kill the real process again and again, for minutes. */
  kill: ['**/*.kill.test.ts'],
  /** They play simulated worlds, for minutes. */
  simulation: ['**/*.simulation.test.ts'],
  /** They need a real API server, Flux and registries. */
  cluster: ['test/cluster/**/*.test.ts', '**/*.cluster.test.ts'],
};

/** The counts for a whole run, in the folder where it collects them (`scripts/sum-results.mjs`). */
function report(mode: string): ['json', { outputFile: string }][] {
  const results = process.env.KUBERIK_RESULTS;
  return results === undefined ? [] : [['json', { outputFile: `${results}/${mode in others ? mode : 'tests'}.json` }]];
}

/** What holds on the sandbox and on the real parts alike is run on both. */
const both = 'test/main-loop/**/*.test.ts';

/** Ten minutes of releases take ten minutes, so that they begin first and the rest runs beside them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('runtime/replicas.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    include: [...(others[mode] ?? ['{src,test}/**/*.test.ts']), ...(mode === 'cluster' ? [both] : [])],
    exclude: ['node_modules/**', '.cache/**', ...(mode in others ? [] : Object.values(others).flat())],
    globalSetup: mode === 'cluster' ? ['test/cluster/support/global-setup.ts'] : [],
    sequence: { sequencer: LongestFirst },
    pool: 'threads',
    // A bound for a busy machine: what waits for a condition gives up earlier, and says what it waited for.
    testTimeout: mode === 'cluster' ? 180_000 : 60_000,
    hookTimeout: mode === 'cluster' ? 120_000 : 30_000,
    // Tests of the whole control plane mostly wait, each in a namespace of its own.
    maxConcurrency: 40,
    maxWorkers: mode === 'cluster' ? 4 : '100%',
    reporters: process.env.CI ? ['default', ...report(mode)] : ['dot', ...report(mode)],
  },
}));
