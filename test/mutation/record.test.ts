/** The record of the last whole run is whole: who adds to the core, or lets something survive, says so. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRecord, readSurvivors, scoreOf, sources, sum, THRESHOLD } from './record.ts';

const { score, mutants, files } = readRecord();
const { reasons, survivors } = readSurvivors();

it('at least nine of ten mutants of the core are noticed', () => {
  const counted = sum(files);
  expect(score).toBeGreaterThanOrEqual(THRESHOLD);
  expect(score).toBeCloseTo(scoreOf(counted), 1);
  expect(mutants).toBe(counted.noticed + counted.unnoticed);
});

it('every file of the core is in the record', () => {
  // A file that is new or gone: `make mutate ARGS="--record src/core/new.ts"`.
  expect(Object.keys(files)).toEqual(sources());
});

it('every survivor is in the list', () => {
  const listed = Map.groupBy(survivors, ({ file }) => file);
  for (const [file, { unnoticed }] of Object.entries(files))
    expect(listed.get(file)?.length ?? 0, file).toBe(unnoticed);
});

it('every survivor has a reason, and every reason a survivor', () => {
  expect(new Set(survivors.map(({ because }) => because))).toEqual(new Set(Object.keys(reasons)));
  expect(survivors.filter(({ file }) => !existsSync(file))).toEqual([]);
});
