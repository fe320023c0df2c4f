/** The verdict on the roles, at the end of a run of this tier: by what all of its control planes were asked. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openLedger, readLedger } from './ledger.ts';
import { judge, type Verdict } from './verdict.ts';

/** Call it before anything is started, and what it returns when nobody asks any more: it throws what is wrong. */
export function keepLedger(project: TestProject): () => Promise<void> {
  const folder = join(process.cwd(), '.cache', 'control-plane', `ledger-${process.pid}`);
  openLedger(folder);
  return async () => {
    const parts = await leftOut(project);
    const verdict = judge(readLedger());
    print(verdict, parts);
    const faults = [...verdict.faults, ...(parts.length > 0 ? [] : verdict.unused.map(notNeeded))];
    if (faults.length === 0) {
      rmSync(folder, { recursive: true });
      return;
    }
    writeFileSync(join(folder, 'verdict.txt'), JSON.stringify(verdict, null, 2));
    throw new Error(`the roles of deploy/kustomize are not what the controllers do:\n  ${faults.join('\n  ')}\n`);
  };
}

const notNeeded = (right: string): string =>
  `nothing in the whole run needed ${right}: take it away, or test what needs it`;

/** Why nothing can be said about rights that were not used. */
async function leftOut(project: TestProject): Promise<readonly string[]> {
  const { testFiles } = await project.globTestFiles();
  const ran = new Map(project.vitest.state.getTestModules().map((module) => [module.moduleId, module]));
  return testFiles.filter((file) => {
    const module = ran.get(file);
    return module === undefined || [...module.children.allTests()].some((test) => test.result().state !== 'passed');
  });
}

function print({ requests, used, unused, faults }: Verdict, parts: readonly string[]): void {
  const seen = `permissions: ${requests} requests of the controllers, ${used} rights in use, ${faults.length} faults`;
  const rest =
    parts.length === 0
      ? `${unused.length} rights not needed`
      : `${parts.length} test files did not run or pass: whether every right is needed was not judged`;
  process.stdout.write(`${seen}; ${rest}\n`);
}
