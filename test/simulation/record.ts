/**
 * `node test/simulation/record.ts FILE...`: adds runs, as `--json` wrote them, to `record.json`. A run is played again by its
 * size, its first seed and the number of its worlds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isRecord } from '../../src/api/json.ts';

export interface Run {
  readonly world: string;
  readonly firstSeed: number;
  readonly worlds: number;
  /** Schedules with a crash: see `Tally`. */
  readonly crashes: number;
  readonly deployments: number;
  /** Of virtual time. */
  readonly hours: number;
  /** Worlds that were not as they must be. */
  readonly failures: number;
}

export interface SimulationRecord {
  readonly runs: readonly Run[];
  /** Of all runs, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

const file = new URL('record.json', import.meta.url);

export function readRecord(): SimulationRecord {
  return JSON.parse(readFileSync(file, 'utf8')) as SimulationRecord;
}

export function sumOf(runs: readonly Run[], of: Exclude<keyof Run, 'world' | 'firstSeed'>): number {
  return runs.reduce((sum, run) => sum + run[of], 0);
}

function add({ runs, faults }: SimulationRecord, path: string): SimulationRecord {
  const played: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(played) || !isRecord(played.faults) || !isRecord(played.worlds)) throw new Error(`${path} is no run`);
  const number = (name: string): number => Number(played[name]);
  const run = {
    world: String(played.world),
    firstSeed: number('firstSeed'),
    worlds: Object.values(played.worlds).reduce<number>((sum, count) => sum + Number(count), 0),
    crashes: number('crashes'),
    deployments: number('deployments'),
    hours: number('hours'),
    failures: number('failures'),
  };
  if (runs.some(({ world, firstSeed }) => world === run.world && firstSeed === run.firstSeed)) return { runs, faults };
  const sums = Object.entries(played.faults).map(([kind, count]) => [kind, (faults[kind] ?? 0) + Number(count)]);
  return { runs: [...runs, run], faults: Object.fromEntries(sums) as Record<string, number> };
}

if (import.meta.main) {
  const record = process.argv.slice(2).reduce(add, readRecord());
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`);
  process.stdout.write(`${sumOf(record.runs, 'crashes')} schedules with a crash in ${record.runs.length} runs\n`);
}
