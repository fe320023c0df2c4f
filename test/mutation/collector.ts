/**
 * What the tests of `src/core` get for `vitest` under mutation: `describe` and `it` that collect, and the real `expect`.
 * The tests are loaded once, and each mutant runs those that reach it: a thousand mutants a minute instead of sixty.
 */
import { format } from 'node:util';

export { expect } from 'vitest';

/** A test, by its whole name. */
export interface Collected {
  readonly id: string;
  readonly run: () => unknown;
}

type Body = () => unknown;
type Case = readonly unknown[];
type CaseBody = (...parameters: unknown[]) => unknown;

const tests: Collected[] = [];
const names: string[] = [];

/** All tests that `load` declares, named after `file`. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<readonly Collected[]> {
  tests.length = 0;
  names.push(file);
  await load();
  names.pop();
  return [...tests];
}

/** `$name` and `$name.length` of a case that is an object, `%s` and `%j` of one that is a list. */
function titled(title: string, row: unknown, index: number): string {
  const counted = title.replaceAll('%#', String(index));
  if (Array.isArray(row)) return format(counted, ...row.slice(0, counted.match(/%[sdijo]/g)?.length ?? 0));
  return `${format(counted, row)} (${index})`;
}

function eachOf(declare: (title: string, body: Body) => void) {
  return (rows: readonly unknown[]) =>
    (title: string, body: CaseBody): void => {
      for (const [index, row] of rows.entries()) {
        const parameters: Case = Array.isArray(row) ? row : [row];
        declare(titled(title, row, index), () => body(...parameters));
      }
    };
}

function declareGroup(name: string, body: Body): void {
  names.push(name);
  body();
  names.pop();
}

function declareTest(name: string, body: Body): void {
  const whole = [...names, name].join(' › ');
  const same = tests.filter(({ id }) => id === whole || id.startsWith(`${whole} #`)).length;
  tests.push({ id: same === 0 ? whole : `${whole} #${same + 1}`, run: body });
}

/** As vitest's, without options. */
export const describe = Object.assign(declareGroup, { each: eachOf(declareGroup) });
/** As vitest's, without options. */
export const it = Object.assign(declareTest, { each: eachOf(declareTest) });
export { it as test };
