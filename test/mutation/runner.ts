/**
 * Stryker's test runner for the pure core: all its tests live in one process, and a mutant is switched on between two of
 * them. It knows for each test which mutants it reaches, runs the fastest first, and stops at the first that fails.
 */
import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type CompleteDryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { type Collected, collect } from './collector.ts';

/** What the instrumented sources look at. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: CompleteDryRunResult['mutantCoverage'];
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** They try thousands of worlds, or walk through years minute by minute: too slow for each of thousands of mutants. */
const TOO_SLOW =
  /core.invariants|schedule.minutes.*(every minute|when it was odd)|of many releases it keeps the oldest|tell of each deployment|is broken off where so much happens/;

const switches: Switches = {};
Object.assign(globalThis, { __stryker__: switches });

/** A test that imports `vitest` gets our collector; the collector gets the real one. */
function insteadOfVitest(): void {
  const collector = new URL('collector.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vitest' && context.parentURL?.endsWith('.test.ts') === true
        ? { url: collector, shortCircuit: true }
        : next(specifier, context),
  });
}

async function collectAll(): Promise<readonly Collected[]> {
  const found: Collected[] = [];
  for (const file of globSync('src/core/**/*.test.ts').toSorted()) {
    const url = pathToFileURL(join(process.cwd(), file)).href;
    found.push(...(await collect(file, () => import(url))));
  }
  return found.filter(({ id }) => !TOO_SLOW.test(id));
}

async function outcomeOf({ id, run }: Collected): Promise<TestResult> {
  const began = performance.now();
  const told = (): { id: string; name: string; timeSpentMs: number } => ({
    id,
    name: id,
    timeSpentMs: Math.round(performance.now() - began),
  });
  try {
    await run();
    return { ...told(), status: TestStatus.Success };
  } catch (error) {
    return {
      ...told(),
      status: TestStatus.Failed,
      failureMessage: error instanceof Error ? error.message : String(error),
    };
  }
}

class CoreTestRunner implements TestRunner {
  /** What noticed the mutants before comes first: it is likely to notice their neighbour. */
  #tests: readonly Collected[] = [];

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    insteadOfVitest();
    // The same worlds for each mutant, or a verdict would be a matter of luck.
    fc.configureGlobal({ seed: 20_260_105 });
  }

  /** Late: what a module does while it is loaded is done with the mutant that is switched on then. */
  async #load(): Promise<void> {
    if (this.#tests.length === 0) this.#tests = await collectAll();
  }

  async dryRun(): Promise<CompleteDryRunResult> {
    await this.#load();
    const tests: TestResult[] = [];
    for (const test of this.#tests) {
      switches.currentTestId = test.id;
      tests.push(await outcomeOf(test));
    }
    switches.currentTestId = undefined;
    const { mutantCoverage } = switches;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(switches, {
      activeMutant: activeMutant.id,
      hitLimit,
      hitCount: hitLimit === undefined ? undefined : 0,
    });
    const tests: TestResult[] = [];
    const unloadable = await this.#load().catch((error: unknown) => String(error));
    if (unloadable !== undefined) {
      return { status: MutantRunStatus.Killed, killedBy: [], failureMessage: unloadable, nrOfTests: 0 };
    }
    const wanted = testFilter && new Set(testFilter);
    for (const test of this.#tests) {
      if (wanted?.has(test.id) === false) continue;
      const outcome = await outcomeOf(test);
      tests.push(outcome);
      if (outcome.status === TestStatus.Failed) {
        this.#tests = [test, ...this.#tests.filter((one) => one !== test)];
        break;
      }
    }
    const endless = determineHitLimitReached(switches.hitCount, hitLimit);
    switches.activeMutant = undefined;
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'core', CoreTestRunner)];
