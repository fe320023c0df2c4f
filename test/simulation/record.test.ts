/** What the record of simulated schedules says of itself. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultKinds } from './faults.ts';
import { readRecord, sumOf } from './record.ts';

const { runs, faults } = readRecord();

it('every run in it kept every promise', () => {
  expect(runs.filter(({ failures }) => failures !== 0)).toEqual([]);
});

it('no world is counted twice', () => {
  const seeds = runs.flatMap(({ world, firstSeed, worlds }) =>
    Array.from({ length: worlds }, (_, index) => `${world} ${firstSeed + index}`),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
});

it('its crashes are the processes that were killed, and every kind of fault was met', () => {
  const kills = Object.entries(faults).filter(([kind]) => kind.startsWith('kill'));
  expect(kills.reduce((sum, [, count]) => sum + count, 0)).toBe(sumOf(runs, 'crashes'));
  expect(faultKinds.filter((kind) => !faults[kind])).toEqual([]);
});

it('a million and more, as the page on reliability says', () => {
  const count = (of: 'crashes' | 'worlds' | 'deployments') => sumOf(runs, of).toLocaleString('en');
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  expect(page).toContain(
    `| ${count('crashes')} in ${count('worlds')} storms, ${count('deployments')} deployments, nothing wrong `,
  );
  expect(sumOf(runs, 'crashes')).toBeGreaterThanOrEqual(1_000_000);
});
