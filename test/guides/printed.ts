/**
 * Compares what a command prints with what a guide shows. What nobody can know beforehand stands for anything of its
 * kind: digests, ages and durations, times. A time on the full hour is compared as it stands. `...` stands for lines that are
 * left out, `…` for any text. White space is one blank, line breaks among it.
 */
const unknowable: readonly (readonly [shown: string, actual: string])[] = [
  [String.raw`^\.\.\. `, '(?:.* )?'],
  [String.raw` \.\.\. `, '(?: .*)? '],
  [String.raw` \.\.\.$`, '(?: .*)?'],
  ['…', '.*'],
  [String.raw`\bsha256:[0-9a-f]+`, 'sha256:[0-9a-f]+'],
  [String.raw`\b\d{4}-\d\d-\d\dT\d\d:(?!00:00Z)[\d:]{5}Z`, String.raw`[\d-]+T[\d:]+Z`],
  [String.raw`\b\d\d:(?!00:00)\d\d:\d\d\b`, String.raw`\d\d:\d\d:\d\d`],
  [String.raw`\b\d\d:(?!00)\d\d\b`, String.raw`\d\d:\d\d`],
  [String.raw`\b(?:\d+[dhms])+\b`, '(?:\\d+[dhms])+'],
];
const expression = new RegExp(unknowable.map(([shown]) => `(${shown})`).join('|'), 'g');

/** What `printed` of a guide is compared by. */
export function patternOf(printed: string): RegExp {
  const text = oneLine(printed);
  let pattern = '';
  let end = 0;
  for (const match of text.matchAll(expression)) {
    const [, actual = ''] =
      unknowable[(match.slice(1) as (string | undefined)[]).findIndex((group) => group !== undefined)] ?? [];
    pattern += RegExp.escape(text.slice(end, match.index)) + actual;
    end = match.index + match[0].length;
  }
  return new RegExp(`^${pattern}${RegExp.escape(text.slice(end))}$`);
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
