/** What a whole run has found: counts for each file, and every survivor with the reason why it may stay. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';

/** Percent of all mutants that must be noticed. */
export const THRESHOLD = 90;

export interface Counts {
  noticed: number;
  unnoticed: number;
}

/** A mutant that no test notices. */
export interface Survivor {
  readonly file: string;
  /** The line on which it begins. */
  readonly at: string;
  /** What became what. */
  readonly mutation: string;
}

export interface Record {
  readonly score: number;
  readonly mutants: number;
  readonly files: Readonly<globalThis.Record<string, Counts>>;
}

export interface Survivors {
  /** Why survivors may stay, by the short name that they refer to. */
  readonly reasons: Readonly<globalThis.Record<string, string>>;
  readonly survivors: readonly (Survivor & { readonly because: string })[];
}

const url = (name: string): URL => new URL(name, import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(url(name), 'utf8'));

export const readRecord = (): Record => read('record.json') as Record;
export const readSurvivors = (): Survivors => read('survivors.json') as Survivors;

/** What is broken: the whole core without its tests, in order. */
export function sources(): readonly string[] {
  return globSync('src/core/**/*.ts', { exclude: ['**/*.test.ts', '**/testing/**'] }).toSorted();
}

export function isUnnoticed({ status }: Pick<MutantResult, 'status'>): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

export function scoreOf({ noticed, unnoticed }: Counts): number {
  return noticed + unnoticed === 0 ? 100 : (100 * noticed) / (noticed + unnoticed);
}

export function sum(byFile: Readonly<globalThis.Record<string, Counts>>): Counts {
  const all = Object.values(byFile);
  return {
    noticed: all.reduce((total, { noticed }) => total + noticed, 0),
    unnoticed: all.reduce((total, { unnoticed }) => total + unnoticed, 0),
  };
}

export function survivorOf({ fileName, location, replacement }: MutantResult, source: string): Survivor {
  // Its lines and columns begin at one.
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const cut = lines.map((line, index) => {
    const to = index === lines.length - 1 ? end.column - 1 : undefined;
    return line.slice(index === 0 ? start.column - 1 : 0, to);
  });
  const short = (long = ''): string => long.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
  return { file: fileName, at: short(lines[0]), mutation: `${short(cut.join(' '))} => ${short(replacement)}` };
}

const identity = ({ file, at, mutation }: Survivor): string => JSON.stringify([file, at, mutation]);

export function listed(survivor: Survivor): boolean {
  return readSurvivors().survivors.some((one) => identity(one) === identity(survivor));
}

/**
 * Of the files that were broken; what was found in others before stays, unless they are gone. Reasons that are written
 * stay; a new survivor has none until somebody gives it one.
 */
export function writeRecord(found: globalThis.Record<string, Counts>, survivors: readonly Survivor[]): void {
  const before = { ...readRecord().files, ...found };
  // Types have nothing to break.
  const files = Object.fromEntries(sources().map((file) => [file, before[file] ?? { noticed: 0, unnoticed: 0 }]));
  const { noticed, unnoticed } = sum(files);
  const score = Math.round(scoreOf({ noticed, unnoticed }) * 100) / 100;
  const record: Record = { score, mutants: noticed + unnoticed, files };
  const { reasons, survivors: known } = readSurvivors();
  const because = new Map(known.map((one) => [identity(one), one.because]));
  const kept = known.filter(({ file }) => !(file in found) && file in files);
  const listed = [...kept, ...survivors.map((one) => ({ ...one, because: because.get(identity(one)) ?? '' }))];
  const sorted = listed.toSorted((one, other) => (identity(one) < identity(other) ? -1 : 1));
  writeFileSync(url('record.json'), `${JSON.stringify(record, undefined, 2)}\n`);
  writeFileSync(url('survivors.json'), `${JSON.stringify({ reasons, survivors: sorted }, undefined, 2)}\n`);
}
