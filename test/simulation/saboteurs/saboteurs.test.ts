/** A saboteur whose text is no longer in the sources breaks nothing, and would never be found. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { saboteurs } from './all.ts';
import { placesOf } from './saboteur.ts';
import { knownSeeds } from './seeds.ts';

const root = new URL('../../../', import.meta.url);
const patches = saboteurs.flatMap(({ name, patch }) => placesOf(patch).map((place) => ({ name, ...place })));

it('there are enough of them, each with a name of its own and one way to break something', () => {
  expect(saboteurs.length).toBeGreaterThanOrEqual(25);
  expect(new Set(saboteurs.map(({ name }) => name)).size).toBe(saboteurs.length);
  for (const { wrap, patch } of saboteurs) expect([wrap, patch].filter((way) => way !== undefined)).toHaveLength(1);
});

it('each has been caught somewhere, and each promise that is proved has one that breaks it', () => {
  expect(Object.keys(knownSeeds).toSorted()).toEqual(saboteurs.map(({ name }) => name).toSorted());
  const broken = new Set(saboteurs.flatMap(({ breaks }) => breaks));
  const promises = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'health', 'growth', 'convergence'];
  expect([...broken].toSorted()).toEqual(promises.toSorted());
});

it.each(patches)('$name: the text is in $file, once', ({ file, text, instead }) => {
  expect(readFileSync(new URL(file, root), 'utf8').split(text)).toHaveLength(2);
  expect(instead).not.toBe(text);
});
