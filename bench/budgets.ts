/** What the controller may cost at most, and what it did cost, as far as the results tell. */
import type { RunResult } from './run.ts';
import type { Row } from './table.ts';

interface Budget {
  readonly what: string;
  readonly atMost: number;
  readonly unit: string;
  /** Undefined when nothing was measured that tells. */
  readonly value: (find: Find) => number | undefined;
}

/** The largest run of ours in a scenario, and the floor beside it. */
type Find = (scenario: string, subject?: RunResult['subject']) => RunResult | undefined;

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
const each = (result: RunResult | undefined): number | undefined =>
  result && total(result.release.requests) / result.rollouts;

/** Times and memory are compared at this size alone: those of a few Rollouts tell nothing. */
function thousand(find: Find, scenario: string, subject?: RunResult['subject']): RunResult | undefined {
  const result = find(scenario, subject);
  return result?.rollouts === 1000 ? result : undefined;
}

/** How much longer one takes than the other. */
function slower(
  measure: 'last' | 'settled',
  result: RunResult | undefined,
  other: RunResult | undefined,
): number | undefined {
  return result && other && result.release[measure] / other.release[measure];
}

function againstFloor(find: Find, measure: 'last' | 'settled'): number | undefined {
  return slower(measure, thousand(find, 'release'), thousand(find, 'release', 'floor'));
}

/** All requests but lists and watches. */
function restartRequests(find: Find): number | undefined {
  const restart = find('release')?.restart;
  if (restart === undefined) return undefined;
  const others = Object.entries(restart.requests).filter(([kind]) => !/^(list|watch) /.test(kind));
  return total(Object.fromEntries(others)) + total({ ...restart.registry });
}

function idleRequests(result: RunResult | undefined): number | undefined {
  return result?.idle && total(result.idle.requests) + total({ ...result.idle.registry });
}

const budgets: readonly Budget[] = [
  { what: 'API requests per release', atMost: 3, unit: '', value: (find) => each(find('release')) },
  { what: 'with a bake and a health check', atMost: 6, unit: '', value: (find) => each(find('health')) },
  {
    what: 'registry requests per release, an image each',
    atMost: 2,
    unit: '',
    value: (find) => {
      const images = find('images');
      return images && total({ ...images.release.registry }) / images.rollouts;
    },
  },
  { what: 'last patched', atMost: 1.25, unit: ' x floor', value: (find) => againstFloor(find, 'last') },
  { what: 'settled', atMost: 1.5, unit: ' x floor', value: (find) => againstFloor(find, 'settled') },
  {
    what: 'settled, 25 ms added to each answer of the registry',
    atMost: 1.1,
    unit: ' x without',
    value: (find) => slower('settled', thousand(find, 'slow-registry'), thousand(find, 'images')),
  },
  {
    what: 'settled, one namespace',
    atMost: 1.1,
    unit: ' x spread',
    value: (find) => slower('settled', thousand(find, 'one-namespace'), thousand(find, 'release')),
  },
  {
    what: 'CPU per 1,000 releases',
    atMost: 5,
    unit: ' s',
    value: (find) => thousand(find, 'release')?.release.cpuSeconds,
  },
  {
    what: 'peak memory with 1,000 Rollouts',
    atMost: 150,
    unit: ' MB',
    value: (find) => {
      const result = thousand(find, 'release');
      return result && result.peakBytes / 1e6;
    },
  },
  { what: 'started again: requests but lists and watches', atMost: 0, unit: '', value: restartRequests },
  { what: 'idle: requests', atMost: 0, unit: '', value: (find) => idleRequests(find('release')) },
  { what: 'idle with health checks: requests', atMost: 0, unit: '', value: (find) => idleRequests(find('health')) },
];

export const budgetHeading: Row = ['budget', 'at most', 'measured', 'kept'];

/** One for each budget that the results tell of. */
export function budgetRows(results: readonly RunResult[]): readonly Row[] {
  const find: Find = (scenario, subject = 'ours') =>
    results
      .filter((result) => result.scenario === scenario && result.subject === subject)
      .toSorted((a, b) => b.rollouts - a.rollouts)[0];
  return budgets.flatMap(({ what, atMost, unit, value }) => {
    const measured = value(find);
    if (measured === undefined) return [];
    const text = Number.isInteger(measured) ? String(measured) : measured.toFixed(2);
    return [[what, `${atMost}${unit}`, `${text}${unit}`, measured <= atMost ? 'yes' : 'no']];
  });
}
