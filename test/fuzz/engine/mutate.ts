/** Makes new inputs from those that are known: cuts, copies, swaps, puts in words and characters, blows up. */
import type { Chance } from './chance.ts';
import { mutateTree } from './mutate-tree.ts';
import type { Target } from './target.ts';

/** Nothing here reads more without a limit of its own that is far above it. */
export const longestInput = 64 * 1024;
/** Once in so many inputs, so that most stay fast. */
const blowUpOneIn = 200;

const characters = [
  ...['\0', '\t', '\n', '\r', ' ', '"', "'", '`', '\\', '/', ':', ';', ',', '.', '-', '_', '=', '+', '*', '?', '!'],
  ...['@', '#', '$', '%', '^', '&', '|', '~', '<', '>', '(', ')', '[', ']', '{', '}', '0', '1', '9', 'a', 'Z', 'x'],
  ...['é', 'µ', '\u00a0', '\u2028', '\ufeff', '\u202e', '\ud800', '\udc00', '😀', '\u007f', '\u0080', '\uffff'],
];
const numbers = ['0', '-0', '-1', '1', '00', '08', '127', '128', '255', '256', '65535', '65536', '2147483648', '1e309'];
const bigNumbers = [
  '4294967296',
  '9007199254740993',
  '9223372036854775808',
  '1e-400',
  '99999999999999999999999',
  'NaN',
];
const hostile = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length'];
const general: readonly string[] = [...characters, ...numbers, ...bigNumbers, ...hostile];

export interface Material {
  readonly form: NonNullable<Target['form']>;
  /** Inputs that reached something. */
  readonly corpus: readonly string[];
  /** How many of them, the first ones, were given. */
  readonly examples: number;
  /** Texts that the parser knows. */
  readonly words: readonly string[];
}

export function mutate({ form, corpus, examples, words }: Material, chance: Chance): string {
  // Newer ones reach further, and are chosen more often; but half are made of examples, of which nothing is broken yet:
  // without that, many targets reach less than with no guidance.
  const newest = Math.floor(Math.sqrt(chance.below(1_000_000) / 1_000_000) * corpus.length);
  let input = corpus[chance.oneIn(2) ? chance.below(examples) : newest] ?? '';
  const word = (): string => (chance.oneIn(2) ? chance.pick(words, '') : chance.pick(general, ''));
  if (form === 'json' && !chance.oneIn(4)) input = mutateTree(input, chance, corpus, word);
  else {
    const steps = 1 + chance.below(chance.oneIn(4) ? 16 : 4);
    for (let step = 0; step < steps; step++) input = changed(input, chance, corpus, word);
  }
  if (chance.oneIn(blowUpOneIn)) input = blownUp(input, chance, word);
  if (form === 'bytes')
    input = input.replaceAll(/[^\0-\xff]/g, (found) => String.fromCharCode(found.charCodeAt(0) & 255));
  return input.slice(0, longestInput);
}

function changed(input: string, chance: Chance, corpus: readonly string[], word: () => string): string {
  const at = chance.below(input.length + 1);
  const span = 1 + chance.below(chance.oneIn(3) ? input.length : 8);
  const [before, after] = [input.slice(0, at), input.slice(at)];
  switch (chance.below(9)) {
    case 0:
      return before + after.slice(span);
    case 1:
      return before + chance.pick(characters, '') + after;
    case 2:
      return before + String.fromCharCode(chance.below(256)) + after.slice(1);
    case 3:
      return before + word() + after;
    case 4:
      return before + word() + after.slice(span);
    case 5:
      return before + after.slice(0, span) + after;
    case 6: {
      const other = chance.pick(corpus, '');
      const from = chance.below(other.length + 1);
      return before + other.slice(from, from + span) + (chance.oneIn(2) ? after : after.slice(span));
    }
    case 7:
      return input.replace(/\d+/, () => chance.pick(chance.oneIn(2) ? numbers : bigNumbers, '0'));
    default: {
      const there = chance.below(input.length + 1);
      return before + input.slice(there, there + span) + after.slice(span);
    }
  }
}

/** One piece of it again and again: what is slow for long inputs shows itself. */
function blownUp(input: string, chance: Chance, word: () => string): string {
  const at = chance.below(input.length + 1);
  const piece = chance.oneIn(2) ? input.slice(at, at + 1 + chance.below(6)) : word();
  const size = chance.pick([1_000, 10_000, longestInput], 0) - input.length;
  const times = Math.max(1, Math.floor(size / Math.max(1, piece.length)));
  return input.slice(0, at) + piece.repeat(times) + (chance.oneIn(2) ? input.slice(at) : chance.pick(characters, ''));
}
