/** Labels as they come, and as people read them. */
import { isRecord } from '../../api/json.ts';
import { cleaned } from '../http/outcome.ts';
import type { Labels } from './matchers.ts';

const mostShown = 4;
const longestShown = 48;

/** Undefined: they are none. */
export function parseLabels(value: unknown): Labels | undefined {
  if (!isRecord(value)) return undefined;
  const labels = Object.entries(value);
  const isText = (label: [string, unknown]): label is [string, string] => typeof label[1] === 'string';
  // Not by setting them one by one: a label may be called __proto__.
  return labels.every(isText) ? Object.fromEntries(labels) : undefined;
}

/** The same text for the same labels, and another one for others. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => compareTexts(one, other)));
}

/** In short: `{app="my-app", severity="critical"}`, at most four of them; nothing for none. */
export function shownLabels(labels: Labels): string {
  const names = Object.keys(labels).toSorted(compareTexts);
  const shown = names.slice(0, mostShown).map((name) => `${shortened(name)}="${shortened(labels[name] ?? '')}"`);
  if (shown.length === 0) return '';
  return `{${[...shown, ...(names.length > mostShown ? ['…'] : [])].join(', ')}}`;
}

/** One line of a few words. */
export function shortened(text: string): string {
  const line = cleaned(text);
  return line.length > longestShown ? `${line.slice(0, longestShown - 1).toWellFormed()}…` : line;
}

/** By code units, the same everywhere. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
